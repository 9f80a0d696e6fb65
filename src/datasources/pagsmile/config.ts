import type { KeyObject } from "node:crypto";
import type { AccountReading, ConfigFault, Environment } from "../../domain/registration.js";
import { Secret } from "../../domain/secret.js";
import { RSA_PADDINGS, type RsaPadding } from "./crypto.js";
import { canDecrypt, isPair, type KeyReading, readPrivateKey, readPublicKey } from "./keys.js";

/** Everything that is needed to speak for one Pagsmile account. */
export interface PagsmileAccount {
  /** Scheme, host and optional path prefix. Source: Pagsmile names only the sandbox's, so there is no default. */
  readonly baseUrl: string;
  readonly appId: string;
  readonly partnerId: string;
  /** Sent only when it is set. */
  readonly subPartnerId: string | null;
  /** Value of `version` in requests. */
  readonly apiVersion: string;
  /** Pagsmile's key: requests are encrypted to it. */
  readonly publicKey: KeyObject;
  /** Our key: answers are decrypted with it. */
  readonly privateKey: Secret<KeyObject>;
  readonly rsaPadding: RsaPadding;
  /** The unguessable part of the address for notifications; null: there is no such address. */
  readonly callbackToken: Secret<string> | null;
}

/** The variables that make an account; all of them or none. */
export const REQUIRED_VARIABLES = [
  "PAGSMILE_BASE_URL",
  "PAGSMILE_APP_ID",
  "PAGSMILE_PARTNER_ID",
  "PAGSMILE_PUBLIC_KEY",
  "PAGSMILE_PRIVATE_KEY",
] as const;

/** The variables that change how an account is used. */
export const OPTIONAL_VARIABLES = [
  "PAGSMILE_SUB_PARTNER_ID",
  "PAGSMILE_API_VERSION",
  "PAGSMILE_CALLBACK_TOKEN",
  "PAGSMILE_RSA_PADDING",
] as const;

/**
 * Assumed: "2.0", as every endpoint's example sends, although the security page says "1.0".
 * Source: Pagsmile, Create Card Contact (example). Guarded by test/datasources/pagsmile/config.test.ts.
 */
const DEFAULT_API_VERSION = "2.0";

const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;
const IDENTIFIER_RULE = "must be 1 to 64 letters, digits, hyphens or underscores";

/** The account in the environment; an empty variable counts as unset. Key files are read here, once. */
export function readAccount(env: Environment): AccountReading<PagsmileAccount> {
  const reader = new Reader(env);
  if (REQUIRED_VARIABLES.every((name) => reader.value(name) === null)) return { kind: "absent" };
  const account = {
    baseUrl: reader.required("PAGSMILE_BASE_URL", isBaseUrl, "must be an http or https address without credentials"),
    appId: reader.required("PAGSMILE_APP_ID", matches(IDENTIFIER), IDENTIFIER_RULE),
    partnerId: reader.required("PAGSMILE_PARTNER_ID", matches(IDENTIFIER), IDENTIFIER_RULE),
    publicKey: reader.key("PAGSMILE_PUBLIC_KEY", readPublicKey),
    privateKey: reader.key("PAGSMILE_PRIVATE_KEY", readPrivateKey),
    subPartnerId: reader.optional("PAGSMILE_SUB_PARTNER_ID", matches(IDENTIFIER), IDENTIFIER_RULE),
    apiVersion: reader.optional("PAGSMILE_API_VERSION", matches(/^\d{1,2}\.\d{1,2}$/), "must look like 2.0"),
    // Source: Pagsmile, Create Webhook URL: the whole address may have 128 characters.
    callbackToken: reader.optional(
      "PAGSMILE_CALLBACK_TOKEN",
      matches(/^[A-Za-z0-9_-]{16,64}$/),
      "must be 16 to 64 letters, digits, hyphens or underscores",
    ),
    rsaPadding: reader.optional("PAGSMILE_RSA_PADDING", isPadding, `must be one of ${RSA_PADDINGS.join(", ")}`),
  };
  const rsaPadding = (account.rsaPadding ?? "pkcs1") as RsaPadding;
  const { baseUrl, appId, partnerId, publicKey, privateKey } = account;
  if (publicKey !== null && privateKey !== null) reader.checkKeys(publicKey, privateKey, rsaPadding);
  if (reader.faults.length > 0 || !baseUrl || !appId || !partnerId || !publicKey || !privateKey) {
    return { kind: "faulty", faults: reader.faults };
  }
  return {
    kind: "present",
    account: {
      baseUrl,
      appId,
      partnerId,
      subPartnerId: account.subPartnerId,
      apiVersion: account.apiVersion ?? DEFAULT_API_VERSION,
      publicKey,
      privateKey: new Secret(privateKey),
      rsaPadding,
      callbackToken: account.callbackToken === null ? null : new Secret(account.callbackToken),
    },
  };
}

type Check = (value: string) => boolean;

/** Reads one variable after the other and collects every fault, so that one start shows all of them. */
class Reader {
  readonly faults: ConfigFault[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  value(name: string): string | null {
    return this.#env[name]?.trim() || null;
  }

  required(name: string, check: Check, rule: string): string | null {
    if (this.value(name) === null) return this.#missing(name);
    return this.optional(name, check, rule);
  }

  optional(name: string, check: Check, rule: string): string | null {
    const value = this.value(name);
    if (value === null || check(value)) return value;
    return this.#fault(name, rule);
  }

  key(name: string, read: (text: string) => KeyReading): KeyObject | null {
    const value = this.value(name);
    if (value === null) return this.#missing(name);
    const reading = read(value);
    return reading.ok ? reading.key : this.#fault(name, reading.rule);
  }

  checkKeys(publicKey: KeyObject, privateKey: KeyObject, padding: RsaPadding): void {
    if (isPair(publicKey, privateKey)) {
      this.#fault("PAGSMILE_PUBLIC_KEY", "must be Pagsmile's key, not the public half of PAGSMILE_PRIVATE_KEY");
    }
    if (!canDecrypt(privateKey, padding)) {
      this.#fault("PAGSMILE_RSA_PADDING", "this Node.js cannot decrypt with this padding; use Node.js 24 or newer");
    }
  }

  #missing(name: string): null {
    return this.#fault(name, "must be set, because other variables of the Pagsmile account are");
  }

  #fault(name: string, rule: string): null {
    this.faults.push({ name, rule });
    return null;
  }
}

function matches(pattern: RegExp): Check {
  return (value) => pattern.test(value);
}

function isPadding(value: string): value is RsaPadding {
  return RSA_PADDINGS.some((padding) => padding === value);
}

function isBaseUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
