import { generateKeyPairSync } from "node:crypto";
import { type Config, readConfig } from "../../src/config.js";
import { REGISTRY } from "../../src/datasources/registry.js";
import type { Environment } from "../../src/domain/registration.js";
import { ConfigError } from "../../src/environment.js";

const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A whole account of Prepaidify. */
export const PREPAIDIFY = {
  PREPAIDIFY_BASE_URL: "https://card.example",
  PREPAIDIFY_ACCESS_KEY: "access-planted",
  PREPAIDIFY_SECRET_KEY: "secret-planted",
};
/** A whole account of Pagsmile. */
export const PAGSMILE = {
  PAGSMILE_BASE_URL: "https://cards.example",
  PAGSMILE_APP_ID: "17416782040212001",
  PAGSMILE_PARTNER_ID: "17416782040212002",
  PAGSMILE_PUBLIC_KEY: theirs.publicKey.export({ type: "spki", format: "pem" }).toString(),
  PAGSMILE_PRIVATE_KEY: ours.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
};

/** The configuration that an environment makes. */
export const read = (env: Environment): Config => readConfig(env, REGISTRY);

/** What is wrong with an environment; fails when nothing is. */
export function faults(env: Environment): ConfigError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

/** The variables that are at fault. */
export const names = (env: Environment): readonly string[] => faults(env).faults.map(({ name }) => name);
