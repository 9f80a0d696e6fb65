import { describe, expect, it } from "vitest";
import { toCardRanges } from "../../../src/datasources/prepaidify/mapping.js";
import { parseCardRanges, parseJson } from "../../../src/datasources/prepaidify/wire.js";

describe("card ranges", () => {
  it("come in the provider's order, each once, with what is known of them", () => {
    const ranges = parseCardRanges([
      { vid: "last" },
      { vid: "second", posOrder: "2", cardBin: "-", newCardMinDepositAmount: { amount: 5, currency: "dollars" } },
      {
        vid: "first",
        posOrder: 1,
        cardBin: "400000",
        desp: "Debit",
        cardCount: 3,
        activeCardCount: -1,
        newCardMinDepositAmount: { amount: 200, currency: "USD" },
        accountBalance: null,
      },
      { vid: "first", posOrder: 9 },
    ]);
    const nothing = { cardCount: null, activeCardCount: null, minDeposit: null, accountBalance: null };
    expect(toCardRanges(ranges ?? [])).toEqual([
      {
        ...nothing,
        id: "first",
        bin: "400000",
        description: "Debit",
        cardCount: 3,
        minDeposit: { amountMinor: 200, currency: "USD" },
      },
      { ...nothing, id: "second", bin: null, description: null },
      { ...nothing, id: "last", bin: null, description: null },
    ]);
  });

  it.each([[null], [{}], [[{ cardBin: "400000" }]], [[{ vid: "" }]], ["none"]])("are not %j", (model) => {
    expect(parseCardRanges(model)).toBeNull();
  });
});

describe("JSON on the wire", () => {
  it("keeps whole numbers exactly, too large ones as text", () => {
    expect(parseJson('{"traceId":9007199254740993,"amount":1.5}')).toEqual({
      traceId: "9007199254740993",
      amount: 1.5,
    });
  });

  it.each(["", "{", "<html>", '{"a":1}x'])("is not %j", (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});
