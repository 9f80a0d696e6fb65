import { GraphQLError, type GraphQLFormattedError, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { isUnplanned, presentError, withoutValues } from "../../src/http/graphql-errors.js";
import { CARD, CONTACT, EMAIL, errorsOf, LIST, messagesOf, NAME, order, PAN, whole } from "./graphql-faults.js";

/** Requests that graphql refuses, and what the caller is told. A planted value stands in each. */
const REQUESTS: readonly (readonly [string, string, Record<string, unknown>, string])[] = [
  [
    "a variable that lacks a field",
    CONTACT,
    { input: { firstName: NAME, lastName: EMAIL, mobile: PAN } },
    'Variable "$input" is not valid: field "email" of type "String!" is missing.',
  ],
  [
    "a variable with a field too many",
    CONTACT,
    { input: { ...whole, [EMAIL]: NAME } },
    'Variable "$input" is not valid: it does not fit type "CreateCardContactInput".',
  ],
  [
    "a variable with an object for a text",
    CONTACT,
    { input: { ...whole, email: { [NAME]: EMAIL } } },
    'Variable "$input" is not valid at "input.email": it does not fit type "String".',
  ],
  [
    "a variable with a number for a text",
    CONTACT,
    { input: { ...whole, mobile: Number(PAN) } },
    'Variable "$input" is not valid at "input.mobile": it does not fit type "String".',
  ],
  [
    "a variable with null where there must be one",
    CONTACT,
    { input: { ...whole, email: null } },
    'Variable "$input" is not valid at "input.email": it does not fit type "String!".',
  ],
  [
    "a variable with a value that an enum lacks",
    CONTACT,
    { input: { ...whole, provider: EMAIL } },
    'Variable "$input" is not valid at "input.provider": it does not fit type "ProviderCode".',
  ],
  [
    "a variable with a number for an enum",
    CARD,
    { input: { ...order, provider: Number(PAN) } },
    'Variable "$input" is not valid at "input.provider": it does not fit type "ProviderCode".',
  ],
  [
    "a variable with a text for an amount",
    CARD,
    { input: { ...order, deposit: { amountMinor: EMAIL } } },
    'Variable "$input" is not valid at "input.deposit.amountMinor": it does not fit type "SafeInt".',
  ],
  [
    "a variable with a fraction for an amount",
    CARD,
    { input: { ...order, deposit: { amountMinor: 10.5 } } },
    'Variable "$input" is not valid at "input.deposit.amountMinor": it does not fit type "SafeInt".',
  ],
  [
    "a variable that is a text",
    CARD,
    { input: EMAIL },
    'Variable "$input" is not valid: it does not fit type "CreateVirtualCardInput".',
  ],
  [
    "a variable beyond 32 bits",
    LIST,
    { first: Number(PAN) },
    'Variable "$first" is not valid: it does not fit type "Int".',
  ],
  [
    "a literal with a value that an enum lacks",
    `{ cardRanges(provider: ${NAME}) { id } }`,
    {},
    'A value is not valid: it does not fit type "ProviderCode".',
  ],
  [
    "a literal text for an enum",
    `{ cardRanges(provider: "${EMAIL}") { id } }`,
    {},
    'A value is not valid: it does not fit type "ProviderCode".',
  ],
  [
    "a literal number for a text",
    `{ cardOrder(orderNo: ${PAN}) { id } }`,
    {},
    'A value is not valid: it does not fit type "String".',
  ],
  [
    "a literal beyond 32 bits",
    `{ cards(first: ${PAN}) { edges { cursor } } }`,
    {},
    'A value is not valid: it does not fit type "Int".',
  ],
  [
    "a literal text for an object",
    `mutation { createCardContact(input: "${EMAIL}") { replayed } }`,
    {},
    'A value is not valid: it does not fit type "CreateCardContactInput!".',
  ],
  [
    "a literal null where there must be one",
    `{ cardOrder(orderNo: null) { id } }`,
    {},
    'A value is not valid: it does not fit type "String!".',
  ],
];

describe("a request that graphql refuses", () => {
  it.each(REQUESTS)("with %s is told the rule and no value", async (_name, source, variables, told) => {
    const messages = await messagesOf(source, variables);
    expect(messages.map(withoutValues)).toContain(told);
    for (const message of messages.map(withoutValues)) expect(message).not.toMatch(/planted|41111|38001/i);
  });

  it("would be told values without this: graphql repeats them", async () => {
    const raw = await Promise.all(REQUESTS.map(([, source, variables]) => messagesOf(source, variables)));
    expect(raw.filter((messages) => /planted|41111/i.test(messages.join())).length).toBeGreaterThan(12);
  });

  it.each([
    ["an unknown field", `{ cards { ${NAME} } }`, 'Cannot query field "Plantedname" on type "CardConnection".'],
    [
      "a missing argument",
      "{ card { id } }",
      'Field "card" argument "id" of type "ID!" is required, but it was not provided.',
    ],
    ["an unknown variable", "{ card(id: $id) { id } }", 'Variable "$id" is not defined.'],
  ])("for %s keeps the words that help: the names that the caller wrote itself", async (_name, source, told) => {
    expect((await messagesOf(source)).map(withoutValues)).toContain(told);
  });

  it("for an operation that is not there does not repeat a private name", async () => {
    const [message = ""] = await messagesOf("query A { providers { code } } query B { providers { code } }", {}, EMAIL);
    expect(message).toContain(EMAIL);
    expect(withoutValues(message)).toBe('Unknown operation named "[redacted]".');
  });
});

describe("a document that cannot be parsed", () => {
  const document =
    'mutation { createCardContact(input: { firstName: "Plantedname", email: "planted@person.example" }) { replayed } }';
  const planted = [`"${EMAIL}"`, `"""${EMAIL} ${PAN}"""`, PAN, `"${PAN}"`, `"${NAME} \\" ${NAME}"`, "+8613800138000"];

  it.each(planted)("with %s in any place says where, and not what stood there", async (token) => {
    const places = [...document.matchAll(/ /g)].map(({ index }) => index);
    for (const place of places) {
      for (const message of await messagesOf(`${document.slice(0, place)} ${token} ${document.slice(place)}`)) {
        expect(withoutValues(message)).not.toMatch(/planted@|plantedname|4111111111111111|13800138000/i);
      }
    }
  });

  it("is told what kind of thing was not expected", () => {
    const of = (source: string): string => {
      try {
        parse(source);
        return "";
      } catch (error) {
        return withoutValues((error as Error).message);
      }
    };
    expect(of(`{ card(id: "1") "${EMAIL}" }`)).toBe("Syntax Error: Expected Name, found String.");
    expect(of(`{ card(id: "1") ${PAN} }`)).toBe("Syntax Error: Expected Name, found Int.");
    expect(of("{ card(id: 1")).toBe("Syntax Error: Expected Name, found <EOF>.");
  });
});

describe("a literal that only fails when it is carried out", () => {
  const source = `mutation($first: String = "x") { createCardContact(input: {
    firstName: $first, lastName: "${NAME}", mobile: "+8613800138000", email: "${EMAIL}"
  }) { replayed } }`;

  it("is repeated whole by graphql", async () => {
    expect((await messagesOf(source, { first: null })).join()).toContain(NAME);
  });

  it("is not repeated to the caller", async () => {
    for (const message of await messagesOf(source, { first: null })) {
      expect(withoutValues(message)).not.toMatch(/plantedname/i);
    }
  });

  it("is the caller's fault, so it is neither masked nor logged", async () => {
    const [error] = await errorsOf(source, { first: null });
    expect(isUnplanned(error)).toBe(false);
  });
});

describe("an error as the caller sees it", () => {
  const shown = (error: GraphQLError, code?: string): GraphQLFormattedError =>
    presentError({ ...error.toJSON(), extensions: { ...error.extensions, ...(code ? { code } : {}) } }, error);

  it("is its words, its place and its code when it was planned", () => {
    const error = new GraphQLError("first must be 1 to 100", {
      extensions: { code: "BAD_USER_INPUT", planted: EMAIL },
    });
    expect(shown(error)).toEqual({ message: error.message, extensions: { code: "BAD_USER_INPUT" } });
    expect(isUnplanned(error)).toBe(false);
  });

  it("is masked when it was not, whatever it says", () => {
    const cause = new Error(`connect ECONNREFUSED ${EMAIL}`);
    const wrapped = new GraphQLError(cause.message, { originalError: cause, path: ["card"] });
    for (const error of [wrapped, new GraphQLError(NAME), new GraphQLError(NAME, { extensions: { code: "MINE" } })]) {
      expect(isUnplanned(error)).toBe(true);
      const { message, extensions } = shown(error);
      expect(extensions).toEqual({ code: "INTERNAL_SERVER_ERROR" });
      expect(message).not.toMatch(/planted|connect/i);
    }
    expect(isUnplanned(cause)).toBe(true);
  });

  it("is masked when a library's error only wears a code of ours", () => {
    const cause = Object.assign(new Error(NAME), { extensions: { code: "PROVIDER_UNAVAILABLE" } });
    const wrapped = new GraphQLError(NAME, { originalError: cause, path: ["card"] });
    expect(isUnplanned(wrapped)).toBe(true);
    expect(shown(wrapped, "PROVIDER_UNAVAILABLE").message).not.toContain(NAME);
  });
});
