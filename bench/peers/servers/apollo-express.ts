// Apollo Server on express as most people write it: type-graphql with class-validator, got for calls.

import "reflect-metadata";
import { createServer } from "node:http";
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginDrainHttpServer } from "@apollo/server/plugin/drainHttpServer";
import { expressMiddleware } from "@as-integrations/express5";
import express from "express";
import got from "got";
import { buildSchema } from "type-graphql";
import { announce } from "../lib/announce.mjs";
import { openIssuing } from "../lib/issuing.mjs";
import { PROVIDER_TIMEOUT_MS, settings } from "../lib/settings.mjs";
import { CardResolver } from "./apollo/card.resolver.js";

const issuing = await openIssuing(async (url, { headers, body }) => {
  const answer = await got.post(url, {
    headers,
    body,
    timeout: { request: PROVIDER_TIMEOUT_MS },
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  return { status: answer.statusCode, text: answer.body };
});

const app = express();
const httpServer = createServer(app);
const schema = await buildSchema({
  resolvers: [CardResolver],
  container: { get: () => new CardResolver(issuing) },
  validate: true,
});
const apollo = new ApolloServer({ schema, plugins: [ApolloServerPluginDrainHttpServer({ httpServer })] });
await apollo.start();

app.get("/health/ready", (_request, response) => {
  response.send("ready");
});
app.get("/callbacks/prepaidify/validate/:operation", async (request, response) => {
  const headers = await issuing.confirm(request.originalUrl, String(request.query.orderNo));
  if (headers) response.set(headers).send("success");
  else response.status(404).send("not found");
});
app.post("/callbacks/events/:token", express.json(), async (request, response) => {
  if (await issuing.receive(request.params.token, request.body)) response.send("success");
  else response.status(404).send("not found");
});
app.use("/graphql", express.json(), expressMiddleware(apollo));

httpServer.listen(settings.port, "127.0.0.1", () => {
  const { port } = httpServer.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  issuing.listensAt(url);
  announce(url, async () => {
    await apollo.stop();
    await issuing.close();
  });
});
