import { EventEmitter, once } from "node:events";
import { rmSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";
import { newOrder, open, storesOver } from "./stores.js";

let server: PostgresServer;
let dataDir = "";
beforeAll(async () => {
  server = await startPostgres();
  dataDir = freshDataDir(inject("templateDataDir"));
});
afterAll(async () => {
  await server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe.each(["embedded", "postgres"] as const)("a probe on %s", (kind) => {
  it("is awaited before and after every statement, and before and after a transaction's ends", async () => {
    const steps: string[] = [];
    const watched = { on: false };
    const config =
      kind === "embedded" ? ({ kind, dataDir } as const) : ({ kind, url: await server.createDatabase() } as const);
    const database = await open(config, [], async (phase, step) => {
      await new Promise(setImmediate);
      if (watched.on) steps.push(`${phase} ${step}`);
    });
    watched.on = true;
    await sql`select 1`.execute(database.db);
    await database.db.transaction().execute((trx) => sql`select 2`.execute(trx));
    const failing = database.db.transaction().execute((trx) => sql`select no_such_column`.execute(trx));
    await expect(failing).rejects.toThrow();
    expect(steps).toEqual([
      ...["before select 1", "after select 1"],
      ...["before begin", "after begin", "before select 2", "after select 2", "before commit", "after commit"],
      ...["before begin", "after begin", "before select no_such_column", "before rollback", "after rollback"],
    ]);
    await database.close();
  });

  it("that never comes back stops the work there, with what was committed before in place", async () => {
    const config =
      kind === "embedded" ? ({ kind, dataDir } as const) : ({ kind, url: await server.createDatabase() } as const);
    const gate = new EventEmitter();
    const reached = once(gate, "reached");
    const stopped = await open(config, [], async (phase, step) => {
      if (phase !== "before" || !step.includes("last_call = last_call + 1")) return;
      gate.emit("reached");
      await once(gate, "go on");
    });
    const { orders } = storesOver(config, stopped);
    const order = newOrder();
    await orders.place(order);
    const sending = orders.startSending(order.id, "sending", 60_000);
    await reached;
    if (kind === "postgres") {
      const other = await open(config);
      const seen = await storesOver(config, other).orders.byOrderNo(order.tenant, order.orderNo);
      expect(seen?.order.state).toBe("INTENT");
      await other.close();
    }
    gate.emit("go on");
    expect(await sending).toBe(1);
    await stopped.close();
  });
});
