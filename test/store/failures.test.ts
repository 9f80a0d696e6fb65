import { rmSync } from "node:fs";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { type StoreFailure, StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { boundedPing } from "../../src/store/bounded-ping.js";
import { asUnavailable } from "../../src/store/failures.js";
import { ANSWER_TIMEOUT_MS, leasedFrom, openPool } from "../../src/store/postgres.js";
import { type Link, startLink } from "../support/link.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";
import { newOrder, open, storesOver } from "./stores.js";

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error("planted 127.0.0.1:5432"), { code, ...more });

const AWAY: readonly (readonly [Error, StoreFailure])[] = [
  [coded("ECONNREFUSED"), "unreachable"],
  [coded("ENOTFOUND"), "unreachable"],
  [coded("EAI_AGAIN"), "unreachable"],
  [coded("ENOENT", { syscall: "connect" }), "unreachable"],
  [coded("ECONNRESET"), "connection_lost"],
  [coded("EPIPE"), "connection_lost"],
  [coded("ETIMEDOUT"), "connection_lost"],
  [coded("08006"), "connection_lost"],
  [coded("57P01"), "starting_or_stopping"],
  [coded("57P02"), "starting_or_stopping"],
  [coded("57P03"), "starting_or_stopping"],
  [coded("53300"), "no_connection_in_time"],
  [coded("57014"), "no_answer_in_time"],
  [coded("25P03"), "connection_lost"],
  [coded("25006"), "read_only"],
  ...["53100", "53200", "53400", "58030"].map((code) => [coded(code), "out_of_resources"] as const),
  ...["55P03", "40001", "40P01"].map((code) => [coded(code), "contended"] as const),
  [new Error("timeout exceeded when trying to connect"), "no_connection_in_time"],
  [new Error("Connection terminated due to connection timeout"), "no_connection_in_time"],
  [new Error("Connection terminated unexpectedly"), "connection_lost"],
  [new Error("Client has encountered a connection error and is not queryable"), "connection_lost"],
  [new Error("Query read timeout"), "no_answer_in_time"],
];

