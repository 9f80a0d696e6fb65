// GraphQL Yoga as its documentation has it: createSchema, node:http, the platform's fetch for calls.

import { createServer } from "node:http";
import { DateTimeResolver, SafeIntResolver } from "graphql-scalars";
import { createSchema, createYoga } from "graphql-yoga";
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

const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false, graphiql: false });

const server = createServer((request, response) => {
  if (request.url.startsWith("/graphql")) return yoga(request, response);
  answerOthers(request, response).catch(() => response.writeHead(500).end());
});

/** What is not GraphQL: the provider's calls, and whether the server is ready. */
async function answerOthers(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/health/ready") return response.end("ready");
  if (pathname.startsWith("/callbacks/prepaidify/validate/")) {
    const headers = await issuing.confirm(request.url, searchParams.get("orderNo"));
    return headers ? response.writeHead(200, headers).end("success") : response.writeHead(404).end("not found");
  }
  const token = /^\/callbacks\/events\/([^/]+)$/.exec(pathname)?.[1];
  const isKnown = token && (await issuing.receive(token, JSON.parse(await textOf(request))));
  return isKnown ? response.end("success") : response.writeHead(404).end("not found");
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

server.listen(settings.port, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  issuing.listensAt(url);
  announce(url, async () => {
    server.closeAllConnections();
    server.close();
    await issuing.close();
  });
});
