// The floor: no GraphQL at all. Plain routes of fastify with a schema each, as its documentation advises; undici for calls.

import fastify from "fastify";
import { request } from "undici";
import { announce } from "../lib/announce.mjs";
import { isCardNumber } from "../lib/card-number.mjs";
import { openIssuing, refused } from "../lib/issuing.mjs";
import { PROVIDER_TIMEOUT_MS, settings } from "../lib/settings.mjs";

const issuing = await openIssuing(async (url, { headers, body }) => {
  const timeouts = { headersTimeout: PROVIDER_TIMEOUT_MS, bodyTimeout: PROVIDER_TIMEOUT_MS };
  const answer = await request(url, { method: "POST", headers, body, ...timeouts });
  return { status: answer.statusCode, text: await answer.body.text() };
});

const text = { type: "string" };
const optionalText = { type: "string", nullable: true };
const object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });
const shaped = (pattern, maxLength) => ({ type: "string", pattern, ...(maxLength ? { maxLength } : {}) });
const personName = { type: "string", minLength: 1, maxLength: 64, pattern: "^(?:|(?=.*\\S)[^\\p{Cc}\\p{Cs}]*)$" };
const holderName = shaped("^[a-zA-Z]{3,}$", 64);
const email = { type: "string", format: "email" };

const orderBody = object(
  {
    orderNo: shaped("^[A-Za-z0-9_-]{1,32}$"),
    cardRangeId: shaped("^[A-Za-z0-9_-]{1,64}$"),
    deposit: object(
      {
        amountMinor: { type: "integer", minimum: 500, maximum: 500_000 },
        currency: { type: "string", enum: ["USD"], default: "USD" },
      },
      ["amountMinor"],
    ),
    cardHolder: { ...object({ firstName: holderName, lastName: holderName }), nullable: true },
    email: { ...email, nullable: true },
    customerId: { ...shaped("^[\\x21-\\x7e]{1,64}$"), nullable: true },
  },
  ["orderNo", "cardRangeId", "deposit"],
);
const contactBody = object(
  {
    firstName: personName,
    lastName: personName,
    mobile: shaped("^\\+[1-9][0-9]{6,14}$"),
    email,
    language: { ...shaped("^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,3}$"), nullable: true },
  },
  ["firstName", "lastName", "mobile", "email"],
);

const money = object({ amountMinor: { type: "integer" }, currency: text, formatted: text });
const year = { type: "integer", nullable: true };
const card = {
  ...object({
    ...{ id: text, provider: text, status: text, lifecycle: text, customerId: optionalText, bin: optionalText },
    ...{ last4: optionalText, expMonth: year, expYear: year, providerCardId: text, deposit: money, balance: money },
    cardHolder: object({ firstName: optionalText, lastName: optionalText, holderName: optionalText }),
    createdAt: { type: "string", format: "date-time" },
  }),
  nullable: true,
};
const userErrors = {
  type: "array",
  items: object({ code: text, message: text, field: { type: "array", items: text } }),
};
const order = { ...object({ id: text, orderNo: text, state: text }), nullable: true };
const contact = { ...object({ id: text, providerContactId: text }), nullable: true };
const answering = (properties) => ({ response: { 200: object(properties) } });
const list = object({ edges: { type: "array", items: object({ node: card }) } });
const created = object({ order, card, replayed: { type: "boolean" }, userErrors });

const app = fastify({ logger: false });
app.get("/health/ready", async () => "ready");
app.get("/cards/:id", { schema: answering({ card }) }, async ({ params }) => ({ card: await issuing.card(params.id) }));
app.get(
  "/cards",
  { schema: { querystring: object({ first: { type: "integer" } }), ...answering({ cards: list }) } },
  async ({ query }) => ({ cards: { edges: (await issuing.cards(query.first)).map((node) => ({ node })) } }),
);
app.post(
  "/virtual-cards",
  { schema: { body: orderBody, ...answering({ createVirtualCard: created }) } },
  async ({ body }) => {
    const field = ["orderNo", "customerId"].find((name) => body[name] && isCardNumber(body[name]));
    const fault = field && refused("INVALID_INPUT", `${field} must not be a card number`, [field]);
    return { createVirtualCard: fault || (await issuing.createVirtualCard(body)) };
  },
);
app.post(
  "/card-contacts",
  { schema: { body: contactBody, ...answering({ createCardContact: object({ contact, userErrors }) }) } },
  async ({ body }) => ({ createCardContact: await issuing.createCardContact(body) }),
);
app.get("/callbacks/prepaidify/validate/:operation", async ({ query, url }, reply) => {
  const headers = await issuing.confirm(url, query.orderNo);
  return headers ? reply.headers(headers).send("success") : reply.code(404).send("not found");
});
app.post("/callbacks/events/:token", async ({ params, body }, reply) =>
  (await issuing.receive(params.token, body)) ? "success" : reply.code(404).send("not found"),
);

const url = await app.listen({ host: "127.0.0.1", port: settings.port });
issuing.listensAt(url);
announce(url, async () => {
  await app.close();
  await issuing.close();
});
