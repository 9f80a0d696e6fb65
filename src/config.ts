import { type AuthConfig, readAuth } from "./config-auth.js";
import { readDataKeys } from "./config-data-keys.js";
import { type EdgeConfig, readEdge, readNetworks } from "./config-edge.js";
import { isNetwork } from "./delivery/public-address.js";
import { isSigningSecret } from "./delivery/signing-secret.js";
import type { AccountReading, Environment, Registration } from "./domain/registration.js";
import { Secret } from "./domain/secret.js";
import { EnvironmentReader } from "./environment.js";
import { isCallbackPrefix } from "./http/callback-addresses.js";
import type { DataKey } from "./sealing/data-key.js";
import type { DatabaseConfig } from "./store/database.js";

/** Levels of the log, quietest last. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** A provider of this server: reached with an account, or its own sandbox. */
export interface ProviderConfig {
  readonly registration: Registration;
  /** Null: run the sandbox. */
  readonly account: unknown;
  /** Networks in CIDR form that the provider calls this server from; empty: any. */
  readonly callbackNetworks: readonly string[];
}

/** Everything that the environment decides, checked and frozen. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How providers reach this server, without a trailing slash; null: the address it listens on. */
  readonly publicUrl: string | null;
  readonly database: DatabaseConfig;
  /** Seal personal data, the first one; all of them open. Empty: one of the data folder's own, where there is one. */
  readonly dataKeys: readonly DataKey[];
  readonly providers: readonly ProviderConfig[];
  readonly providerTimeoutMs: number;
  readonly reconcileScheduleMs: readonly number[];
  readonly unconfirmedReviewAfterMs: number;
  /** How often a card that is open is looked at; 0: never. */
  readonly followCardsMs: number;
  /** Operations that clients may have under way at once over server-sent events and WebSockets, in all. */
  readonly liveOperationsMax: number;
  /** The same for one client's address. */
  readonly liveOperationsPerClient: number;
  /** File of the only documents that are run; null: any that is valid. */
  readonly trustedDocumentsPath: string | null;
  /** Addresses that subscriptions may be sent to when a router asks for it, and all below them. Empty: to none. */
  readonly subscriptionCallbackUrls: readonly string[];
  /** Sign the events that callers are sent. Empty: one of the data folder's own, where there is such a folder. */
  readonly callbackSigningSecrets: readonly Secret<string>[];
  /** Networks in CIDR form that callers' addresses may lie in although they are not public. */
  readonly callbackPrivateNetworks: readonly string[];
  readonly subgraph: {
    /** Whether a supergraph is told what callers need; `@apollo/gateway` refuses one that is. */
    readonly authDirectives: boolean;
  };
  /** Whether callers are told the schema when they ask. */
  readonly introspection: boolean;
  readonly playground: boolean;
  /** Operations that a tenant may send to this process in a minute; 0: any number. */
  readonly rateLimitPerMinute: number;
  /** Minor units of USD that a tenant may order in a UTC day; null: any. */
  readonly spendLimitMinorPerDay: number | null;
  /** How often a tenant may have cards revealed in a minute, for each process. */
  readonly revealsPerMinute: number;
  /** Whether a real card is revealed in clear to a caller who sends no key. */
  readonly revealInClear: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly auth: AuthConfig;
  readonly edge: EdgeConfig;
}

/**
 * Reads the whole environment at once and throws one {@link ConfigError} with every fault.
 * The only place that knows what a variable is called, but for the accounts, which each provider reads itself.
 */
