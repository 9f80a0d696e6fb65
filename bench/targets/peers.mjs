import { fileURLToPath } from "node:url";
import { startServer } from "../lib/server-process.mjs";

/** @returns {import("./cardgraph.mjs").Target} */
function peer({ name, title, script, dialect = "graphql", hasOwnPackages = true }) {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  return {
    name,
    title,
    database: "postgres",
    dialect,
    hasOwnPackages,
    start: ({ env, ...parts }) =>
      startServer({ ...parts, script: path, env: { NODE_ENV: "production", PORT: "0", ...env } }),
  };
}

/** The servers that people would write instead, each as its own documentation has it. */
export const peers = [
  peer({
    name: "apollo-express",
    title: "Apollo Server, express, type-graphql, class-validator, got, pg",
    script: "dist/apollo-express.js",
  }),
  peer({ name: "yoga", title: "GraphQL Yoga, zod, fetch, pg", script: "servers/yoga.mjs" }),
  peer({ name: "mercurius", title: "Mercurius with JIT, zod, undici, pg", script: "servers/mercurius.mjs" }),
  peer({
    name: "rest",
    title: "fastify without GraphQL, undici, pg: the floor",
    script: "servers/rest.mjs",
    dialect: "rest",
  }),
];

/** What the guard compares with: no package of its own, so nothing has to be installed. */
export const plain = peer({
  name: "plain",
  title: "graphql-js on fastify, zod, fetch, pg",
  script: "servers/plain.mjs",
  hasOwnPackages: false,
});
