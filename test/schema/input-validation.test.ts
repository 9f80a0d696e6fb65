import { randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputFaults } from "../../src/resolvers/validate.js";
import {
  CardHolderInput,
  CreateCardContactInput,
  CreateVirtualCardInput,
  MoneyInput,
} from "../../src/schema/inputs.js";

interface CardParts {
  readonly [name: string]: unknown;
  readonly deposit?: { readonly amountMinor?: unknown; readonly currency?: unknown };
  readonly cardHolder?: { readonly firstName?: unknown; readonly lastName?: unknown } | null;
}

/** An order as GraphQL hands it over: instances of the input classes; right but for the parts. */
function card({ deposit, cardHolder, ...parts }: CardParts): CreateVirtualCardInput {
  return Object.assign(new CreateVirtualCardInput(), { orderNo: "order-1", cardRangeId: "100" }, parts, {
    deposit: Object.assign(new MoneyInput(), { amountMinor: 1_000, currency: "USD" }, deposit),
    ...(cardHolder === undefined
      ? {}
      : {
          cardHolder:
            cardHolder && Object.assign(new CardHolderInput(), { firstName: "Leon", lastName: "Smith" }, cardHolder),
        }),
  });
}

/** A contact as GraphQL hands it over; right but for the parts. */
function contact(parts: Readonly<Record<string, unknown>>): CreateCardContactInput {
  const whole = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email: "leon@person.example" };
  return Object.assign(new CreateCardContactInput(), whole, parts);
}

const letters = (count: number): string => "a".repeat(count);
const url = (length: number): string => `https://hooks.example/${letters(length - "https://hooks.example/".length)}`;
const EMAIL_64 = `${letters(64)}@person.example`;
const EMAIL_65 = `${letters(65)}@person.example`;

type Case = readonly [field: string, input: object];

const ACCEPTED: readonly Case[] = [
  ...["a", letters(32), "A-Z_09", "-", "0"].map((orderNo): Case => ["orderNo", card({ orderNo })]),
  ...["1", letters(64), "a_B-9"].map((cardRangeId): Case => ["cardRangeId", card({ cardRangeId })]),
  ...[500, 501, 499_999, 500_000].map((amountMinor): Case => ["deposit", card({ deposit: { amountMinor } })]),
  ...["Bob", letters(64), "ABC"].map((firstName): Case => ["cardHolder", card({ cardHolder: { firstName } })]),
  ["cardHolder", card({ cardHolder: null })],
  ...["x", letters(64), "~!@#$%"].map((customerId): Case => ["customerId", card({ customerId })]),
  ...["https://hooks.example", url(256), "https://localhost/x", "https://10.0.0.1:8443/x?y=1"].map(
    (callbackUrl): Case => ["callbackUrl", card({ callbackUrl })],
  ),
  ["nulls", card({ email: null, customerId: null, callbackUrl: null, provider: null })],
  ...["leon+cards@mail.person.example", EMAIL_64].map((email): Case => ["email", card({ email })]),
  ...["L", letters(64), "Анна", "O'Neil-Smith", "李", " x "].map((firstName): Case => ["name", contact({ firstName })]),
  ...["+1234567", "+123456789012345"].map((mobile): Case => ["mobile", contact({ mobile })]),
  ...["en", "pt-BR", "zh-Hans-CN", "en_US"].map((language): Case => ["language", contact({ language })]),
  ...["k", letters(128)].map((idempotencyKey): Case => ["idempotencyKey", contact({ idempotencyKey })]),
];

const REFUSED: readonly Case[] = [
  ...["jörg@person.example", "leon@pärson.example"].map((email): Case => ["email", card({ email })]),
  ...["", letters(33), "a b", "a.b", "é", "a\n", "a/b", "4111111111111111"].map(
    (orderNo): Case => ["orderNo", card({ orderNo })],
  ),
  ...["", letters(65), "1 2", "../1"].map((cardRangeId): Case => ["cardRangeId", card({ cardRangeId })]),
  ...[499, 0, -1_000, 500_001, Number.MAX_SAFE_INTEGER].map(
    (amountMinor): Case => ["deposit.amountMinor", card({ deposit: { amountMinor } })],
  ),
  ...["usd", "EUR", ""].map((currency): Case => ["deposit.currency", card({ deposit: { currency } })]),
  ...["", "Al", "J0hn", "Le on", "Léon", "Leon\n"].flatMap((name): Case[] => [
    ["cardHolder.firstName", card({ cardHolder: { firstName: name } })],
    ["cardHolder.lastName", card({ cardHolder: { lastName: name } })],
  ]),
  ["cardHolder.firstName", card({ cardHolder: { firstName: letters(65) } })],
  ["cardHolder.lastName", card({ cardHolder: { lastName: letters(65) } })],
  ...["", letters(65), "a b", "é", "a\t", "4111-1111-1111-1111"].map(
    (customerId): Case => ["customerId", card({ customerId })],
  ),
  ...["http://hooks.example", "https://user@hooks.example", "https://user:pw@hooks.example", "hooks.example"].map(
    (callbackUrl): Case => ["callbackUrl", card({ callbackUrl })],
  ),
  ...["", "javascript:alert(1)", "ftp://hooks.example", "https://", "https://hooks example", url(257)].map(
    (callbackUrl): Case => ["callbackUrl", card({ callbackUrl })],
  ),
  ...["", "leon", "leon@", "@person.example", "a@b", EMAIL_65, "a b@person.example"].flatMap((email): Case[] => [
    ["email", card({ email })],
    ["email", contact({ email })],
  ]),
  // Halves of a character, which are no text.
  ...["\ud800", "\udfff\ud800", "leon\ud83d@person.example"].map((email): Case => ["email", contact({ email })]),
  ...["", letters(65), "   ", "a\u0000b", "a\nb"].flatMap((name): Case[] => [
    ["firstName", contact({ firstName: name })],
    ["lastName", contact({ lastName: name })],
  ]),
  ...["", "861234789999", "+0123456789", "+123456", "+1234567890123456", "+1 234 567", "+1234567\n"].map(
    (mobile): Case => ["mobile", contact({ mobile })],
  ),
  ...["", "e", "englishes-en", "en-", "e n"].map((language): Case => ["language", contact({ language })]),
  ...["", letters(129), "a b", "é"].map((idempotencyKey): Case => ["idempotencyKey", contact({ idempotencyKey })]),
];

