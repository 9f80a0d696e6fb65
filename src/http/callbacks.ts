import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Journal } from "../domain/journal.js";
import type { ProviderCode } from "../domain/provider-code.js";
import type { CallbackDesk, CallbackRoute, InboundAnswer } from "../domain/registration.js";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { CallbackStrangers } from "./callback-strangers.js";
import { type ClientAddresses, ClientNetworks } from "./client-address.js";

/** Upper bound on what a provider may post; their events are below 2 KB. */
const MAX_CALLBACK_BYTES = 65_536;

/** A provider that calls this server. */
export interface CallingProvider {
  readonly code: ProviderCode;
  readonly routes: readonly CallbackRoute[];
  /** Networks in CIDR form that its calls come from; empty: it has not said, and they may come from anywhere. */
  readonly networks: readonly string[];
}

/** The desk as it stands behind these addresses. */
export interface InboundDesk extends CallbackDesk {
  /** True when this very process is sending an order of that number, which it knows without looking anything up. */
  isSendingHere(provider: ProviderCode, operation: string, orderNo: string): boolean;
}

/** What the addresses that providers call are built from. */
export interface CallbackOptions {
  readonly providers: readonly CallingProvider[];
  readonly desk: InboundDesk;
  readonly clients: ClientAddresses;
  readonly journal: Journal;
}

/** Something would have to be looked up for somebody who has guessed wrong too often. */
class NotLookedUp extends Error {}

/**
 * Serves the addresses that providers call, in a scope of their own: bodies stay text, because a provider's adapter
 * reads them itself, and answers are the provider's, not GraphQL's. No header of a request is passed on.
 */
export async function registerCallbacks(server: FastifyInstance, options: CallbackOptions): Promise<void> {
  const strangers = new CallbackStrangers();
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string", bodyLimit: MAX_CALLBACK_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    // A callback is evidence, so it is not turned away for what its sender calls its content.
    scope.addHook("onRequest", async (request) => {
      request.raw.headers["content-type"] = "text/plain";
    });
    scope.setErrorHandler(async (error, request, reply) => {
      // A provider that is told so sends its callback again; the store has said itself that it is away.
      const isAway = error instanceof StoreUnavailable;
      const status = isAway ? 503 : ((error as { statusCode?: number }).statusCode ?? 500);
      const { id: requestId, log } = request;
      if (status >= 500 && !isAway) log.error({ requestId, type: (error as Error).name }, "callback failed");
      return plain(reply, status, status < 500 ? "refused" : "try again");
    });
    for (const provider of options.providers) {
      await scope.register(async (own) => {
        if (provider.networks.length > 0) letIn(own, provider, options);
        for (const route of provider.routes) mount(own, route, provider, strangers, options);
      });
    }
  });
}

/** Answers those who come from elsewhere as if there were nothing, before any of what they send is read. */
function letIn(scope: FastifyInstance, provider: CallingProvider, { clients, journal }: CallbackOptions): void {
  const networks = new ClientNetworks(provider.networks);
  scope.addHook("onRequest", async (request, reply) => {
    if (networks.has(clients.of(request.raw))) return;
    journal.record({ event: "callback_refused", provider: provider.code, outcome: "foreign_address" });
    return plain(reply, 404, "not found");
  });
}

function mount(
  scope: FastifyInstance,
  route: CallbackRoute,
  provider: CallingProvider,
  strangers: CallbackStrangers,
  { desk, clients, journal }: CallbackOptions,
): void {
  const nothingLookedUp = fromMemory(desk);
  /** Whoever comes from the provider's own networks has been told apart already. */
  const isNamed = provider.networks.length > 0;
  const answer = async (request: FastifyRequest): Promise<InboundAnswer & { readonly waitSeconds: number | null }> => {
    const inbound = inboundOf(request);
    if (isNamed) return { ...(await route.handle(inbound, desk)), waitSeconds: null };
    const client = clients.keyOf(request.raw);
    const waitSeconds = await strangers.waitSeconds(client);
    try {
      const given = await route.handle(inbound, waitSeconds === null ? desk : nothingLookedUp);
      if (given.status === 200) strangers.wasRight(client);
      if (given.status === 404 && waitSeconds === null) await strangers.missed(client);
      return { ...given, waitSeconds: given.status === 404 ? waitSeconds : null };
    } catch (error) {
      if (!(error instanceof NotLookedUp)) throw error;
      return { status: 429, headers: {}, body: "", waitSeconds };
    }
  };
  scope.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { status, headers, body, waitSeconds } = await answer(request);
      if (waitSeconds === null) return reply.code(status).headers(headers).send(body);
      journal.record({ event: "callback_refused", provider: provider.code, outcome: "address_blocked" });
      return plain(reply.header("retry-after", waitSeconds), 429, "try again later");
    },
  });
}

/**
 * The desk for those who have guessed wrong too often. An order that this very process is sending, and an event to an
 * account's own address, need nothing looked up to be known as right: so no guesses of others can hold those up.
 */
function fromMemory(desk: InboundDesk): CallbackDesk {
  return {
    isSending: async (...order) => desk.isSendingHere(...order),
    receiveForAccount: (event) => desk.receiveForAccount(event),
    receive: async () => {
      throw new NotLookedUp();
    },
  };
}

function inboundOf({ url, params, query, body }: FastifyRequest) {
  return {
    url,
    params: params as Record<string, string>,
    query: singleValues(query as Record<string, unknown>),
    body: typeof body === "string" ? body : "",
  };
}

function plain(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").send(body);
}

/** A parameter that comes twice is nobody's honest request, so it is treated as absent. */
function singleValues(query: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
