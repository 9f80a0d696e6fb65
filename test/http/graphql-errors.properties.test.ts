import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutValues } from "../../src/http/graphql-errors.js";
import { CARD, CONTACT, EMAIL, LIST, messagesOf, order, PAN, whole } from "./graphql-faults.js";

/** A text somebody might send: an address, a card number or a mobile number between anything. */
const secret = fc.constantFrom(EMAIL, PAN, "4111 1111 1111 1111", "+8613800138000");
const around = fc.oneof(
  fc.string({ maxLength: 10 }),
  fc.constantFrom('"; ', ' at "input.email"; ', "String cannot represent ", ", found ", "\n", '"', "\\", "Value "),
);
const text = fc.tuple(around, secret, around).map((parts) => parts.join(" "));
const LEAK = /planted@|4111[ -]?1111[ -]?1111|13800138000/;

describe("whatever is planted", () => {
  const anyVariables = fc.constantFrom<(value: unknown) => readonly [string, Record<string, unknown>]>(
    (value) => [CONTACT, { input: value }],
    (value) => [CONTACT, { input: { ...whole, email: value } }],
    (value) => [CONTACT, { input: { ...whole, provider: value } }],
    (value) => [CONTACT, { input: { ...whole, [String(value)]: 1 } }],
    (value) => [CARD, { input: { orderNo: value, cardRangeId: { a: value } } }],
    (value) => [CARD, { input: { ...order, deposit: { amountMinor: value, currency: value } } }],
    (value) => [CARD, { input: { ...order, cardHolder: { firstName: value } } }],
    (value) => [LIST, { first: value }],
    (value) => [LIST, { filter: { status: value, customerId: value } }],
  );
  const value = fc.oneof(
    text,
    fc.constant(Number(PAN)),
    text.map((one) => [one]),
    text.map((one) => ({ [one]: one, deep: { email: one } })),
  );

  it("in variables is in no message", async () => {
    await fc.assert(
      fc.asyncProperty(anyVariables, value, async (request, planted) => {
        for (const message of await messagesOf(...request(planted))) expect(withoutValues(message)).not.toMatch(LEAK);
      }),
      { numRuns: 1_000 },
    );
  });

  it("as a literal anywhere in a document is in no message", async () => {
    const literal = fc.oneof(
      text.map((one) => JSON.stringify(one)),
      text.map((one) => `"""${one.replaceAll('"""', "").replaceAll("\\", "")} """`),
      text.map((one) => `{ email: ${JSON.stringify(one)} }`),
      fc.constant(PAN),
      fc.constant(`${PAN}.5`),
    );
    const place = fc.constantFrom<(literal: string) => string>(
      (one) => `{ cards(first: ${one}) { edges { cursor } } }`,
      (one) => `{ cardOrder(orderNo: [${one}]) { id } }`,
      (one) => `{ cardRanges(provider: ${one}) { id } }`,
      (one) => `{ cards(filter: { status: ${one} }) { edges { cursor } } }`,
      (one) => `mutation { createCardContact(input: ${one}) { replayed } }`,
      (one) => `mutation { createVirtualCard(input: { deposit: { amountMinor: ${one} } }) { replayed } }`,
      (one) => `{ providers @skip(if: ${one}) { code } }`,
      (one) => `query($a: Int = ${one}) { cards(first: $a) { edges { cursor } } }`,
      (one) => `{ providers ${one} { code } }`,
      (one) => `${one} { providers { code } }`,
    );
    await fc.assert(
      fc.asyncProperty(place, literal, async (document, planted) => {
        for (const message of await messagesOf(document(planted))) expect(withoutValues(message)).not.toMatch(LEAK);
      }),
      { numRuns: 1_000 },
    );
  });

  it("as the name of an operation is in no message", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (planted) => {
        const messages = await messagesOf("query A { providers { code } }", {}, planted);
        for (const message of messages) expect(withoutValues(message)).not.toMatch(LEAK);
      }),
      { examples: [[`1 ${PAN}`]] },
    );
  });
});
