import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { startPrepaidifySandbox } from "../../src/datasources/prepaidify/sandbox/index.js";
import { systemClock } from "../../src/domain/clock.js";
import { eventually } from "../support/cardgraph.js";
import { addressOf, runNpmStart, runServer, type ServerProcess } from "../support/process.js";
import { freshDataDir } from "../support/template-database.js";

let root: string;
let running: ServerProcess[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cardgraph-start-"));
});
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function start(env: Readonly<Record<string, string>>): ServerProcess {
  const server = runServer({
    PORT: "0",
    LOG_LEVEL: "silent",
    DATA_DIR: freshDataDir(inject("templateDataDir")),
    ...env,
  });
  running.push(server);
  return server;
}

/** The server says one thing, in plain words, and ends with 1. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const server = start(env);
  expect(await server.ended).toBe(1);
  expect(server.output()).toBe("");
  expect(server.errors()).not.toMatch(/\n\s+at |node:internal|Error:/);
  return server.errors();
}

const prepaidify = {
  PREPAIDIFY_BASE_URL: "http://127.0.0.1:9",
  PREPAIDIFY_ACCESS_KEY: "ak",
  PREPAIDIFY_SECRET_KEY: "planted-sk",
};
const pagsmile = { PAGSMILE_BASE_URL: "http://127.0.0.1:9", PAGSMILE_APP_ID: "1", PAGSMILE_PARTNER_ID: "2" };

describe("the server refuses to start, with one clear message, on", () => {
  it("half an account, naming each variable that is missing", async () => {
    const { PREPAIDIFY_BASE_URL } = prepaidify;
    const message = await refusal({ PREPAIDIFY_BASE_URL, ...pagsmile });
    for (const name of [
      "PREPAIDIFY_ACCESS_KEY",
      "PREPAIDIFY_SECRET_KEY",
      "PAGSMILE_PUBLIC_KEY",
      "PAGSMILE_PRIVATE_KEY",
    ]) {
      expect(message).toContain(name);
    }
  });

  it("an unreadable key, without repeating it", async () => {
    const message = await refusal({
      ...pagsmile,
      PAGSMILE_PUBLIC_KEY: "planted-not-a-key",
      PAGSMILE_PRIVATE_KEY: join(root, "missing.pem"),
    });
    expect(message).toContain("PAGSMILE_PUBLIC_KEY");
    expect(message).toContain("PAGSMILE_PRIVATE_KEY");
    expect(message).not.toMatch(/planted|missing\.pem/);
  });

  it("a database that cannot be reached for ten seconds, without its address or password", async () => {
    const startedMs = performance.now();
    const message = await refusal({ DATABASE_URL: "postgres://cardgraph:planted-password@127.0.0.1:9/cards" });
    expect(performance.now() - startedMs).toBeGreaterThan(9_000);
    expect(message).toBe("PostgreSQL at DATABASE_URL cannot be used: ECONNREFUSED.\n");
  });

  it("a list of trusted documents that the schema cannot answer, naming the entry and the rule", async () => {
    const text = "query Wrong { nothing }";
    const name = createHash("sha256").update(text).digest("hex");
    const TRUSTED_DOCUMENTS = join(root, "trusted.json");
    writeFileSync(TRUSTED_DOCUMENTS, JSON.stringify({ [name]: text }));
    expect(await refusal({ TRUSTED_DOCUMENTS })).toBe(
      `The list of TRUSTED_DOCUMENTS cannot be used:\n  entry ${name}: Cannot query field "nothing" on type "Query".\n`,
    );
  });

  it("a port that is taken", async () => {
    const other: Server = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    expect(await refusal({ PORT: String(port) })).toContain("Set PORT to another one.");
    other.close();
  });

  it("a data folder that another server is using", async () => {
    const DATA_DIR = freshDataDir(inject("templateDataDir"));
    await addressOf(start({ DATA_DIR }));
    expect(await refusal({ DATA_DIR })).toContain("another process is using this folder");
  });

  it("a data folder that is a file", async () => {
    const DATA_DIR = join(root, "file");
    writeFileSync(DATA_DIR, "");
    chmodSync(DATA_DIR, 0o600);
    expect(await refusal({ DATA_DIR })).toContain("The embedded database in DATA_DIR cannot be used");
  });

  it("production without accounts, until a sandbox is asked for", async () => {
    const message = await refusal({ NODE_ENV: "production" });
    expect(message).toContain("SANDBOX=true");
    await addressOf(start({ NODE_ENV: "production", SANDBOX: "true" }));
  });

  it("real accounts without authentication on an address that others reach", async () => {
    expect(await refusal({ ...prepaidify, HOST: "0.0.0.0", AUTH: "none" })).toContain("AUTH");
  });
});

describe("the server", () => {
  it("starts with nothing but defaults, says where it is and that its providers are sandboxes", async () => {
    const server = start({});
    const address = await addressOf(server);
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(server.output()).toContain(`Playground: ${address}/graphiql`);
    expect(server.output()).toMatch(/Prepaidify: SANDBOX .* no money moves/);
  });

  it("says so when there is no playground, and when real deposits have no limit", async () => {
    const production = start({ NODE_ENV: "production", SANDBOX: "true" });
    await addressOf(production);
    expect(production.output()).toContain("No playground in production (PLAYGROUND=true)");
    const live = start({ ...prepaidify, AUTH: "none" });
    await addressOf(live);
    expect(live.output()).toContain("Prepaidify: LIVE account, deposits are real and without a daily limit");
    const limited = start({ ...prepaidify, AUTH: "none", SPEND_LIMIT_MINOR_PER_DAY: "100000" });
    await addressOf(limited);
    expect(limited.output()).toContain("Prepaidify: LIVE account, deposits are real\n");
  });

  it("is reached by the signal that ends `npm start`", async () => {
    const DATA_DIR = freshDataDir(inject("templateDataDir"));
    const npm = runNpmStart({ PORT: "0", LOG_LEVEL: "silent", DATA_DIR });
    const address = await addressOf(npm);
    npm.child.kill("SIGTERM");
    await npm.ended;
    const isUp = async (): Promise<boolean> => fetch(`${address}/health/live`).then(Boolean, () => false);
    await eventually(isUp, (up) => !up);
  });

  it("frees its data folder when it is killed, so that the next one can start", async () => {
    const DATA_DIR = freshDataDir(inject("templateDataDir"));
    const first = start({ DATA_DIR });
    await addressOf(first);
    first.child.kill("SIGKILL");
    await first.ended;
    await addressOf(start({ DATA_DIR }));
  });

  it("makes its database anew when an earlier start died while it was making one", async () => {
    const DATA_DIR = mkdtempSync(join(root, "half-"));
    mkdirSync(join(DATA_DIR, "pg.unfinished", "base"), { recursive: true });
    writeFileSync(join(DATA_DIR, "pg.unfinished", "PG_VERSION"), "18\n");
    await addressOf(start({ DATA_DIR }));
    expect(readdirSync(DATA_DIR).filter((name) => name.startsWith("pg"))).toEqual(["pg"]);
  });

  it("is not held up by connections on which no whole request ever came", async () => {
    const server = start({});
    const { port } = new URL(await addressOf(server));
    const silent = connect(Number(port), "127.0.0.1");
    const half = connect(Number(port), "127.0.0.1");
    for (const socket of [silent, half]) socket.on("error", () => undefined);
    await Promise.all([once(silent, "connect"), once(half, "connect")]);
    half.write("POST /graphql HTTP/1.1\r\nHost: x\r\n");
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    silent.destroy();
    half.destroy();
  });

  it("finishes a request that is in flight when it is told to stop, then ends with 0", async () => {
    const sandbox = await startPrepaidifySandbox({ clock: systemClock, publicUrl: () => address });
    const server = start({
      AUTH: "none",
      PREPAIDIFY_BASE_URL: sandbox.url,
      PREPAIDIFY_ACCESS_KEY: sandbox.account.accessKey,
      PREPAIDIFY_SECRET_KEY: sandbox.account.secretKey.reveal(),
      PREPAIDIFY_DEFAULT_EMAIL: "cards@merchant.example",
      PROVIDER_TIMEOUT_MS: "1500",
    });
    const address = await addressOf(server);
    sandbox.script({ kind: "hang" });
    const query = `mutation { createVirtualCard(input: {
      orderNo: "in-flight", cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000 } }) { order { state } } }`;
    const answer = fetch(`${address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    while (sandbox.cardsByOrderNo().size === 0) await new Promise(setImmediate);
    server.child.kill("SIGTERM");
    expect(await (await answer).json()).toMatchObject({
      data: { createVirtualCard: { order: { state: "UNCONFIRMED" } } },
    });
    expect(await server.ended).toBe(0);
    await sandbox.close();
  });
});