describe("an error of a driver", () => {
  it.each(AWAY)("%s means that the database is away", (error, reason) => {
    const failure = asUnavailable(error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(failure).toMatchObject({ reason, code: (error as { code?: string }).code ?? null });
    expect(`${failure?.message} ${failure?.stack}`).not.toMatch(/planted|127\.0\.0\.1/);
  });

  it.each([
    ["a unique violation", coded("23505")],
    ["a wrong password", coded("28P01")],
    ["a database that does not exist", coded("3D000")],
    ["a file that does not exist", coded("ENOENT", { syscall: "open" })],
    ["an error of our own", new Error("order does not exist")],
    ["no error at all", "Connection terminated unexpectedly"],
  ])("%s does not", (_what, error) => expect(asUnavailable(error)).toBeNull());
});

describe("a database that goes away", () => {
  let server: PostgresServer;
  let link: Link;
  beforeAll(async () => {
    server = await startPostgres();
    link = await startLink(new URL(server.missingDatabaseUrl));
  });
  afterAll(async () => {
    await link?.close();
    await server?.close();
  });

  /** Opened through the line, with what was reported of it. */
  async function opened() {
    const url = link.through(await server.createDatabase());
    const reports: string[] = [];
    const config = { kind: "postgres", url } as const;
    const database = await open(config, [], undefined, {
      onUnavailable: ({ reason }, again) => void reports.push(again ? "again" : reason),
      onAvailable: () => void reports.push("available"),
    });
    onTestFinished(async () => {
      await link.mend();
      await database.close();
    });
    return { config, database, reports, stores: storesOver(config, database) };
  }

  it("in the middle of a transaction takes all of it back, and the next one works", async () => {
    const { config, database, reports, stores } = await opened();
    const order = newOrder();
    const half = database.db.transaction().execute(async (trx) => {
      await storesOver(config, { ...database, db: trx }).orders.place(order);
      await link.cut();
      await sql`select 1`.execute(trx);
    });
    await expect(half).rejects.toThrow(StoreUnavailable);
    await expect(stores.orders.byOrderNo(order.tenant, order.orderNo)).rejects.toThrow(StoreUnavailable);
    await link.mend();
    expect(await stores.orders.byOrderNo(order.tenant, order.orderNo)).toBeNull();
    expect(reports.filter((report) => report !== "again")).toEqual(["connection_lost", "available"]);
  });

  it("at the commit leaves it open whether that took effect, and never says that it did", async () => {
    const { config, database } = await opened();
    const order = newOrder();
    const half = database.db.transaction().execute(async (trx) => {
      await storesOver(config, { ...database, db: trx }).orders.place(order);
      await link.cut();
    });
    await expect(half).rejects.toThrow(StoreUnavailable);
  });

  it("is told from a fault of a statement, which passes as it is", async () => {
    const { database, reports } = await opened();
    await expect(sql`select no_such_column`.execute(database.db)).rejects.toMatchObject({ code: "42703" });
    expect(reports).toEqual([]);
  });

  it.each([
    ["a statement", "select 2", []],
    ["a prepared statement", "select $1::int", [2]],
  ])("without a word to %s is given up on in time, and the connection is thrown away", async (_name, text, values) => {
    const url = link.through(await server.createDatabase());
    const options = { url, parseInt8: Number, onError: () => undefined, statementMs: { server: 10_000, answer: 200 } };
    const pool = openPool(options);
    onTestFinished(() => pool.end());
    const leases = leasedFrom(pool, options.statementMs.answer);
    const lease = await leases.connect();
    await lease.query("select 1", []);
    link.swallow();
    const failure = await lease.query(text, values).catch((error: unknown) => error);
    expect(asUnavailable(failure)?.reason).toBe("no_answer_in_time");
    await expect(lease.query("rollback", [])).rejects.toThrow(StoreUnavailable);
    lease.release();
    expect(pool.totalCount).toBe(0);
    const next = await leases.connect();
    expect((await next.query("select 3 as three", [])).rows).toEqual([{ three: 3 }]);
    next.release();
  });

  it("without a word is given up on in time for a second attempt, by the server first", () => {
    const pool = openPool({
      url: link.through(server.missingDatabaseUrl),
      parseInt8: Number,
      onError: () => undefined,
    });
    onTestFinished(() => pool.end());
    expect(ANSWER_TIMEOUT_MS).toBeLessThan(8_000 - 1_000);
    expect(pool.options.statement_timeout).toBeLessThan(ANSWER_TIMEOUT_MS);
  });

  it("and stops one statement keeps the connection, which is as good as before", async () => {
    const url = link.through(await server.createDatabase());
    const options = { url, parseInt8: Number, onError: () => undefined, statementMs: { server: 50, answer: 5_000 } };
    const pool = openPool(options);
    onTestFinished(() => pool.end());
    const lease = await leasedFrom(pool, options.statementMs.answer).connect();
    const failure = await lease.query("select pg_sleep(10)", []).catch((error: unknown) => error);
    expect(asUnavailable(failure)).toMatchObject({ reason: "no_answer_in_time", code: "57014" });
    expect((await lease.query("select 3 as three", [])).rows).toEqual([{ three: 3 }]);
    lease.release();
    expect(pool.totalCount).toBe(1);
  });

  it("while it is asked whether it lives holds up nobody for long, and is asked once for all who wait", async () => {
    let asked = 0;
    const ping = boundedPing(() => {
      asked += 1;
      return new Promise(() => undefined);
    }, 50);
    const answers = await Promise.allSettled([ping(), ping(), ping()]);
    for (const answer of answers) expect(answer).toMatchObject({ reason: { reason: "no_answer_in_time" } });
    expect(asked).toBe(1);
  });

  it("with every connection taken is unavailable, and says so", async () => {
    const url = link.through(await server.createDatabase());
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(`alter database ${new URL(url).pathname.slice(1)} connection limit 0`);
    const client = new pg.Client({ connectionString: url.replace("cardgraph:planted-password", "plain:plain") });
    await admin.query("create role plain login password 'plain'");
    const failure = await client.connect().catch((error: unknown) => error);
    expect(asUnavailable(failure)?.reason).toBe("no_connection_in_time");
    await admin.end();
  });
});

describe("an embedded database that is closed", () => {
  it("is unavailable to whoever still asks", async () => {
    const dataDir = freshDataDir(inject("templateDataDir"));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const database = await open({ kind: "embedded", dataDir });
    await database.close();
    await expect(database.ping()).rejects.toThrow(StoreUnavailable);
  });
});
