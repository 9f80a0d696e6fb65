// graphql-js behind one route, documents kept parsed and validated: what a GraphQL server costs at least. It is made of
// packages that Cardgraph has itself, so it runs where nothing else was installed.

import fastify from "fastify";
import { buildSchema, execute, parse, validate } from "graphql";
import { DateTimeResolver, SafeIntResolver } from "graphql-scalars";
import { announce } from "../lib/announce.mjs";
import { openIssuing } from "../lib/issuing.mjs";
import { faultsOfContact, faultsOfOrder } from "../lib/rules.mjs";
import { typeDefs } from "../lib/schema.mjs";
import { PROVIDER_TIMEOUT_MS, settings } from "../lib/settings.mjs";

const issuing = await openIssuing(async (url, { headers, body }) => {
  const signal = AbortSignal.timeout(PROVIDER_TIMEOUT_MS);
  const answer = await fetch(url, { method: "POST", headers, body, signal });
  return { status: answer.status, text: await answer.text() };
});

const schema = buildSchema(typeDefs);
for (const scalar of [SafeIntResolver, DateTimeResolver]) {
  const { serialize, parseValue, parseLiteral } = scalar;
  Object.assign(schema.getType(scalar.name), { serialize, parseValue, parseLiteral });
}
const rootValue = {
  card: ({ id }) => issuing.card(id),
  cards: async ({ first }) => ({ edges: (await issuing.cards(first)).map((node) => ({ node })) }),
  createVirtualCard: ({ input }) => faultsOfOrder(input) ?? issuing.createVirtualCard(input),
  createCardContact: ({ input }) => faultsOfContact(input) ?? issuing.createCardContact(input),
};

const documents = new Map();
function read(query) {
  let found = documents.get(query);
  if (!found) {
    const document = parse(query);
    found = { document, errors: validate(schema, document) };
    documents.set(query, found);
  }
  return found;
}

const app = fastify({ logger: false });
app.post("/graphql", async ({ body: { query, variables: variableValues } }) => {
  const { document, errors } = read(query);
  return errors.length > 0 ? { errors } : execute({ schema, document, rootValue, variableValues });
});
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
