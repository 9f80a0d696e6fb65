import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { inject } from "vitest";
import { buildApp } from "../../src/app.js";
import { readConfig } from "../../src/config.js";
import {
  type PagsmileSandbox,
  type PagsmileSandboxOptions,
  startPagsmileSandbox,
} from "../../src/datasources/pagsmile/sandbox/start-sandbox.js";
import {
  type PrepaidifySandbox,
  type PrepaidifySandboxOptions,
  startPrepaidifySandbox,
} from "../../src/datasources/prepaidify/sandbox/index.js";
import { REGISTRY } from "../../src/datasources/registry.js";
import { systemClock } from "../../src/domain/clock.js";
import type { DatabaseProbe } from "../../src/store/guarded-dialect.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { dataKeyText } from "./data-keys.js";
import { keptInFolder, keptInPostgres, type OwnSecrets } from "./kept-secrets.js";
import { freshDataDir } from "./template-database.js";
import { watchLog } from "./watched-run.js";

/** What a GraphQL server answers. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly requestId?: string };
  }[];
}

/** How a test wants its server. */
export interface CardgraphOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly prepaidify?: Partial<PrepaidifySandboxOptions>;
  readonly pagsmile?: Partial<PagsmileSandboxOptions>;
  /** An existing database folder; a fresh one unless given. Whoever gives it removes it. */
  readonly dataDir?: string;
  /** The only authority to trust with callers' certificates, PEM. */
  readonly callbackCa?: string;
  /** Awaited before and after every statement. */
  readonly databaseProbe?: DatabaseProbe;
}

/** A whole server on a loopback port, and the providers it was pointed at by environment alone. */
export interface Cardgraph {
  readonly url: string;
  readonly dataDir: string;
  readonly prepaidify: PrepaidifySandbox;
  readonly pagsmile: PagsmileSandbox;
  /** Everything that was logged, line by line. */
  readonly log: readonly string[];
  /** Sends a typed operation and resolves with its data; throws on top-level errors. */
  ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Sends a typed operation and resolves with the whole answer. */
  answerTo<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Answer<Data>>;
  /** Sends any body to `/graphql`. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

/** Starts both providers' sandboxes and a server that is configured to use them as if they were real. */
export async function startCardgraph(options: CardgraphOptions = {}): Promise<Cardgraph> {
  let url = "";
  const common = { clock: systemClock, publicUrl: () => url };
  const prepaidify = await startPrepaidifySandbox({
    ...common,
    stageMs: 5,
    recordRequests: true,
    ...options.prepaidify,
  });
  const pagsmile = await startPagsmileSandbox({ ...common, remember: 100, ...options.pagsmile });
  const dataDir = options.dataDir ?? freshDataDir(inject("templateDataDir"));
  // The embedded database makes a key of its own.
  const sealing = options.env?.DATABASE_URL ? { DATA_KEYS: dataKeyText("tests") } : {};
  const own = { PORT: "0", DATA_DIR: dataDir, AUTH: "none", ...sealing };
  const env = { ...accountsOf(prepaidify, pagsmile), ...own, ...options.env };
  const log: string[] = [];
  const startedMs = Date.now() - 1;
  const logger = createLogger("trace", collect(log));
  const { callbackCa, databaseProbe } = options;
  const parts = { logger, playgroundDir: resolve("dist/playground"), callbackCa, databaseProbe };
  const app = await buildApp(readConfig(env, REGISTRY), parts);
  url = await app.listen();
  const post: Cardgraph["post"] = (body, headers = {}) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const answerTo: Cardgraph["answerTo"] = async (document, variables) =>
    (await post({ query: print(document), variables })).json() as never;
  return {
    url,
    dataDir,
    prepaidify,
    pagsmile,
    log,
    post,
    answerTo,
    ask: async (document, variables) => {
      const { data, errors } = await answerTo(document, variables);
      if (errors || !data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
      return data;
    },
    close: async () => {
      await app.close();
      const secrets = ownSecrets(prepaidify, pagsmile);
      const { DATABASE_URL } = env as Readonly<Record<string, string | undefined>>;
      const kept = DATABASE_URL
        ? await keptInPostgres(DATABASE_URL, secrets)
        : keptInFolder(dataDir, secrets, startedMs);
      const shown = [...secrets.cardNumbers, ...secrets.keys].filter((secret) => log.join("\n").includes(secret));
      await Promise.all([prepaidify.close(), pagsmile.close()]);
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
      if (kept.length > 0) throw new Error(`the database of this server holds ${kept.join(" and ")}`);
      if (shown.length > 0) throw new Error("the log of this server holds a card number or a key");
    },
  };
}

/** What only this server and its providers know, and what it must neither keep nor say. */
function ownSecrets(prepaidify: PrepaidifySandbox, pagsmile: PagsmileSandbox): OwnSecrets {
  const { PREPAIDIFY_SECRET_KEY = "", PAGSMILE_PRIVATE_KEY = "" } = accountsOf(prepaidify, pagsmile);
  const cardNumbers = prepaidify.cards().flatMap(({ number }) => [number, number.replace(/\D/g, "")]);
  return { cardNumbers, keys: [PREPAIDIFY_SECRET_KEY, ...PAGSMILE_PRIVATE_KEY.split("\n").slice(1, -2)] };
}

/** The environment that points a server at two sandboxes. */
export function accountsOf(prepaidify: PrepaidifySandbox, pagsmile: PagsmileSandbox): Record<string, string> {
  const { account } = pagsmile;
  return {
    PREPAIDIFY_BASE_URL: prepaidify.url,
    PREPAIDIFY_ACCESS_KEY: prepaidify.account.accessKey,
    PREPAIDIFY_SECRET_KEY: prepaidify.account.secretKey.reveal(),
    PREPAIDIFY_DEFAULT_EMAIL: "cards@merchant.example",
    PAGSMILE_BASE_URL: pagsmile.url,
    PAGSMILE_APP_ID: account.appId,
    PAGSMILE_PARTNER_ID: account.partnerId,
    PAGSMILE_PUBLIC_KEY: account.publicKey.export({ type: "spki", format: "pem" }).toString(),
    PAGSMILE_PRIVATE_KEY: account.privateKey.reveal().export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function collect(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      watchLog(String(chunk));
      done();
    },
  });
}

/** Asks again and again until the answer is right; fails with the last one after ten seconds. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isRight: (value: Value) => boolean,
  patienceMs = 10_000,
): Promise<Value> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (isRight(value)) return value;
    if (performance.now() > endMs) throw new Error(`never became right: ${JSON.stringify(value)}`);
    await pause(10);
  }
}
