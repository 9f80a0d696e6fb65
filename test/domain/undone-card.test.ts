import { describe, expect, it } from "vitest";
import { transition } from "../../src/domain/order-transition.js";
import { facts, seen } from "./order-facts.js";

describe("a card that was undone", () => {
  const waiting = facts({ state: "UNCONFIRMED" });
  const bare = { depositMinor: 0 };

  it("is not believed by a callback's word alone when it is bare of its deposit: it would fit any order", () => {
    expect(transition(waiting, seen("callback", "CREATE_CARD_FAILED_REFUND", bare))).toBeNull();
    expect(transition(waiting, seen("callback", "CREATE_CARD_FAILED_REFUND"))).toMatchObject({ state: "FAILED" });
  });

  it("settles the order when the provider's own answer named it", () => {
    expect(transition(waiting, seen("answer", "CREATE_CARD_FAILED_REFUND", bare))).toMatchObject({ state: "FAILED" });
  });
});
