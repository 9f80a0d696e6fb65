import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseCardModel } from "../../../src/datasources/prepaidify/wire.js";
import { parseCardSecrets } from "../../../src/datasources/prepaidify/wire-secrets.js";

/** A number of Visa's published test range. */
const NUMBER = "4111111111111111";
const CARD = {
  cardId: "c_1",
  status: "ACTIVE",
  deposit: 1_000,
  number: NUMBER,
  cvc: "907",
  expMonth: 7,
  expYear: 2029,
};
const read = (change: object) => parseCardSecrets({ card: { ...CARD, holderName: "Milton Schmitt", ...change } });

describe("number and CVC of a described card", () => {
  it("are there, under lock, with what else is needed to pay", () => {
    const { secrets } = read({}) ?? {};
    const { number, cvc, expMonth, expYear } = CARD;
    expect(secrets?.reveal()).toEqual({ number, cvc, expMonth, expYear, holderName: "Milton Schmitt" });
    for (const shown of [String(secrets), JSON.stringify({ secrets }), inspect(secrets, { showHidden: true })]) {
      expect(shown).not.toMatch(/4111|907|Milton/);
    }
  });

  it.each([
    [{ number: "4111 1111-1111 1111" }, { number: NUMBER }],
    [{ cvc: "1234" }, { cvc: "1234" }],
    [
      { expMonth: "07", expYear: "2029" },
      { expMonth: 7, expYear: 2029 },
    ],
    [{ holderName: null }, { holderName: null }],
    [{ holderName: "-" }, { holderName: null }],
    [{ holderName: 7 }, { holderName: null }],
  ])("are understood as %o", (change, meant) => {
    expect(read(change)?.secrets?.reveal()).toMatchObject(meant);
  });

  it.each([
    { number: "-", cvc: "-", expMonth: 0, expYear: 0 },
    { number: NUMBER, cvc: "-" },
    { number: null },
    { cvc: undefined },
    { number: "" },
  ])("are not there yet where placeholders are: %o", (change) => {
    expect(read(change)).toEqual({ secrets: null });
  });

  it.each([
    { number: "4111111111111112" },
    { number: "411111******1111" },
    { number: "411111" },
    { number: 4111111111111111 },
    { cvc: "12" },
    { cvc: "12345" },
    { cvc: 907 },
    { cvc: "***" },
    { expMonth: 13 },
    { expMonth: 0 },
    { expYear: 29 },
    { expYear: null },
  ])("are not believed where they are not what they should be: %o", (change) => {
    expect(read(change)).toBeNull();
  });

  it.each([null, "text", {}, { card: null }, { card: [] }])("are not in %o", (model) => {
    expect(parseCardSecrets(model)?.secrets ?? null).toBeNull();
  });

  it("end where every other reading of a card is parsed", () => {
    const model = parseCardModel({ card: CARD });
    expect(model?.card.cardId).toBe("c_1");
    expect(JSON.stringify(model)).not.toMatch(/4111|907/);
  });
});
