import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../src/domain/account-inbox.js";
import { OrderCallbackDesk } from "../../src/services/callback-desk.js";
import { callback, fresh, newOrder } from "../store/stores.js";
import { onStage } from "./stage.js";

const stage = onStage();

function desk() {
  const { orders, inbox, accountInbox, parts } = stage();
  let stored = 0;
  const made = new OrderCallbackDesk({ ...parts, orders, inbox, accountInbox, onStored: () => void stored++ });
  return { desk: made, stored: () => stored };
}

describe("a provider that asks whether an order is ours", () => {
  const asked = (operation: string, outcome: string) => ({
    event: "reverse_validation",
    provider: "PREPAIDIFY",
    operation,
    outcome,
  });

  it("is told so while the order is being sent, and at no other time", async () => {
    const [before, during, after] = [await stage().intent(), await stage().sending(), await stage().unconfirmed()];
    const confirms = ({ orderNo }: { orderNo: string }) => desk().desk.isSending("PREPAIDIFY", "create", orderNo);
    expect(await confirms(during)).toBe(true);
    expect(await confirms(before)).toBe(false);
    expect(await confirms(after)).toBe(false);
    expect(stage().journal).toEqual([
      asked("create", "confirmed"),
      asked("create", "refused"),
      asked("create", "refused"),
    ]);
  });

  it("is refused for every operation that this server never sends, whatever it is called", async () => {
    const order = await stage().sending();
    for (const operation of ["refund", "4111 1111 1111 1111"]) {
      expect(await desk().desk.isSending("PREPAIDIFY", operation, order.orderNo)).toBe(false);
    }
    expect(stage().journal).toEqual([asked("other", "refused"), asked("other", "refused")]);
  });
});

describe("a callback", () => {
  const received = (outcome: string) => ({ event: "callback_received", provider: "PREPAIDIFY", outcome });

  it("is stored, and those who take orders up are told at once", async () => {
    const order = newOrder();
    await stage().orders.place(order);
    const { desk: one, stored } = desk();
    const event = callback(order);
    expect(await one.receive(event)).toBe(true);
    expect(stored()).toBe(1);
    expect(await one.receive(event)).toBe(true);
    expect(await one.receive(callback(order, { orderNo: "another-order" }))).toBe(true);
    expect(stored()).toBe(1);
    expect(stage().journal).toEqual([received("stored"), received("duplicate"), received("misdirected")]);
  });

  it("to an address that is no order's is refused, and nobody is told", async () => {
    const { desk: one, stored } = desk();
    expect(await one.receive(callback(newOrder()))).toBe(false);
    expect(stored()).toBe(0);
    expect(stage().journal).toEqual([received("unknown_token")]);
  });
});

describe("an event to the account's address", () => {
  const concerning = (orderNo: string): AccountEvent => ({
    provider: "PREPAIDIFY",
    eventType: "CARD_STATUS",
    payload: {},
    targets: [{ dedupeKey: fresh("event"), orderNo, providerCardId: null, providerUserId: null }],
  });
  const received = (outcome: string) => ({ event: "callback_received", provider: "PREPAIDIFY", outcome });

  it("about an order of ours is stored with it, and those who take orders up are told at once", async () => {
    const order = await stage().unconfirmed();
    const { desk: one, stored } = desk();
    const event = concerning(order.orderNo);
    await one.receiveForAccount(event);
    expect(stored()).toBe(1);
    expect(await stage().verdictsOf(order)).toEqual([null]);
    await one.receiveForAccount(event);
    expect(stored()).toBe(1);
    expect(stage().journal).toEqual([received("stored"), received("duplicate")]);
  });

  it("about nothing of ours waits, and makes nobody look", async () => {
    const { desk: one, stored } = desk();
    await one.receiveForAccount(concerning("nobody-s-order"));
    expect(stored()).toBe(0);
    expect(stage().journal).toEqual([received("unlinked")]);
  });
});
