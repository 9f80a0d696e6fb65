import { describe, expect, it } from "vitest";
import { CARD_ORDER_STATES, ORDER_STATES, publicState, statesSeenAs } from "../../src/domain/order.js";

describe("the states behind the one that clients see", () => {
  it.each(CARD_ORDER_STATES)("%s: all that are seen so, however often the order went out, and no others", (seen) => {
    const behind = ORDER_STATES.filter((state) => [0, 1, 2, 7].some((sends) => publicState(state, sends) === seen));
    expect(statesSeenAs(seen)).toEqual(behind);
    expect(behind.length).toBeGreaterThan(0);
  });

  it("has an order that is being sent in two of them", () => {
    expect(CARD_ORDER_STATES.filter((seen) => statesSeenAs(seen).includes("SENDING"))).toEqual([
      "PENDING",
      "UNCONFIRMED",
    ]);
  });
});
