import type { AccountEvent } from "./account-inbox.js";
import type { Clock } from "./clock.js";
import type { Journal } from "./journal.js";
import type { CardProvider } from "./provider.js";
import type { Capability, ProviderCode } from "./provider-code.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that is wrong with the configuration. The message never repeats the value. */
export interface ConfigFault {
  /** Name of the environment variable. */
  readonly name: string;
  /** What the rule is. */
  readonly rule: string;
}

/** What a provider's part of the environment holds. Half an account is `faulty`. */
export type AccountReading<Account> =
  | { readonly kind: "absent" }
  | { readonly kind: "present"; readonly account: Account }
  | { readonly kind: "faulty"; readonly faults: readonly ConfigFault[] };

/** What an adapter is given besides its account. */
export interface ProviderParts {
  readonly clock: Clock;
  readonly journal: Journal;
  /** Bound on one whole call, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** How providers reach this server, without a trailing slash. A function because the port may be chosen late. */
  readonly publicUrl: () => string;
}

/** An HTTP request from a provider, as far as a callback route may look at it. */
export interface InboundRequest {
  /** Path and query exactly as received. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** Only parameters that came exactly once. */
  readonly query: Readonly<Record<string, string>>;
  /** The body as text, empty for a GET; already bounded. */
  readonly body: string;
}

/** What a callback route answers. */
export interface InboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An event as a callback route understood it, with card number and CVC removed. */
export interface ReceivedEvent {
  readonly provider: ProviderCode;
  /** The unguessable part of the address it came to. */
  readonly token: string;
  /** Same event, same key. */
  readonly dedupeKey: string;
  readonly eventType: string;
  readonly orderNo: string | null;
  readonly providerCardId: string | null;
  /** The event's fields that may be stored: no card number, CVC or holder's data. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What callback routes may ask of this server. */
export interface CallbackDesk {
  /** True when an order of that number is being sent right now. */
  isSending(provider: ProviderCode, operation: string, orderNo: string): Promise<boolean>;
  /** Stores the event; resolves after the commit. False when the token belongs to no order of ours. */
  receive(event: ReceivedEvent): Promise<boolean>;
  /** Stores an event to the address of a whole account; resolves after the commit. */
  receiveForAccount(event: AccountEvent): Promise<void>;
}

/** One HTTP address that a provider calls. */
export interface CallbackRoute {
  readonly method: "GET" | "POST";
  /** Path with `:name` parameters. */
  readonly path: string;
  handle(request: InboundRequest, desk: CallbackDesk): Promise<InboundAnswer>;
}

/** What a sandbox needs to know of this server. */
export interface SandboxParts {
  readonly clock: Clock;
  /** How the sandbox reaches this server for reverse validation. */
  readonly publicUrl: () => string;
}

/** A provider's own sandbox while it runs: a real HTTP server on a loopback port. */
export interface RunningSandbox<Account> {
  /** The account to reach it with, as if it had been configured. */
  readonly account: Account;
  /** Its address, for the start-up banner. */
  readonly url: string;
  close(): Promise<void>;
}

/** Everything this server knows of a provider. One line in the registry makes it available. */
export interface Registration<Account = unknown> {
  readonly code: ProviderCode;
  /** The provider's name as it writes it. */
  readonly name: string;
  readonly capabilities: readonly Capability[];
  readAccount(env: Environment): AccountReading<Account>;
  create(account: Account, parts: ProviderParts): CardProvider;
  callbackRoutes(account: Account, parts: ProviderParts): readonly CallbackRoute[];
  startSandbox(parts: SandboxParts): Promise<RunningSandbox<Account>>;
}
