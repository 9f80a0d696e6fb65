import { describe, expect, it } from "vitest";
import { newApiKey, readApiKey } from "../../src/auth/api-key.js";
import { ApiKeys } from "../../src/auth/api-keys.js";
import type { ApiKeyRecord, NewApiKey } from "../../src/domain/api-key.js";
import { SqlApiKeyStore } from "../../src/store/api-keys.js";
import { onEveryDatabase } from "../store/stores.js";

const START_MS = Date.parse("2026-01-01T00:00:00Z");

function kept(parts: Partial<NewApiKey> = {}) {
  const made = newApiKey();
  const record: NewApiKey = {
    ...{ id: made.id, secretHash: made.secretHash, tenant: "acme", label: "a test" },
    ...{ scopes: ["cards:read"], expiresAt: null, ...parts },
  };
  return { record, header: `Bearer ${made.text.reveal()}` };
}

/** A store of its own for every test, which counts how often it is asked, and a clock that stands still. */
class Desk {
  readonly records = new Map<string, ApiKeyRecord>();
  asked = 0;
  nowMs = START_MS;
  readonly keys = new ApiKeys(
    {
      byId: async (id) => {
        this.asked += 1;
        return this.records.get(id) ?? null;
      },
      create: async () => undefined,
      list: async () => [],
      revoke: async () => false,
    },
    { now: () => new Date(this.nowMs) },
  );

  keep(parts: Partial<ApiKeyRecord> = {}): { id: string; header: string } {
    const { record, header } = kept();
    this.records.set(record.id, { ...record, createdAt: new Date(START_MS), revokedAt: null, ...parts });
    return { id: record.id, header };
  }
}

describe("an API key", () => {
  it("is recognised by its shape alone before anything is looked up", () => {
    const { id, text } = newApiKey();
    expect(readApiKey(text.reveal())?.id).toBe(id);
    for (const odd of ["", "cgk_", `${text.reveal()}x`, text.reveal().slice(1), "cgk_short_secret"]) {
      expect(readApiKey(odd), odd).toBeNull();
    }
  });

  it("prints as nothing, whatever prints it", () => {
    const { text } = newApiKey();
    expect([String(text), JSON.stringify(text)].join()).not.toContain(text.reveal().slice(4, 20));
  });

  it("opens what it was made for", async () => {
    const desk = new Desk();
    const { id, header } = desk.keep({ tenant: "acme", scopes: ["cards:read", "contacts:write"] });
    expect(await desk.keys.authenticate(header)).toEqual({
      tenant: "acme",
      subject: `key:${id}`,
      scopes: new Set(["cards:read", "contacts:write"]),
      expiresAt: null,
    });
  });

  it.each([
    ["nothing is sent", undefined, "missing"],
    ["an empty header is sent", "", "missing"],
    ["another scheme is used", "Basic dXNlcjpwYXNz", "invalid"],
    ["no token follows", "Bearer ", "invalid"],
    ["something else is sent", "Bearer eyJhbGciOiJub25lIn0.e30.", "invalid"],
    ["two are sent", `${kept().header} ${kept().header}`, "invalid"],
    ["it is a header of many kilobytes", `Bearer ${"a".repeat(9_000)}`, "invalid"],
    ["the key is of somebody who made it up", kept().header, "invalid"],
  ])("lets nobody in when %s", async (_name, header, reason) => {
    await expect(new Desk().keys.authenticate(header)).rejects.toMatchObject({ name: "Unauthenticated", reason });
  });

  it("lets nobody in with the id of a key and another secret", async () => {
    const desk = new Desk();
    const { header } = desk.keep();
    const [last] = header.slice(-2);
    const forged = `${header.slice(0, -2)}${last === "A" ? "B" : "A"}${header.slice(-1)}`;
    await expect(desk.keys.authenticate(forged)).rejects.toMatchObject({ reason: "invalid" });
  });

  it("ends at its hour", async () => {
    const desk = new Desk();
    const { header } = desk.keep({ expiresAt: new Date(START_MS + 1_000) });
    expect((await desk.keys.authenticate(header)).expiresAt).toEqual(new Date(START_MS + 1_000));
    desk.nowMs = START_MS + 1_000;
    await expect(desk.keys.authenticate(header)).rejects.toMatchObject({ reason: "expired" });
  });

  it("that was taken back opens nothing ten seconds later", async () => {
    const desk = new Desk();
    const { id, header } = desk.keep();
    await desk.keys.authenticate(header);
    const record = desk.records.get(id);
    if (record) desk.records.set(id, { ...record, revokedAt: new Date(START_MS) });
    desk.nowMs = START_MS + 9_999;
    await desk.keys.authenticate(header);
    expect(desk.asked).toBe(1);
    desk.nowMs = START_MS + 10_000;
    await expect(desk.keys.authenticate(header)).rejects.toMatchObject({ reason: "invalid" });
  });

  it("that was taken back holds no longer for who has a connection open, after the same ten seconds", async () => {
    const desk = new Desk();
    const { id, header } = desk.keep();
    const identity = await desk.keys.authenticate(header);
    expect(await desk.keys.stillHolds(identity)).toBe(true);
    const record = desk.records.get(id);
    if (record) desk.records.set(id, { ...record, revokedAt: new Date(START_MS) });
    desk.nowMs = START_MS + 10_000;
    expect(await desk.keys.stillHolds(identity)).toBe(false);
    desk.records.delete(id);
    desk.nowMs = START_MS + 20_000;
    expect(await desk.keys.stillHolds(identity)).toBe(false);
  });

  it("that nobody knows is asked for once, however often it is tried, until others have pushed it out", async () => {
    const desk = new Desk();
    const { header } = kept();
    for (let turn = 0; turn < 3; turn += 1) await desk.keys.authenticate(header).catch(() => undefined);
    expect(desk.asked).toBe(1);
    for (let turn = 0; turn < 1_000; turn += 1) await desk.keys.authenticate(kept().header).catch(() => undefined);
    await desk.keys.authenticate(header).catch(() => undefined);
    expect(desk.asked).toBe(1_002);
  });
});

onEveryDatabase((stores) => {
  const store = (): SqlApiKeyStore => new SqlApiKeyStore(stores().database.db);

  describe("API keys in the database", () => {
    it("come back as they were made, newest first, and hold no key", async () => {
      const { record, header } = kept({ scopes: ["cards:read", "cards:write"], expiresAt: new Date(START_MS) });
      await store().create(record);
      expect(await store().byId(record.id)).toEqual({ ...record, createdAt: expect.any(Date), revokedAt: null });
      const later = kept().record;
      await store().create(later);
      expect((await store().list(2)).map(({ id }) => id)).toEqual([later.id, record.id]);
      const rows = JSON.stringify(await stores().rows("select * from api_keys"));
      expect(rows).toContain(record.id);
      expect(rows).not.toContain(header.slice(-43));
    });

    it("are taken back once", async () => {
      const { record } = kept();
      await store().create(record);
      expect([await store().revoke(record.id), await store().revoke(record.id)]).toEqual([true, false]);
      expect((await store().byId(record.id))?.revokedAt).toBeInstanceOf(Date);
      expect(await store().revoke("nobodysnobod")).toBe(false);
      expect(await store().byId("nobodysnobod")).toBeNull();
    });
  });
});
