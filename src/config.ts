import { JWT_ALGORITHMS, type JwtRules } from "./auth/jwt-tokens.js";
import { isNetwork } from "./delivery/public-address.js";
import { isSigningSecret } from "./delivery/signing-secret.js";
import type { AccountReading, ConfigFault, Environment, Registration } from "./domain/registration.js";
import { Secret } from "./domain/secret.js";
import { isCallbackPrefix } from "./http/callback-addresses.js";
import { isLoopback } from "./http/own-hosts.js";
import type { DatabaseConfig } from "./store/database.js";

/** Levels of the log, quietest last. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Values that one variable may list. */
const MAX_LISTED = 20;

/** How callers are told apart. */
export type AuthConfig =
  | { readonly kind: "none" }
  | { readonly kind: "keys" }
  | { readonly kind: "jwt"; readonly rules: JwtRules };

/** A provider of this server: reached with an account, or its own sandbox. */
export interface ProviderConfig {
  readonly registration: Registration;
  /** Null: run the sandbox. */
  readonly account: unknown;
}

/** Everything that the environment decides, checked and frozen. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How providers reach this server, without a trailing slash; null: the address it listens on. */
  readonly publicUrl: string | null;
  readonly database: DatabaseConfig;
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
}

/** The configuration is wrong; the message lists every fault and repeats no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(["The configuration is wrong:", ...faults.map(({ name, rule }) => `  ${name} ${rule}`)].join("\n"));
    this.faults = faults;
  }
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
  const config: Config = {
    host,
    port: reader.integer("PORT", 4000, 0, 65_535),
    publicUrl: reader.url("PUBLIC_URL"),
    database: readDatabase(reader),
    providers,
    providerTimeoutMs: reader.integer("PROVIDER_TIMEOUT_MS", 10_000, 10, 120_000),
    reconcileScheduleMs: reader.durations("RECONCILE_SCHEDULE_MS", [5_000, 15_000, 60_000, 300_000]),
    unconfirmedReviewAfterMs: reader.integer("UNCONFIRMED_REVIEW_AFTER_MS", 86_400_000, 1_000, 2_592_000_000),
    followCardsMs: reader.integer("FOLLOW_CARDS_MS", 21_600_000, 0, 2_592_000_000),
    liveOperationsMax: reader.integer("LIVE_OPERATIONS_MAX", 20_000, 1, 1_000_000),
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
    auth: readAuth(reader, host, providers),
  };
  reader.throwFaults();
  return Object.freeze(config);
}

function readProvider(reader: EnvironmentReader, registration: Registration, sandboxAllowed: boolean): ProviderConfig {
  const reading: AccountReading<unknown> = registration.readAccount(reader.env);
  switch (reading.kind) {
    case "present":
      return { registration, account: reading.account };
    case "faulty":
      for (const fault of reading.faults) reader.fault(fault.name, fault.rule);
      // Not null: a real account was meant, and what else that asks for is to be reported too.
      return { registration, account: undefined };
    case "absent":
      if (!sandboxAllowed) {
        reader.fault(
          `${registration.code}_BASE_URL`,
          `and the rest of the ${registration.name} account are missing; set them, or SANDBOX=true to run its sandbox`,
        );
      }
      return { registration, account: null };
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

/** Nobody may spend real money through an open door: `none` is for loopback and for sandboxes. */
function readAuth(reader: EnvironmentReader, host: string, providers: readonly ProviderConfig[]): AuthConfig {
  const allSandbox = providers.every((provider) => provider.account === null);
  const kind = reader.choice("AUTH", ["none", "keys", "jwt"], "none");
  if (!reader.env.AUTH && !allSandbox) {
    reader.fault("AUTH", "is required once a provider has a real account: keys, jwt, or none on loopback");
  }
  if (reader.env.AUTH === "none" && !allSandbox && !isLoopback(host)) {
    reader.fault("AUTH", "none is refused: HOST is not loopback and a provider has a real account");
  }
  return kind === "jwt" ? { kind, rules: readJwtRules(reader) } : { kind };
}

function readJwtRules(reader: EnvironmentReader): JwtRules {
  const why = "with AUTH=jwt";
  const isAlgorithm = (text: string): boolean => JWT_ALGORITHMS.some((algorithm) => algorithm === text);
  const algorithms = reader.list("JWT_ALGORITHMS", isAlgorithm, `must be of ${JWT_ALGORITHMS.join(", ")}`);
  const jwksUrl = reader.required("JWT_JWKS_URL", why) && (reader.url("JWT_JWKS_URL") ?? "");
  if (jwksUrl && !jwksUrl.startsWith("https:") && !isLoopback(new URL(jwksUrl).hostname)) {
    reader.fault("JWT_JWKS_URL", "must be an https address, or lead to loopback");
  }
  return {
    jwksUrl,
    issuer: reader.required("JWT_ISSUER", why),
    audience: reader.required("JWT_AUDIENCE", why),
    algorithms: algorithms.length > 0 ? algorithms : ["RS256", "ES256", "EdDSA"],
    clockToleranceMs: reader.integer("JWT_CLOCK_TOLERANCE_MS", 5_000, 0, 300_000),
    tenantClaim: reader.text("JWT_TENANT_CLAIM", "tenant"),
    scopeClaim: reader.text("JWT_SCOPE_CLAIM", "scope"),
  };
}

/** Reads variables one by one and collects what is wrong with them. An empty variable is an absent one. */
class EnvironmentReader {
  readonly env: Environment;
  readonly #faults: ConfigFault[] = [];

  constructor(env: Environment) {
    this.env = env;
  }

  fault(name: string, rule: string): void {
    this.#faults.push({ name, rule });
  }

  throwFaults(): void {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
  }

  text(name: string, fallback: string): string {
    return this.env[name] || fallback;
  }

  required(name: string, why: string): string {
    const text = this.env[name] ?? "";
    if (!text) this.fault(name, `is required ${why}`);
    return text;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.env[name];
    if (value && value !== "true" && value !== "false") this.fault(name, "must be true or false");
    return value ? value === "true" : fallback;
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const text = this.env[name];
    if (!text) return fallback;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.fault(name, `must be an integer from ${least} to ${most}`);
    return fallback;
  }

  durations(name: string, fallback: readonly number[]): readonly number[] {
    const text = this.env[name];
    if (!text) return fallback;
    const values = text.split(",").map((part) => (/^ *\d{1,9} *$/.test(part) ? Number(part) : Number.NaN));
    if (values.length <= 20 && values.every((value) => value >= 1)) return values;
    this.fault(name, "must be 1 to 20 delays in milliseconds, separated by commas");
    return fallback;
  }

  /** At most {@link MAX_LISTED} values, separated by commas. */
  list(name: string, isRight: (value: string) => boolean, rule: string): readonly string[] {
    const text = this.env[name];
    if (!text) return [];
    const values = text.split(",").map((value) => value.trim());
    if (values.length <= MAX_LISTED && values.every(isRight)) return values;
    this.fault(name, `${rule}, at most ${MAX_LISTED}, separated by commas`);
    return [];
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.env[name];
    if (!text) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) this.fault(name, `must be one of ${choices.join(", ")}`);
    return choice ?? fallback;
  }

  url(name: string): string | null {
    const text = this.env[name];
    if (!text) return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    const usable = url && /^https?:$/.test(url.protocol) && !/[?#\s]/.test(text) && !url.username && !url.password;
    if (usable) return text.replace(/\/+$/, "");
    this.fault(name, "must be an http or https address without credentials, query or fragment");
    return null;
  }
}
