import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { PrepaidifyAccount } from "../../../src/datasources/prepaidify/config.js";
import { type PrepaidifyProvider, prepaidify } from "../../../src/datasources/prepaidify/index.js";
import {
  type PrepaidifySandbox,
  type PrepaidifySandboxOptions,
  startPrepaidifySandbox,
} from "../../../src/datasources/prepaidify/sandbox/index.js";
import type { AccountEvent } from "../../../src/domain/account-inbox.js";
import { type Clock, systemClock } from "../../../src/domain/clock.js";
import type { Journal, JournalEntry } from "../../../src/domain/journal.js";
import type { CreateVirtualCardRequest } from "../../../src/domain/provider.js";
import { ProviderError } from "../../../src/domain/provider-error.js";
import type { CallbackDesk, CallbackRoute, ProviderParts, ReceivedEvent } from "../../../src/domain/registration.js";
import { Secret } from "../../../src/domain/secret.js";

/** A journal that keeps what it is told. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];

  record(entry: JournalEntry): void {
    this.entries.push(entry);
  }

  of(event: JournalEntry["event"]): readonly JournalEntry[] {
    return this.entries.filter((entry) => entry.event === event);
  }
}

/** A desk that knows which orders are being sent and which tokens are ours. */
export class MemoryDesk implements CallbackDesk {
  readonly sending = new Set<string>();
  readonly tokens = new Set<string>();
  readonly events: ReceivedEvent[] = [];
  readonly accountEvents: AccountEvent[] = [];

  async isSending(provider: string, operation: string, orderNo: string): Promise<boolean> {
    return this.sending.has(`${provider} ${operation} ${orderNo}`);
  }

  async receive(event: ReceivedEvent): Promise<boolean> {
    if (!this.tokens.has(event.token)) return false;
    this.events.push(event);
    return true;
  }

  async receiveForAccount(event: AccountEvent): Promise<void> {
    this.accountEvents.push(event);
  }
}

/** Polls until the condition holds; fails with the last thing it saw after five seconds. */
export async function eventually<Value>(read: () => Value | undefined | false | null): Promise<Value> {
  const giveUpAt = performance.now() + 5_000;
  for (;;) {
    const value = read();
    if (value !== undefined && value !== false && value !== null) return value;
    if (performance.now() > giveUpAt) throw new Error(`still not so: ${read.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A clock that stands still. */
export function clockAt(iso: string): Clock {
  return { now: () => new Date(iso) };
}

/** A server for the length of a test. */
export async function serve(
  handle: (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    await handle(request, Buffer.concat(chunks).toString("utf8"), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => stop(server));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Mounts callback routes on a server, as this server's HTTP layer does. `prefix` is what a gateway would strip. */
export async function mount(routes: () => readonly CallbackRoute[], desk: CallbackDesk, prefix = ""): Promise<string> {
  const url = await serve(async (request, body, response) => {
    const target = (request.url ?? "").slice(prefix.length);
    const found = match(routes(), request.method ?? "", target);
    if (!found) return void response.writeHead(404).end();
    const query = Object.fromEntries(new URL(target, "http://host").searchParams);
    const answer = await found.route.handle({ url: target, params: found.params, query, body }, desk);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return url + prefix;
}

function match(
  routes: readonly CallbackRoute[],
  method: string,
  target: string,
): { readonly route: CallbackRoute; readonly params: Record<string, string> } | null {
  const path = target.split("?", 1)[0] ?? "";
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (groups) return { route, params: { ...groups } };
  }
  return null;
}

/** An account that is good for nothing but tests. */
export function account(parts: Partial<PrepaidifyAccount> = {}): PrepaidifyAccount {
  return {
    baseUrl: "http://127.0.0.1:9",
    accessKey: "test-access",
    secretKey: new Secret("test-secret-0123456789abcdef"),
    defaultEmail: null,
    cardRangesPath: "/open/api/card/vd/list",
    reverseSignQuery: true,
    dedupesOrders: false,
    callbackToken: null,
    ...parts,
  };
}

/** What an adapter is built from. */
export function parts(overrides: Partial<ProviderParts> = {}): ProviderParts {
  return {
    clock: systemClock,
    journal: new MemoryJournal(),
    timeoutMs: 5_000,
    publicUrl: () => "http://merchant.example",
    ...overrides,
  };
}

/** An adapter that is closed when the test ends. */
export function adapter(ofAccount: PrepaidifyAccount, ofParts: ProviderParts): PrepaidifyProvider {
  const provider = prepaidify.create(ofAccount, ofParts) as PrepaidifyProvider;
  onTestFinished(() => provider.close());
  return provider;
}

/** An order that is in order; its token and number are derived from one name. */
export function order(overrides: Partial<CreateVirtualCardRequest> = {}): CreateVirtualCardRequest {
  return {
    orderNo: "order-1",
    cardRangeId: "vab_069af8a792ad",
    deposit: { amountMinor: 5_000, currency: "USD" },
    cardHolder: { firstName: "Ada", lastName: "Lovelace" },
    email: "ada@example.com",
    customerId: "customer-1",
    callbackToken: "token-1",
    ...overrides,
  };
}

/** Everything at once: the sandbox, our callback routes and the adapter between them. */
export interface World {
  readonly sandbox: PrepaidifySandbox;
  readonly provider: PrepaidifyProvider;
  readonly desk: MemoryDesk;
  readonly journal: MemoryJournal;
  readonly publicUrl: string;
}

/** How a {@link World} differs from the usual. */
export interface WorldOptions extends Partial<PrepaidifySandboxOptions> {
  readonly timeoutMs?: number;
  /** Changes the account that the adapter uses, after the sandbox handed it out. */
  readonly tamper?: Partial<PrepaidifyAccount>;
  /** Path prefix of our public address. */
  readonly prefix?: string;
}

/** Starts a sandbox that calls back to our routes; `order-1` is being sent and `token-1` is known. */
export async function world({ timeoutMs = 5_000, tamper = {}, prefix, ...options }: WorldOptions = {}): Promise<World> {
  const desk = new MemoryDesk();
  desk.sending.add("PREPAIDIFY create order-1");
  desk.tokens.add("token-1");
  const journal = new MemoryJournal();
  let routes: readonly CallbackRoute[] = [];
  const publicUrl = await mount(() => routes, desk, prefix);
  const clock = options.clock ?? systemClock;
  const sandbox = await startPrepaidifySandbox({
    stageMs: 5,
    recordRequests: true,
    ...options,
    clock,
    publicUrl: options.publicUrl ?? (() => publicUrl),
  });
  onTestFinished(() => sandbox.close());
  const ofAccount = { ...sandbox.account, ...tamper };
  const ofParts = parts({ clock, journal, timeoutMs, publicUrl: () => publicUrl });
  routes = prepaidify.callbackRoutes(ofAccount, ofParts);
  return { sandbox, provider: adapter(ofAccount, ofParts), desk, journal, publicUrl };
}

/** The `ProviderError` that a call ends with; anything else, an answer included, fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    () => "an answer",
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof ProviderError) return outcome;
  throw new Error(`expected a ProviderError, got ${String(outcome)}`);
}