export function readConfig(env: Environment, registrations: readonly Registration[]): Config {
  const reader = new EnvironmentReader(env);
  const host = reader.text("HOST", "127.0.0.1");
  const production = env.NODE_ENV === "production";
  const sandboxAllowed = !production || reader.flag("SANDBOX", false);
  const providers = registrations.map((registration) => readProvider(reader, registration, sandboxAllowed));
  const allSandbox = providers.every((provider) => provider.account === null);
  const auth = readAuth(reader, host, allSandbox);
  const liveOperationsMax = reader.integer("LIVE_OPERATIONS_MAX", 20_000, 1, 1_000_000);
  const database = readDatabase(reader);
  const config: Config = {
    host,
    port: reader.integer("PORT", 4000, 0, 65_535),
    publicUrl: reader.url("PUBLIC_URL"),
    database,
    dataKeys: readDataKeys(reader, { onPostgres: database.kind === "postgres", production, allSandbox }),
    providers,
    providerTimeoutMs: reader.integer("PROVIDER_TIMEOUT_MS", 10_000, 10, 120_000),
    reconcileScheduleMs: reader.durations("RECONCILE_SCHEDULE_MS", [5_000, 15_000, 60_000, 300_000]),
    unconfirmedReviewAfterMs: reader.integer("UNCONFIRMED_REVIEW_AFTER_MS", 86_400_000, 1_000, 2_592_000_000),
    followCardsMs: reader.integer("FOLLOW_CARDS_MS", 21_600_000, 0, 2_592_000_000),
    liveOperationsMax,
    liveOperationsPerClient: reader.integer("LIVE_OPERATIONS_PER_CLIENT", 1_000, 1, 1_000_000),
    trustedDocumentsPath: env.TRUSTED_DOCUMENTS || null,
    subscriptionCallbackUrls: reader.list(
      "SUBSCRIPTION_CALLBACK_URLS",
      isCallbackPrefix,
      "must be http or https addresses without credentials, query or fragment",
    ),
    callbackSigningSecrets: readSigningSecrets(reader),
    callbackPrivateNetworks: reader.list("CALLBACK_PRIVATE_NETWORKS", isNetwork, "must be networks like 10.0.0.0/8"),
    subgraph: { authDirectives: reader.flag("SUBGRAPH_AUTH_DIRECTIVES", false) },
    introspection: reader.flag("INTROSPECTION", !production),
    playground: reader.flag("PLAYGROUND", !production),
    rateLimitPerMinute: reader.integer("RATE_LIMIT_PER_MINUTE", 6_000, 0, 10_000_000),
    spendLimitMinorPerDay: env.SPEND_LIMIT_MINOR_PER_DAY
      ? reader.integer("SPEND_LIMIT_MINOR_PER_DAY", 0, 1, 1_000_000_000_000)
      : null,
    revealsPerMinute: reader.integer("REVEALS_PER_MINUTE", 30, 0, 100_000),
    revealInClear: reader.flag("REVEAL_IN_CLEAR", false),
    logLevel: reader.choice("LOG_LEVEL", LOG_LEVELS, "info"),
    auth,
    edge: readEdge(reader, auth, liveOperationsMax),
  };
  reader.throwFaults();
  return Object.freeze(config);
}

function readProvider(reader: EnvironmentReader, registration: Registration, sandboxAllowed: boolean): ProviderConfig {
  const callbackNetworks = readNetworks(reader, `${registration.code}_CALLBACK_NETWORKS`);
  const reading: AccountReading<unknown> = registration.readAccount(reader.env);
  switch (reading.kind) {
    case "present":
      return { registration, callbackNetworks, account: reading.account };
    case "faulty":
      for (const fault of reading.faults) reader.fault(fault.name, fault.rule);
      // Not null: a real account was meant, and what else that asks for is to be reported too.
      return { registration, callbackNetworks, account: undefined };
    case "absent":
      if (!sandboxAllowed) {
        reader.fault(
          `${registration.code}_BASE_URL`,
          `and the rest of the ${registration.name} account are missing; set them, or SANDBOX=true to run its sandbox`,
        );
      }
      // The sandbox calls from this machine.
      return { registration, callbackNetworks: [], account: null };
  }
}

function readSigningSecrets(reader: EnvironmentReader): readonly Secret<string>[] {
  const rule = "must be whsec_ and the base64 of 24 to 64 bytes each";
  const texts = reader.list("CALLBACK_SIGNING_SECRETS", isSigningSecret, rule);
  return texts.map((text) => new Secret(text));
}

function readDatabase(reader: EnvironmentReader): DatabaseConfig {
  const url = reader.env.DATABASE_URL;
  if (!url) return { kind: "embedded", dataDir: reader.text("DATA_DIR", "./data") };
  if (!/^postgres(ql)?:\/\/./.test(url)) reader.fault("DATABASE_URL", "must begin with postgres:// or postgresql://");
  return { kind: "postgres", url };
}
