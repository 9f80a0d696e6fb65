import { describe, expect, it } from "vitest";
import { adviceFor } from "../../examples/web/src/advice.js";
import { fieldErrors } from "../../examples/web/src/field-errors.js";
import type { CardOrderState, CardStatus, ErrorCode } from "../../examples/web/src/generated/graphql.js";
import { headlineOf, stagesOf } from "../../examples/web/src/stages.js";
import { ERROR_CODES } from "../../src/domain/user-error.js";

const refusal = (field: string[] | null, message: string, code: ErrorCode = "INVALID_INPUT") => {
  return { code, message, field, retryable: false };
};

describe("what is wrong with an order", () => {
  it("stands at its field, under the field's own name", () => {
    const faults = [
      refusal(["cardHolder", "firstName"], "cardHolder.firstName must be longer"),
      refusal(["cardHolder", "firstName"], "cardHolder.firstName must be letters"),
    ];
    const { byPath, rest } = fieldErrors(faults);
    expect(byPath.get("cardHolder.firstName")).toEqual(["First name must be longer", "First name must be letters"]);
    expect(rest).toEqual([]);
  });

  it.each([null, ["customerId"], ["toString"], ["cardHolder"]])("stands above all when its field is %j", (field) => {
    const { byPath, rest } = fieldErrors([refusal(field, "It is wrong.")]);
    expect(byPath.size).toBe(0);
    expect(rest).toEqual(["It is wrong. Correct the marked fields and send the order again."]);
  });
});

describe("what a person can do about a refusal", () => {
  it("is a sentence of its own for every code, and for one that a newer server knows", () => {
    for (const code of ERROR_CODES) expect(adviceFor(code)).toMatch(/\.$/);
    expect(adviceFor("NEW_CODE" as ErrorCode)).toBe(adviceFor("PROVIDER_REJECTED"));
  });
});

describe("the stages of an order", () => {
  const shown = (state: CardOrderState, status: CardStatus | null): string =>
    stagesOf({ state, status })
      .map((stage) => stage.state[0])
      .join("");

  it.each([
    ["PENDING", null, "dcwww"],
    ["UNCONFIRMED", null, "dcwww"],
    ["ACCEPTED", null, "ddcww"],
    ["ACCEPTED", "INIT", "ddcww"],
    ["ACCEPTED", "INIT_CREATE_CARD_HOLDER", "ddcww"],
    ["ACCEPTED", "INIT_CREATE_CARD", "dddcw"],
    ["ACCEPTED", "INIT_ACTIVE_CARD", "ddddc"],
    ["ACCEPTED", "UNRECOGNIZED", "ddcww"],
    ["COMPLETED", "ACTIVE", "ddddd"],
    ["FAILED", null, "dfwww"],
    ["FAILED", "CREATE_CARD_FAILED_REFUND", "ddfww"],
    ["NEEDS_REVIEW", null, "dhwww"],
  ] as const)("of one that is %s with a card that is %s", (state, status, stages) => {
    expect(shown(state, status)).toBe(stages);
  });

  it("can be shown of a state that a newer server knows", () => {
    expect(shown("PAUSED" as CardOrderState, null)).toBe("dcwww");
    expect(headlineOf("PAUSED" as CardOrderState)).toBe("The order is under way.");
  });
});
