import { rmSync } from "node:fs";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import type { Database } from "../../src/store/database.js";
import { listenPostgres } from "../../src/store/postgres-listening.js";
import { startLink } from "../support/link.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";
import { open } from "./stores.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.close();
});

/** What a listener was told, in its order. */
function ear() {
  const heard: string[] = [];
  return {
    heard,
    listener: { onMessage: (payload: string) => void heard.push(payload), onGap: () => void heard.push("(gap)") },
    hears: (...expected: string[]) => expect.poll(() => heard, { timeout: 10_000 }).toEqual(expected),
  };
}

const notify = (database: Database, channel: string, payload: string) =>
  sql`select pg_notify(${channel}, ${payload})`.execute(database.db);

async function connectionsTo(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select application_name as name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
  return rows.map(({ name }) => name);
}

describe.each(["embedded", "postgres"] as const)("listening on %s", (kind) => {
  let database: Database;
  let dataDir = "";
  let url = "";
  beforeAll(async () => {
    if (kind === "embedded") dataDir = freshDataDir(inject("templateDataDir"));
    else url = await server.createDatabase();
    database = await open(kind === "embedded" ? { kind, dataDir } : { kind, url });
  });
  afterAll(async () => {
    await database?.close();
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  });

  it("starts with a gap and hears, in order, what other connections say on its channel alone", async () => {
    const { listener, hears } = ear();
    const listening = await database.listen("orders", listener);
    await hears("(gap)");
    await notify(database, "other", "not for us");
    for (const payload of ["one", "two", ""]) await notify(database, "orders", payload);
    await hears("(gap)", "one", "two", "");
    await listening.close();
  });

  it("hears what a transaction notifies only once that is committed", async () => {
    const { listener, hears } = ear();
    const listening = await database.listen("orders", listener);
    const half = database.db.transaction().execute(async (trx) => {
      await sql`select pg_notify('orders', 'taken back')`.execute(trx);
      throw new Error("half-way");
    });
    await expect(half).rejects.toThrow("half-way");
    await database.db.transaction().execute(async (trx) => {
      await sql`select pg_notify('orders', 'committed')`.execute(trx);
    });
    await hears("(gap)", "committed");
    await listening.close();
  });

  it("hears nothing more once it is closed, and may be closed twice", async () => {
    const [first, second] = [ear(), ear()];
    const closed = await database.listen("orders", first.listener);
    const open = await database.listen("orders", second.listener);
    await closed.close();
    await closed.close();
    await notify(database, "orders", "late");
    await second.hears("(gap)", "late");
    expect(first.heard).toEqual(["(gap)"]);
    await open.close();
    if (kind === "postgres") await expect.poll(() => connectionsTo(url)).not.toContain("cardgraph-listen");
  });

  it.each(["", "Orders", "a b", 'a"', "a;b", "x".repeat(64)])("refuses %j as a channel's name", async (name) => {
    await expect(database.listen(name, ear().listener)).rejects.toThrow(RangeError);
  });
});

describe("listening on PostgreSQL", () => {
  it("goes on after the server was killed and started again, and says that there was a gap", async () => {
    const own = await startPostgres();
    onTestFinished(() => own.close());
    const url = await own.createDatabase();
    const { listener, hears } = ear();
    const listening = await listenPostgres({ url, channel: "orders", listener });
    await own.kill();
    await own.restart();
    await hears("(gap)", "(gap)");
    const database = await open({ kind: "postgres", url });
    await notify(database, "orders", "again");
    await hears("(gap)", "(gap)", "again");
    await listening.close();
    await database.close();
  });

  it("begins as soon as the server is there, when it was not at first", async () => {
    const link = await startLink(new URL(server.missingDatabaseUrl));
    onTestFinished(() => link.close());
    const url = await server.createDatabase();
    await link.cut();
    const { heard, listener, hears } = ear();
    const listening = await listenPostgres({ url: link.through(url), channel: "orders", listener });
    expect(heard).toEqual([]);
    await link.mend();
    await hears("(gap)");
    await listening.close();
  });

  it("notices a connection that died without a word", async () => {
    const link = await startLink(new URL(server.missingDatabaseUrl));
    onTestFinished(() => link.close());
    const url = await server.createDatabase();
    const { listener, hears } = ear();
    const heartbeatMs = { every: 50, timeout: 200 };
    const listening = await listenPostgres({ url: link.through(url), channel: "orders", listener, heartbeatMs });
    await hears("(gap)");
    link.swallow();
    await hears("(gap)", "(gap)");
    await listening.close();
  });

  it("can be closed at once while the server does not answer", async () => {
    const link = await startLink(new URL(server.missingDatabaseUrl));
    onTestFinished(() => link.close());
    const url = link.through(await server.createDatabase());
    const { listener, hears } = ear();
    const listening = await listenPostgres({ url, channel: "orders", listener });
    await hears("(gap)");
    link.swallow();
    const startedMs = performance.now();
    await listening.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
