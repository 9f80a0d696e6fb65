import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import {
  GraphQLError,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { onTestFinished } from "vitest";
import { ANYBODY } from "../../src/domain/identity.js";
import type { JournalEntry } from "../../src/domain/journal.js";
import { type GraphqlOptions, type GraphqlRoute, registerGraphql } from "../../src/http/graphql.js";
import type { LiveLimits } from "../../src/http/live-slots.js";
import { buildServer, type ServerOptions } from "../../src/http/server.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { Broadcast } from "./broadcast.js";

/** What must never come back to a caller. */
export const SECRET = "planted-secret-4111111111111111";

/** What resolvers are given, and how many of it were made for an operation. */
interface TestContext {
  readonly requestId: string;
  readonly serial: number;
}

/** A server with a small schema of its own behind the product's HTTP server and GraphQL route. */
export interface LiveServer {
  /** Address of GraphQL over HTTP. */
  readonly url: string;
  /** The same for WebSockets. */
  readonly wsUrl: string;
  readonly port: number;
  readonly http: FastifyInstance;
  readonly route: GraphqlRoute;
  /** Feeds `Subscription.ticks`. */
  readonly ticks: Broadcast<number>;
  readonly journal: readonly JournalEntry[];
  /** The errors that were masked. */
  readonly unplanned: readonly { readonly message: string; readonly requestId: string }[];
  /** How often `Mutation.spend` was carried out. */
  readonly spent: () => number;
  /** Lets `Query.slow`, `Mutation.spendSlowly` and the sources of `Subscription.late` go on. */
  readonly letGo: () => void;
  close(): Promise<void>;
}

/** Starts a server on a loopback port for the test that runs; it is closed with the test unless the test does so. */
export async function startLive(
  limits: Partial<LiveLimits> = {},
  addRoutes: (server: FastifyInstance) => void = () => {},
  options: Partial<GraphqlOptions<TestContext>> = {},
  serverOptions: ServerOptions = {},
): Promise<LiveServer> {
  const ticks = new Broadcast<number>();
  const journal: JournalEntry[] = [];
  const unplanned: { message: string; requestId: string }[] = [];
  let spent = 0;
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let serial = 0;
  const server = buildServer(createLogger("silent"), serverOptions);
  const route = await registerGraphql<TestContext>(server, {
    schema: testSchema({ ticks, gate, spend: () => ++spent }),
    contextOf: ({ id, headers }) => {
      if (headers.authorization === "refused") {
        throw new GraphQLError("This key is not known here.", { extensions: { code: "BAD_REQUEST" } });
      }
      serial += 1;
      return { requestId: id, serial };
    },
    onUnplanned: ({ message }, requestId) => unplanned.push({ message, requestId }),
    journal: { record: (entry) => journal.push(entry) },
    authenticator: { authenticate: async () => ANYBODY },
    limits,
    ...options,
  });
  addRoutes(server);
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= server.close().then(() => route.stop());
    return closed;
  };
  onTestFinished(() => {
    letGo();
    return close();
  });
  const host = `127.0.0.1:${port}/graphql`;
  return {
    url: `http://${host}`,
    wsUrl: `ws://${host}`,
    port,
    http: server,
    route,
    ticks,
    journal,
    unplanned,
    spent: () => spent,
    letGo,
    close,
  };
}

interface SchemaParts {
  readonly ticks: Broadcast<number>;
  readonly gate: Promise<void>;
  readonly spend: () => number;
}

function testSchema({ ticks, gate, spend }: SchemaParts): GraphQLSchema {
  type Field = GraphQLFieldConfig<unknown, TestContext>;
  const int = new GraphQLNonNull(GraphQLInt);
  const text = new GraphQLNonNull(GraphQLString);
  const stream = (type: Field["type"], subscribe: Field["subscribe"], resolve?: Field["resolve"]): Field => ({
    type,
    subscribe,
    resolve: resolve ?? ((event) => event),
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType<unknown, TestContext>({
      name: "Query",
      fields: {
        hello: { type: text, resolve: () => "world" },
        echo: { type: text, args: { text: { type: text } }, resolve: (_root, args) => args.text },
        requestId: { type: text, resolve: (_root, _args, context) => context.requestId },
        slow: { type: text, resolve: () => gate.then(() => "at last") },
        broken: {
          type: GraphQLString,
          resolve: () => {
            throw new Error(SECRET);
          },
        },
      },
    }),
    mutation: new GraphQLObjectType({
      name: "Mutation",
      fields: { spend: { type: int, resolve: spend }, spendSlowly: { type: int, resolve: () => gate.then(spend) } },
    }),
    subscription: new GraphQLObjectType<unknown, TestContext>({
      name: "Subscription",
      fields: {
        ticks: stream(int, () => ticks.subscribe()),
        text: stream(
          text,
          () => ticks.subscribe(),
          (length) => "x".repeat(length as number),
        ),
        // 1 per event means that what resolvers keep in their context does not outlive the event.
        contexts: stream(
          int,
          () => ticks.subscribe(),
          (_event, _args, context) => context.serial,
        ),
        odd: stream(
          GraphQLInt,
          () => ticks.subscribe(),
          (event) => {
            if ((event as number) % 2 === 0) throw new Error(SECRET);
            return event;
          },
        ),
        late: stream(int, async () => {
          await gate;
          return ticks.subscribe();
        }),
        refused: stream(int, () => {
          throw new GraphQLError("There is no such order.", { extensions: { code: "BAD_USER_INPUT" } });
        }),
        unopened: stream(int, () => {
          throw new Error(SECRET);
        }),
        breaking: stream(int, async function* () {
          yield 1;
          throw new Error(SECRET);
        }),
        // A source that cannot be told to stop while it waits.
        deaf: stream(int, async function* () {
          yield 1;
          await new Promise<never>(() => {});
        }),
      },
    }),
  });
}
