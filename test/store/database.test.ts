import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { DatabaseUnavailable, openDatabase } from "../../src/store/database.js";
import { openEmbedded } from "../../src/store/embedded.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";
import { newOrder, open, storesOver } from "./stores.js";

let server: PostgresServer;
const folders: string[] = [];
const folder = (path: string): string => {
  folders.push(path);
  return path;
};

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.close();
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const configs = {
  embedded: async () => ({ kind: "embedded", dataDir: folder(freshDataDir(inject("templateDataDir"))) }) as const,
  postgres: async () => ({ kind: "postgres", url: await server.createDatabase() }) as const,
};

/** Every migration there is a file for. */
const MIGRATIONS = readdirSync("src/store/migrations")
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();

describe.each(["embedded", "postgres"] as const)("a database on %s", (kind) => {
  it("keeps what is in it when it is opened again, and is not migrated twice", async () => {
    const config = await configs[kind]();
    const order = newOrder();
    const first = await open(config);
    await first.ping();
    await storesOver(config, first).orders.place(order);
    await first.close();
    const second = await open(config);
    const stores = storesOver(config, second);
    expect((await stores.orders.byOrderNo(order.tenant, order.orderNo))?.order.id).toBe(order.id);
    const names = (await stores.rows("select name from kysely_migration")).map(({ name }) => name);
    expect(names).toEqual(MIGRATIONS);
    await second.close();
  });

  it("does not answer once it is closed", async () => {
    const database = await open(await configs[kind]());
    await database.close();
    await expect(database.ping()).rejects.toThrow();
  });

  it("takes back everything of a transaction that fails half-way", async () => {
    const config = await configs[kind]();
    const database = await open(config);
    const stores = storesOver(config, database);
    const order = newOrder();
    const half = database.db.transaction().execute(async (trx) => {
      await storesOver(config, { ...database, db: trx }).orders.place(order);
      throw new Error("half-way");
    });
    await expect(half).rejects.toThrow("half-way");
    expect(await stores.orders.byOrderNo(order.tenant, order.orderNo)).toBeNull();
    await database.close();
  });
});

describe("a PostgreSQL", () => {
  it("may be opened ten times over at once while it is still empty, again and again", async () => {
    for (let round = 0; round < 5; round++) {
      const config = await configs.postgres();
      const databases = await Promise.all(Array.from({ length: 10 }, () => open(config)));
      const [first] = databases;
      if (!first) throw new Error("not opened");
      const { rows } = storesOver(config, first);
      expect(await rows("select count(*)::int as n, count(distinct name)::int as names from kysely_migration")).toEqual(
        [{ n: MIGRATIONS.length, names: MIGRATIONS.length }],
      );
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  it("keeps its connections to itself: none is left once it is closed", async () => {
    const config = await configs.postgres();
    const database = await open(config);
    await database.ping();
    await database.close();
    const other = await open(await configs.postgres());
    const { rows } = storesOver(config, other);
    const name = new URL(config.url).pathname.slice(1);
    await expect
      .poll(() => rows(`select count(*)::int as n from pg_stat_activity where datname = '${name}'`))
      .toEqual([{ n: 0 }]);
    await other.close();
  });

  it("that is not there is unavailable, and the message has neither address nor password", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const refused = `postgresql://planted-user:planted-password@127.0.0.1:${port}/planted`;
    const wrong = server.missingDatabaseUrl.replace("planted-password", "planted-wrong");
    for (const url of [refused, wrong, server.missingDatabaseUrl]) {
      const failure = await openDatabase({ kind: "postgres", url }, { onError: () => undefined }).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(DatabaseUnavailable);
      expect(String(failure)).toMatch(/PostgreSQL at DATABASE_URL cannot be used: \w+\.$/);
      expect(String(failure)).not.toMatch(/planted|127\.0\.0\.1|missing/);
    }
  });
});

describe("an embedded database", () => {
  it("refuses a second opening of its folder for as long as the first one lasts", async () => {
    const config = await configs.embedded();
    const first = await open(config);
    const second = await openDatabase(config, { onError: () => undefined }).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DatabaseUnavailable);
    expect(String(second)).toContain("another process is using this folder");
    expect(String(second)).not.toContain(config.dataDir);
    await first.ping();
    await first.close();
    await (await open(config)).close();
  });

  it("refuses to run when a commit does not reach the disk, and gives the folder back", async () => {
    const { dataDir } = await configs.embedded();
    // The library's own file system answers "done" to every fsync without asking the disk.
    const forgetful = (folder: string) => Object.assign(new NodeFS(folder), { syncs: 0 });
    await expect(openEmbedded(dataDir, Number, forgetful)).rejects.toThrow("not written through to the disk");
    await (await open({ kind: "embedded", dataDir })).close();
  });

  it("makes its own folder, for its owner alone", async () => {
    const root = folder(mkdtempSync(join(tmpdir(), "cardgraph-test-")));
    const database = await open({ kind: "embedded", dataDir: join(root, "a", "b") });
    await database.ping();
    await database.close();
  });

  it("gives its folder back when it cannot be opened", async () => {
    const root = folder(mkdtempSync(join(tmpdir(), "cardgraph-test-")));
    writeFileSync(join(root, "pg"), "not a folder");
    const config = { kind: "embedded", dataDir: root } as const;
    const failure = await openDatabase(config, { onError: () => undefined }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(String(failure)).not.toContain(root);
    rmSync(join(root, "pg"));
    await (await open(config)).close();
  });
});
