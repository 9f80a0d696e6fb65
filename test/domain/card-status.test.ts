import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CARD_STATUSES, judgeStatus, type KnownCardStatus, lifecycleOf } from "../../src/domain/card-status.js";

const KNOWN = CARD_STATUSES.filter((status): status is KnownCardStatus => status !== "UNRECOGNIZED");
const NAMES: readonly KnownCardStatus[] = [
  "INIT",
  "INIT_CREATE_CARD_HOLDER",
  "INIT_CREATE_CARD",
  "INIT_ACTIVE_CARD",
  "ACTIVE",
  "FREEZE",
  "CANCELLING",
  "CANCELED",
  "EXPIRED",
  "DELETED",
  "CREATE_CARD_FAILED_REFUND",
];

/**
 * Row: the last recognised status; column: the observed one, both in the order above.
 * y: apply, l: late, X: contradiction.
 */
const VERDICTS = [
  ["INIT", "yyyyyyyyyyy"],
  ["INIT_CREATE_CARD_HOLDER", "lyyyyyyyyyy"],
  ["INIT_CREATE_CARD", "llyyyyyyyyy"],
  ["INIT_ACTIVE_CARD", "lllyyyyyyyy"],
  ["ACTIVE", "llllyyyyyyX"],
  ["FREEZE", "llllyyyyyyX"],
  ["CANCELLING", "llllllyyyyX"],
  ["CANCELED", "lllllllylyX"],
  ["EXPIRED", "llllllllyyX"],
  ["DELETED", "lllllllllyX"],
  ["CREATE_CARD_FAILED_REFUND", "llllXXXXXXy"],
] as const;

describe("the part of a card's life that a status belongs to", () => {
  it.each([
    ["OPENING", ["INIT", "INIT_CREATE_CARD", "INIT_CREATE_CARD_HOLDER", "INIT_ACTIVE_CARD"]],
    ["ACTIVE", ["ACTIVE"]],
    ["BLOCKED", ["FREEZE"]],
    ["CLOSING", ["CANCELLING"]],
    ["CLOSED", ["CANCELED", "DELETED", "EXPIRED"]],
    ["FAILED", ["CREATE_CARD_FAILED_REFUND"]],
    ["UNKNOWN", ["UNRECOGNIZED"]],
  ])("%s holds %j and no other", (lifecycle, statuses) => {
    expect(CARD_STATUSES.filter((status) => lifecycleOf(status) === lifecycle)).toEqual(statuses);
  });
});

describe("an observed status", () => {
  it("is compared with every status there is", () => {
    expect(new Set(NAMES)).toEqual(new Set(KNOWN));
    expect(VERDICTS.map(([known]) => known)).toEqual(NAMES);
  });

  it.each(VERDICTS)("after %s is judged %s", (known, row) => {
    const letters = { apply: "y", late: "l", contradiction: "X" };
    expect(NAMES.map((observed) => letters[judgeStatus(known, observed)]).join("")).toBe(row);
  });

  it("is taken over when nothing is known yet, and when nobody knows it", () => {
    for (const status of CARD_STATUSES) expect(judgeStatus(null, status)).toBe("apply");
    for (const known of KNOWN) expect(judgeStatus(known, "UNRECOGNIZED")).toBe("apply");
  });

  it("may go either way only between the active and the frozen", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), fc.constantFrom(...KNOWN), (left, right) => {
        if (left === right || judgeStatus(left, right) !== "apply" || judgeStatus(right, left) !== "apply") return;
        expect([left, right].sort()).toEqual(["ACTIVE", "FREEZE"]);
      }),
    );
  });
});
