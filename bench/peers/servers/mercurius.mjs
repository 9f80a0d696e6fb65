// Mercurius as its documentation has it for production: the schema as text, resolvers by hand, JIT on; undici for calls.

import fastify from "fastify";
import { DateTimeResolver, SafeIntResolver } from "graphql-scalars";
import mercurius from "mercurius";
import { request } from "undici";
import { announce } from "../lib/announce.mjs";
import { openIssuing } from "../lib/issuing.mjs";
import { faultsOfContact, faultsOfOrder } from "../lib/rules.mjs";
import { typeDefs } from "../lib/schema.mjs";
import { PROVIDER_TIMEOUT_MS, settings } from "../lib/settings.mjs";

const issuing = await openIssuing(async (url, { headers, body }) => {
  const timeouts = { headersTimeout: PROVIDER_TIMEOUT_MS, bodyTimeout: PROVIDER_TIMEOUT_MS };
  const answer = await request(url, { method: "POST", headers, body, ...timeouts });
  return { status: answer.statusCode, text: await answer.body.text() };
});

const resolvers = {
  SafeInt: SafeIntResolver,
  DateTime: DateTimeResolver,
  Query: {
    card: (_root, { id }) => issuing.card(id),
    cards: async (_root, { first }) => ({ edges: (await issuing.cards(first)).map((node) => ({ node })) }),
  },
  Mutation: {
    createVirtualCard: (_root, { input }) => faultsOfOrder(input) ?? issuing.createVirtualCard(input),
    createCardContact: (_root, { input }) => faultsOfContact(input) ?? issuing.createCardContact(input),
  },
};

const app = fastify({ logger: false });
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
app.get("/health/ready", async () => "ready");
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
