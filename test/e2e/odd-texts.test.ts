import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { clientOf, collect } from "../support/ws-connection.js";

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph();
});
afterAll(() => server.close());

/** What JSON can hold and a database cannot: NUL, and half of a character. */
const ODD = ["\0", "\ud800", "\udc00x"];
const order = {
  orderNo: "odd",
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
};
const contact = { firstName: "xxe", lastName: "xxxx", mobile: "+861234789999", email: "122@12.com" };
const fields = "{ userErrors { code field } }";
const ORDER = `mutation($input: CreateVirtualCardInput!) { done: createVirtualCard(input: $input) ${fields} }`;
const CONTACT = `mutation($input: CreateCardContactInput!) { done: createCardContact(input: $input) ${fields} }`;
const INPUTS = [
  ["orderNo", ORDER, (odd: string) => ({ ...order, orderNo: `a${odd}` })],
  ["cardRangeId", ORDER, (odd: string) => ({ ...order, cardRangeId: `a${odd}` })],
  ["email", ORDER, (odd: string) => ({ ...order, email: `a${odd}@b.example` })],
  ["customerId", ORDER, (odd: string) => ({ ...order, customerId: `a${odd}` })],
  ["callbackUrl", ORDER, (odd: string) => ({ ...order, callbackUrl: `https://hooks.example/${odd}` })],
  ["cardHolder", ORDER, (odd: string) => ({ ...order, cardHolder: { firstName: `abc${odd}`, lastName: "abc" } })],
  ["firstName", CONTACT, (odd: string) => ({ ...contact, firstName: `a${odd}` })],
  ["mobile", CONTACT, (odd: string) => ({ ...contact, mobile: `+861234789999${odd}` })],
  ["email", CONTACT, (odd: string) => ({ ...contact, email: `a${odd}@b.example` })],
  ["language", CONTACT, (odd: string) => ({ ...contact, language: `e${odd}` })],
  ["idempotencyKey", CONTACT, (odd: string) => ({ ...contact, idempotencyKey: `a${odd}` })],
] as const;

describe.each(ODD)("a text with %j in it", (odd) => {
  it.each(INPUTS)("is refused as %s by field and rule", async (field, query, inputOf) => {
    const answer = (await (await server.post({ query, variables: { input: inputOf(odd) } })).json()) as never;
    expect(answer).toMatchObject({
      data: { done: { userErrors: expect.arrayContaining([expect.objectContaining({ code: "INVALID_INPUT" })]) } },
    });
    expect(JSON.stringify(answer)).toContain(`"field":["${field}"`);
    expect(server.prepaidify.requests).toEqual([]);
  });

  it("names nothing that there is, over any transport", async () => {
    const read = "cardOrder(orderNo: $no) { id } card(id: $id) { id } cardContact(id: $id) { id }";
    const query = `query($no: String!, $id: ID!) { ${read} }`;
    const variables = { no: odd, id: odd };
    const none = { data: { cardOrder: null, card: null, cardContact: null } };
    expect(await (await server.post({ query, variables })).json()).toEqual(none);
    const client = clientOf({ wsUrl: `${server.url.replace("http", "ws")}/graphql` });
    expect(await collect(client, query, variables)).toEqual([none]);
  });

  it("is no cursor", async () => {
    const query = "query($after: String!) { cards(after: $after) { edges { cursor } } }";
    expect(await (await server.post({ query, variables: { after: odd } })).json()).toMatchObject({
      errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
    });
  });
});
