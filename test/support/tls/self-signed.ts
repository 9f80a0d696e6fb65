import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate that vouches for itself, and its key; both PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** DER tags that a certificate needs. Source: ITU-T X.690. */
const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, time: 0x17, list: 0x30, set: 0x31 };
const IP_NAME = 0x87;
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;

/** ecdsa-with-SHA256, commonName, subjectAltName. Source: RFC 5758, X.520, RFC 5280. */
const OID = { ecdsa: "2a8648ce3d040302", commonName: "550403", altName: "551d11" };

/**
 * Makes a certificate for 127.0.0.1 that is valid from 2020 to 2049, without a tool or a file: a committed one would
 * expire, and its key would alarm every scanner.
 */
export function makeSelfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = list(oid(OID.ecdsa));
  const name = list(der(TAG.set, list(oid(OID.commonName), der(TAG.utf8, Buffer.from("127.0.0.1")))));
  const validity = list(der(TAG.time, Buffer.from("200101000000Z")), der(TAG.time, Buffer.from("490101000000Z")));
  const altName = list(oid(OID.altName), der(TAG.octets, list(der(IP_NAME, Buffer.from([127, 0, 0, 1])))));
  const body = list(
    der(VERSION, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(EXTENSIONS, list(altName)),
  );
  const signature = der(TAG.bits, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const base64 = list(body, algorithm, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function list(...parts: readonly Buffer[]): Buffer {
  return der(TAG.list, ...parts);
}

function oid(hex: string): Buffer {
  return der(TAG.oid, Buffer.from(hex, "hex"));
}
