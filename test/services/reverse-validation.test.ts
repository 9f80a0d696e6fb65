import { describe, expect, it } from "vitest";
import type { AccountInbox } from "../../src/domain/account-inbox.js";
import type { InboxStore } from "../../src/domain/card-store.js";
import type { JournalEntry } from "../../src/domain/journal.js";
import type { OrderStore } from "../../src/domain/order-store.js";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { OrderCallbackDesk } from "../../src/services/callback-desk.js";

/** A desk whose database answers what the test says, in a process that is calling the provider for `ours` alone. */
function deskOver(isSending: () => Promise<boolean>) {
  const entries: JournalEntry[] = [];
  const desk = new OrderCallbackDesk({
    orders: { isSending } as unknown as OrderStore,
    inbox: {} as InboxStore,
    accountInbox: {} as AccountInbox,
    sendOrder: { isCalling: (_provider, orderNo) => orderNo === "ours" },
    journal: { record: (entry) => void entries.push(entry) },
    timeoutMs: 900,
    onStored: () => undefined,
  });
  return { desk, entries };
}

const away = async (): Promise<boolean> => {
  throw new StoreUnavailable("unreachable");
};

describe("reverse validation while the database may be away", () => {
  it("believes the database, even about an order that this process is sending", async () => {
    const { desk } = deskOver(async () => false);
    expect(await desk.isSending("PREPAIDIFY", "create", "ours")).toBe(false);
  });

  it("confirms this process's own order while the database is away", async () => {
    const { desk, entries } = deskOver(away);
    expect(await desk.isSending("PREPAIDIFY", "create", "ours")).toBe(true);
    expect(entries).toMatchObject([{ event: "reverse_validation", outcome: "confirmed" }]);
  });

  it("never confirms another operation on it", async () => {
    const { desk } = deskOver(away);
    expect(await desk.isSending("PREPAIDIFY", "refund", "ours")).toBe(false);
  });

  it("waits for the database about any other order, and gives up within the call", async () => {
    const { desk, entries } = deskOver(away);
    const startedMs = performance.now();
    await expect(desk.isSending("PREPAIDIFY", "create", "theirs")).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - startedMs).toBeLessThan(900);
    expect(entries).toEqual([]);
  });

  it("answers what the database says once it is back", async () => {
    let asked = 0;
    const { desk } = deskOver(async () => (++asked === 1 ? away() : true));
    expect(await desk.isSending("PREPAIDIFY", "create", "theirs")).toBe(true);
  });
});