const label = ([field, input]: Case): readonly [string, string, object] => [field, JSON.stringify(input), input];

describe("an input within its rules", () => {
  it.each(ACCEPTED.map(label))("%s: %s is accepted", (_field, _text, input) => expect(inputFaults(input)).toEqual([]));
});

describe("an input beyond a rule", () => {
  it.each(REFUSED.map(label))("%s: %s is refused once, at its path", (field, _text, input) => {
    const message = expect.stringMatching(new RegExp(`^${field.replace(".", "\\.")} must `));
    expect(inputFaults(input)).toEqual([
      { code: "INVALID_INPUT", message, field: field.split("."), retryable: false, providerCode: null },
    ]);
  });

  it("is told every fault at once, one error each", () => {
    const input = card({
      orderNo: "a b",
      cardRangeId: "",
      deposit: { amountMinor: 1, currency: "EUR" },
      cardHolder: { firstName: "A1", lastName: "" },
      email: "x",
      customerId: "",
      callbackUrl: "http://x",
    });
    expect(inputFaults(input).map(({ field }) => field?.join("."))).toEqual([
      "orderNo",
      "cardRangeId",
      ...["deposit.amountMinor", "deposit.currency"],
      ...["cardHolder.firstName", "cardHolder.lastName"],
      "email",
      "customerId",
      "callbackUrl",
    ]);
    const faults = inputFaults(contact({ firstName: "", lastName: " ", mobile: "1", email: "2", language: "3" }));
    expect(faults.map(({ field }) => field?.[0])).toEqual(["firstName", "lastName", "mobile", "email", "language"]);
  });

  it("is told two rules of one field as two errors", () => {
    const faults = inputFaults(card({ cardHolder: { firstName: `${letters(64)}1` } }));
    expect(faults.map(({ field }) => field?.join("."))).toEqual(["cardHolder.firstName", "cardHolder.firstName"]);
  });
});

describe("the message of a fault", () => {
  /** Texts that could not be part of one of our sentences by chance. */
  const planted = fc
    .string({ unit: "binary", minLength: 2, maxLength: 70 })
    .map((text) => `${text}${randomInt(1e9, 1e10)}`);
  const amount = fc.integer().filter((value) => Math.abs(value) > 10_000_000);

  it("never holds a value of the input", () => {
    fc.assert(
      fc.property(fc.record({ a: planted, b: planted, c: planted, d: planted, e: planted }), amount, (text, minor) => {
        const { a, b, c, d, e } = text;
        const faults = [
          ...inputFaults(contact({ firstName: `${a}\n`, lastName: `${b}\n`, mobile: c, email: d, language: e })),
          ...inputFaults(
            card({
              orderNo: ` ${a}`,
              cardRangeId: ` ${b}`,
              deposit: { amountMinor: minor, currency: c },
              cardHolder: { firstName: d, lastName: e },
              email: a,
              customerId: ` ${b}`,
              callbackUrl: c,
            }),
          ),
        ];
        expect(faults.length).toBeGreaterThanOrEqual(13);
        const told = JSON.stringify(faults);
        for (const value of [a, b, c, d, e, String(minor)]) {
          expect(told).not.toContain(JSON.stringify(value).slice(1, -1));
          expect(told).not.toContain(value.slice(-10));
        }
      }),
    );
  });

  it("is the same for every value that breaks the same rule", () => {
    const messages = REFUSED.map(([field, input]) => `${field}: ${inputFaults(input)[0]?.message}`);
    expect(new Set(messages).size).toBeLessThan(25);
  });
});
