import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CardContactDocument, CreateCardContactDocument, type CreateCardContactInput } from "../generated/graphql.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let keys = 0;
beforeAll(async () => {
  server = await startCardgraph({ env: { PROVIDER_TIMEOUT_MS: "1500" } });
});
afterAll(() => server.close());

const example: CreateCardContactInput = {
  firstName: "xxe",
  lastName: "xxxx",
  mobile: "+861234789999",
  email: "122@12.com",
};
const newKey = (): string => `key-${++keys}`;
const create = async (input: CreateCardContactInput) =>
  (await server.ask(CreateCardContactDocument, { input })).createCardContact;

describe("a contact", () => {
  it("is made with the example of the provider's page, and can be read again", async () => {
    const { contact, replayed, userErrors } = await create(example);
    expect(userErrors).toEqual([]);
    expect(replayed).toBe(false);
    expect(contact).toMatchObject({ ...example, provider: "PAGSMILE", providerContactId: "100848", language: null });
    const id = contact?.id ?? "";
    expect(id).toMatch(/^cct_[0-9a-f]{32}$/);
    expect((await server.ask(CardContactDocument, { id })).cardContact).toEqual(contact);
  });

  it("reaches the provider decrypted as it was given, the mobile number with its plus sign", () => {
    expect(server.pagsmile.contacts.kept.at(-1)).toMatchObject({
      first_name: "xxe",
      last_name: "xxxx",
      mobile: "+861234789999",
      email: "122@12.com",
    });
  });

  it("carries the language where one is given", async () => {
    const { contact } = await create({ ...example, language: "pt-BR" });
    expect(contact?.language).toBe("pt-BR");
    expect(server.pagsmile.contacts.kept.at(-1)).toMatchObject({ language: "pt-BR" });
  });

  it("keeps an id that is larger than a JavaScript number can hold, digit by digit", async () => {
    server.pagsmile.script({ kind: "big-id" });
    expect((await create(example)).contact?.providerContactId).toMatch(/^92233720368540000\d[13579]$/);
  });

  it("that does not exist is null", async () => {
    expect((await server.ask(CardContactDocument, { id: `cct_${"0".repeat(32)}` })).cardContact).toBeNull();
  });
});

describe("an idempotencyKey", () => {
  it("with the same input gives the first answer again and makes no second contact", async () => {
    const input = { ...example, idempotencyKey: newKey() };
    const before = server.pagsmile.contacts.count;
    const first = await create(input);
    const again = await create(input);
    expect(again).toEqual({ ...first, replayed: true });
    expect(server.pagsmile.contacts.count).toBe(before + 1);
  });

  it("with another input is a mismatch", async () => {
    const input = { ...example, idempotencyKey: newKey() };
    await create(input);
    const { contact, userErrors } = await create({ ...input, lastName: "other" });
    expect(contact).toBeNull();
    expect(userErrors).toMatchObject([{ code: "IDEMPOTENCY_MISMATCH", field: ["idempotencyKey"] }]);
  });

  it("ten times at once makes one contact", async () => {
    const input = { ...example, idempotencyKey: newKey() };
    const before = server.pagsmile.contacts.count;
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(input)));
    expect(server.pagsmile.contacts.count).toBe(before + 1);
    const busy = answers.filter(({ contact }) => !contact);
    for (const { userErrors } of busy) expect(userErrors).toMatchObject([{ code: "OUTCOME_UNKNOWN", retryable: true }]);
    expect((await create(input)).contact).toBeTruthy();
  });

  it("whose first request had an unclear end is never sent again by itself", async () => {
    server.pagsmile.script({ kind: "hang" });
    const input = { ...example, idempotencyKey: newKey() };
    const before = server.pagsmile.contacts.count;
    for (const replayed of [false, true]) {
      const answer = await create(input);
      expect(answer).toMatchObject({ contact: null, replayed });
      expect(answer.userErrors).toMatchObject([{ code: "OUTCOME_UNKNOWN", retryable: false }]);
    }
    expect(server.pagsmile.contacts.count).toBe(before + 1);
  });

  it("remembers a definite refusal", async () => {
    server.pagsmile.script({ kind: "decline", code: "30001", subCode: "parameters-error" });
    const input = { ...example, idempotencyKey: newKey() };
    for (const replayed of [false, true]) {
      const answer = await create(input);
      expect(answer).toMatchObject({ contact: null, replayed });
      expect(answer.userErrors).toMatchObject([{ code: "PROVIDER_REJECTED", providerCode: "30001/parameters-error" }]);
    }
  });
});

describe("a provider in trouble", () => {
  it.each([
    "reset-after",
    "cut-body",
    "garbled",
    "bad-padding",
    "other-app-id",
    "server-error",
    "drip",
  ] as const)("%s is an unknown outcome, not a failure", async (kind) => {
    server.pagsmile.script({ kind });
    const { contact, userErrors } = await create(example);
    expect(contact).toBeNull();
    expect(userErrors).toMatchObject([{ code: "OUTCOME_UNKNOWN", retryable: false }]);
  });

  it("that refuses our account is not the caller's fault", async () => {
    server.pagsmile.script({ kind: "decline", code: "40002", subCode: "invalid-signature" });
    const { userErrors } = await create(example);
    expect(userErrors).toMatchObject([{ code: "PROVIDER_MISCONFIGURED", field: null, providerCode: null }]);
  });
});

describe("bad input", () => {
  it("is refused with every fault at once, each at its field, and nothing is sent", async () => {
    const before = server.pagsmile.contacts.count;
    const { contact, userErrors } = await create({
      firstName: "",
      lastName: "x".repeat(65),
      mobile: "861234789999",
      email: "nobody",
      language: "?",
      idempotencyKey: "with blank",
    });
    expect(contact).toBeNull();
    expect(userErrors.map(({ field }) => field)).toEqual([
      ["firstName"],
      ["lastName"],
      ["mobile"],
      ["email"],
      ["language"],
      ["idempotencyKey"],
    ]);
    for (const { code, message } of userErrors) {
      expect(code).toBe("INVALID_INPUT");
      expect(message).not.toMatch(/861234789999|nobody|xxx|with blank/);
    }
    expect(server.pagsmile.contacts.count).toBe(before);
  });
});
