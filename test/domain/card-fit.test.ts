import { describe, expect, it } from "vitest";
import { fits } from "../../src/domain/order-transition.js";
import { DEPOSIT, snapshot } from "./order-facts.js";

describe("whether a card is the one that was ordered", () => {
  const order = { deposit: DEPOSIT, customerId: "customer-1" };

  it("asks for the deposit to the cent, in its currency", () => {
    expect(fits(order, snapshot({ status: "ACTIVE" }))).toBe(true);
    expect(fits(order, snapshot({ status: "ACTIVE", depositMinor: 999 }))).toBe(false);
    expect(fits(order, snapshot({ status: "ACTIVE", depositMinor: 1_001 }))).toBe(false);
    expect(fits(order, snapshot({ currency: "HKD" }))).toBe(false);
  });

  it("lets a deposit be zero only while the card is opening or after it was undone", () => {
    const bare = (status: "INIT" | "INIT_ACTIVE_CARD" | "CREATE_CARD_FAILED_REFUND" | "ACTIVE" | "CANCELED") =>
      fits(order, snapshot({ status, depositMinor: 0 }));
    expect([bare("INIT"), bare("INIT_ACTIVE_CARD"), bare("CREATE_CARD_FAILED_REFUND")]).toEqual([true, true, true]);
    expect([bare("ACTIVE"), bare("CANCELED")]).toEqual([false, false]);
  });

  it("refuses another customer's card, and cannot hold a missing customer against one", () => {
    expect(fits(order, snapshot({ customerId: "customer-2" }))).toBe(false);
    expect(fits(order, snapshot({ customerId: null }))).toBe(true);
    expect(fits({ ...order, customerId: null }, snapshot({ customerId: "customer-2" }))).toBe(true);
  });
});
