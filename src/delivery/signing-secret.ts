import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Secret } from "../domain/secret.js";
import { keep, textOf } from "../sealing/secret-file.js";

/** Name of the file in the data folder that keeps a secret which was made here. */
export const SECRET_FILE = "callback-signing-secret";

const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** Bytes of a secret that is made here. */
const MADE_BYTES = 32;
const PREFIX = "whsec_";

/** Whether a text is a signing secret: `whsec_` and the base64 of 24 to 64 bytes. Source: Standard Webhooks 1.0. */
export function isSigningSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const base64 = text.slice(PREFIX.length);
  const bytes = Buffer.from(base64, "base64");
  // Node's decoder skips what it does not know; written back, only a clean text is the same.
  return bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES && bytes.toString("base64") === base64;
}

/**
 * The secret of a data folder, made on first use and readable by the owner only. Throws when the file holds anything
 * else than a secret: one that was damaged must not be replaced behind the receivers' backs.
 */
export async function secretOf(dataDir: string): Promise<Secret<string>> {
  const path = join(dataDir, SECRET_FILE);
  const kept = (await textOf(path)) ?? (await make(path));
  if (!isSigningSecret(kept)) throw new Error(`${SECRET_FILE} in DATA_DIR does not hold a whsec_ secret.`);
  return new Secret(kept);
}

async function make(path: string): Promise<string> {
  const secret = PREFIX + randomBytes(MADE_BYTES).toString("base64");
  await keep(path, secret);
  return secret;
}
