import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../src/domain/audit.js";
import { FIRST_HASH } from "../../src/domain/audit-chain.js";
import { ReviewAudit } from "../../src/services/review-audit.js";
import { SqlAuditLog } from "../../src/store/audit-log.js";
import { fresh, newOrder, onEveryDatabase } from "./stores.js";

const entry = (parts: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ tenant: "tenant-a", subject: "key:one", requestId: null, action: "revealCard", outcome: "sealed" },
  ...{ target: fresh("card"), reason: "a reason", recipient: null },
  ...parts,
});

onEveryDatabase((stores) => {
  const log = () => new SqlAuditLog(stores().database.db);
  const audit = () => new ReviewAudit(log());
  const verify = (noted: string | null = null) => audit().verify(noted);
  const lastPosition = async () =>
    Number((await stores().rows("select max(position) as last from audit_log"))[0]?.last);
  /** What somebody does who may do anything with the database, and undoes once the work has been looked at. */
  const tamper = async (statements: readonly string[], look: () => Promise<void>): Promise<void> => {
    const { rows } = stores();
    await rows("create table kept as select * from audit_log");
    const disable = ["audit_log_append_only", "audit_log_sealed_once"];
    for (const trigger of disable) await rows(`alter table audit_log disable trigger ${trigger}`);
    for (const statement of statements) await rows(statement);
    await look();
    await rows("delete from audit_log");
    await rows("insert into audit_log overriding system value select * from kept");
    for (const trigger of disable) await rows(`alter table audit_log enable trigger ${trigger}`);
    await rows("drop table kept");
  };

  describe("the chain of the audit log", () => {
    it("is nothing at first", async () => {
      expect(await verify()).toEqual({ kind: "ok", count: 0, head: FIRST_HASH });
    });

    it("holds every row that was committed once, whoever seals, and the same rows give the same hash", async () => {
      await Promise.all(Array.from({ length: 40 }, () => log().append(entry())));
      const sealed = await Promise.all([log().seal(10), log().seal(100), log().seal(100), log().seal(7)]);
      expect(sealed.reduce((sum, count) => sum + count)).toBe(40);
      const verdict = await verify();
      expect(verdict).toEqual({ kind: "ok", count: 40, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(await verify()).toEqual(verdict);
    });

    it("is walked beyond what is read at once", async () => {
      await stores().rows(`insert into audit_log (tenant, subject, action, target, outcome)
        select 'tenant-b', 'key:two', 'revealCard', 'many-' || n, 'sealed' from generate_series(1, 1100) as n`);
      expect(await verify()).toMatchObject({ kind: "ok", count: 1_140 });
    });

    it("takes in what commits later than what came after it", async () => {
      const count = await lastPosition();
      const { db } = stores().database;
      const late = entry({ target: "late" });
      // The embedded database has one connection: there nobody can come in between.
      const inBetween = stores().config.kind === "postgres";
      await db.transaction().execute(async (trx) => {
        await new SqlAuditLog(trx).append(late);
        if (!inBetween) return;
        await log().append(entry());
        expect(await log().seal(10)).toBe(1);
      });
      expect(await verify()).toMatchObject({ kind: "ok", count: count + (inBetween ? 2 : 1) });
      expect((await log().list({ tenant: null, cardId: "late" }, 1))[0]?.position).toBe(await lastPosition());
    });
  });

  describe("somebody with every right", () => {
    it.each([
      ["changed outcome", "update audit_log set outcome = 'refused' where position = 3"],
      ["changed reason", "update audit_log set reason = null where position = 3"],
      ["changed moment", "update audit_log set at = at + interval '1 millisecond' where position = 3"],
      ["changed caller", "update audit_log set subject = 'key:other' where position = 3"],
      ["changed hash", "update audit_log set hash = repeat('0', 64) where position = 3"],
    ])("is found out by a %s", async (_name, statement) => {
      const [row] = await stores().rows("select id from audit_log where position = 3");
      await tamper([statement], async () => {
        expect(await verify()).toEqual({ kind: "broken", position: 3, id: row?.id });
      });
      expect(await verify()).toMatchObject({ kind: "ok" });
    });

    it("is found out by a row that was removed", async () => {
      await tamper(["delete from audit_log where position = 7"], async () => {
        expect(await verify()).toEqual({ kind: "broken", position: 7, id: null });
      });
    });

    it("is found out by two rows that changed places", async () => {
      const swap = `update audit_log set position = 13 - position where position in (6, 7)`;
      await tamper(["drop index audit_log_chain", swap], async () => {
        expect(await verify()).toMatchObject({ kind: "broken", position: 6 });
      });
      await stores().rows("create unique index audit_log_chain on audit_log (position) where position is not null");
    });

    it("is found out by a hash that was noted, when the end is gone", async () => {
      const whole = await verify();
      if (whole.kind !== "ok") throw new Error(whole.kind);
      const cut = `delete from audit_log where position > ${whole.count - 2}`;
      await tamper([cut], async () => {
        expect(await verify()).toMatchObject({ kind: "ok", count: whole.count - 2 });
        expect(await verify(whole.head)).toEqual({ kind: "cut", count: whole.count - 2 });
      });
      await log().append(entry());
      expect(await verify(whole.head)).toMatchObject({ kind: "ok", count: whole.count + 1 });
    });
  });

  describe("the table", () => {
    it.each([
      "update audit_log set reason = 'another' where position = 1",
      "update audit_log set position = null, hash = null where position = 1",
      "delete from audit_log where position = 1",
      "truncate audit_log",
    ])("refuses: %s", async (statement) => {
      await expect(stores().rows(statement)).rejects.toThrow("append-only");
    });

    it("refuses a change of what it tells, even while a row is being sealed", async () => {
      const target = fresh("card");
      await log().append(entry({ target }));
      const seal = "position = 999999, hash = repeat('a', 64)";
      const statement = `update audit_log set ${seal}, outcome = 'x' where target = '${target}'`;
      await expect(stores().rows(statement)).rejects.toThrow("append-only");
    });

    it("has one line for an order, in the commit of its intent, and none for its replay", async () => {
      const order = newOrder();
      await stores().orders.place(order);
      await stores().orders.place({ ...order, by: { subject: "key:again", requestId: null } });
      const line = { tenant: "tenant-a", subject: "key:tests", requestId: "request-1", reason: null, recipient: null };
      const done = { action: "createVirtualCard", target: order.id, outcome: "placed" };
      expect(await log().list({ tenant: null, cardId: order.id }, 10)).toMatchObject([{ ...line, ...done }]);
    });

    it("lists by tenant, newest first", async () => {
      const tenant = fresh("tenant");
      for (const reason of ["first", "second"]) await log().append(entry({ tenant, reason }));
      const rows = await log().list({ tenant, cardId: null }, 10);
      expect(rows.map(({ reason }) => reason)).toEqual(["second", "first"]);
      expect(await log().list({ tenant, cardId: null }, 1)).toHaveLength(1);
    });
  });

  it("is sealed by many at once without a gap", async () => {
    const before = await lastPosition();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([log().append(entry()), log().append(entry()), log().seal(3), log().seal(3)]);
    }
    expect(await verify()).toMatchObject({ kind: "ok", count: expect.any(Number) });
    expect(await lastPosition()).toBeGreaterThanOrEqual(before + 10);
  });
});
