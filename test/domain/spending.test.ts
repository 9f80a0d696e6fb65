import { describe, expect, it } from "vitest";
import { CARD_STATUSES, lifecycleOf } from "../../src/domain/card-status.js";
import { ORDER_STATES } from "../../src/domain/order.js";
import { countsAsSpent } from "../../src/domain/spending.js";

describe("an order", () => {
  it.each(ORDER_STATES.filter((state) => state !== "FAILED"))("counts as spent while it is %s", (state) => {
    for (const status of [null, ...CARD_STATUSES]) expect(countsAsSpent(state, status)).toBe(true);
  });

  it("that failed without a card does not", () => expect(countsAsSpent("FAILED", null)).toBe(false));

  it.each(CARD_STATUSES)("that failed with a card that is %s counts unless that was refunded", (status) => {
    expect(countsAsSpent("FAILED", status)).toBe(lifecycleOf(status) !== "FAILED");
  });
});
