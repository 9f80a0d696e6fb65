import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { addressOf, runServer, type ServerProcess } from "../support/process.js";

let postgres: PostgresServer;
let running: ServerProcess[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
});
afterAll(async () => {
  await postgres?.close();
});

function start(url: string): ServerProcess {
  const server = runServer({ PORT: "0", LOG_LEVEL: "silent", DATABASE_URL: url });
  running.push(server);
  return server;
}

async function migrationsIn(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select name from kysely_migration order by name");
  await client.end();
  return rows.map(({ name }) => name);
}

describe("servers on PostgreSQL", () => {
  it("five of them, started at once on an empty database, make its tables once and all serve", async () => {
    const url = await postgres.createDatabase();
    const servers = Array.from({ length: 5 }, () => start(url));
    const addresses = await Promise.all(servers.map(addressOf));
    for (const address of addresses) expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    const migrations = await migrationsIn(url);
    expect(migrations.length).toBeGreaterThan(0);
    expect(new Set(migrations).size).toBe(migrations.length);
  });

  it("one that is started before its database waits for it", async () => {
    const url = await postgres.createDatabase();
    await postgres.kill();
    const server = start(url);
    await postgres.restart();
    const address = await addressOf(server);
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  });
});
