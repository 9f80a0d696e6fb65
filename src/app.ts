import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { authenticatorOf } from "./app-auth.js";
import { wireDelivery } from "./app-delivery.js";
import { startProvider } from "./app-providers.js";
import { openSealing } from "./app-sealing.js";
import { wireServices } from "./app-services.js";
import type { Config } from "./config.js";
import { type Clock, systemClock } from "./domain/clock.js";
import { ProviderDirectory } from "./domain/directory.js";
import { type IdSource, systemIds } from "./domain/ids.js";
import type { CardOrder } from "./domain/order.js";
import type { Outbox } from "./domain/order-feed.js";
import type { Pace } from "./domain/order-store.js";
import type { ProviderMode } from "./domain/provider-code.js";
import { StoreUnavailable } from "./domain/store-unavailable.js";
import { AllowedOrigins } from "./http/allowed-origins.js";
import { registerCallbacks } from "./http/callbacks.js";
import { ClientAddresses } from "./http/client-address.js";
import { registerGraphql } from "./http/graphql.js";
import { registerHealth } from "./http/health.js";
import { registerMetrics } from "./http/metrics.js";
import { OwnHosts, refuseForeignHosts } from "./http/own-hosts.js";
import { type PlaygroundOff, registerPlayground } from "./http/playground.js";
import { buildServer } from "./http/server.js";
import { readTrustedList } from "./http/trusted-list.js";
import { createRequestContext } from "./resolvers/request-context.js";
import { buildCardgraphSchema } from "./resolvers/schema.js";
import { buildCardgraphSubgraph } from "./resolvers/subgraph.js";
import { OrderCallbackDesk } from "./services/callback-desk.js";
import { Lanes } from "./services/lanes.js";
import { Worker } from "./services/worker.js";
import { SqlApiKeyStore } from "./store/api-keys.js";
import { openDatabase } from "./store/database.js";
import type { DatabaseProbe } from "./store/guarded-dialect.js";
import { ORDERS_CHANNEL, SqlOutbox } from "./store/outbox.js";
import { TelemetryJournal } from "./telemetry/journal.js";
import { countLive } from "./telemetry/live-gauge.js";
import { describeError } from "./telemetry/logger.js";

/** Orders are taken up side by side, so that a provider call that hangs does not hold up all of them. */
const RECONCILER_LANES = 4;
/** Lanes that help while more is due than the others take up; they look by themselves only now and then. */
const HELPING_LANES = 12;
const HELPING_IDLE_MS = 30_000;

/** How long lines of the audit log wait for their place in the chain; what they tell is committed long before. */
const SEAL_EVERY_MS = 2_000;

/** How much longer than a provider call a caller waits for an answer: for what is asked of the database around it. */
const ANSWER_MARGIN_MS = 30_000;
/** How much longer than that a connection may stand still on which an answer is owed, or not read. */
const STALLED_MARGIN_MS = 30_000;

/** What tests may replace. */
export interface AppParts {
  readonly logger: Logger;
  /** Folder of the built playground. */
  readonly playgroundDir: string;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** Awaited before and after every statement. */
  readonly databaseProbe?: DatabaseProbe;
  /** PEM text of the only authority to trust with callers' certificates, instead of the system's. */
  readonly callbackCa?: string;
}

/** A provider as the start-up banner shows it. */
export interface ProviderBanner {
  readonly name: string;
  readonly mode: ProviderMode;
  /** Address of the sandbox; null for a real account. */
  readonly sandboxUrl: string | null;
}

/** The whole server, built and not yet listening. */
export interface App {
  readonly providers: readonly ProviderBanner[];
  /** Resolves with the address it listens on, without a trailing slash. */
  listen(): Promise<string>;
  /** Finishes what is under way, takes nothing new, and gives everything back. */
  close(): Promise<void>;
}

/**
 * Builds the server from its configuration: the only place that knows every part. Throws {@link DatabaseUnavailable}
 * when the database cannot be used, `DataKeysError` when its personal data cannot be opened, {@link TrustedListError}
 * when the list of trusted documents cannot be read.
 */
export async function buildApp(config: Config, parts: AppParts): Promise<App> {
  const { logger, clock = systemClock, ids = systemIds } = parts;
  const { trustedDocumentsPath } = config;
  const trustedList = trustedDocumentsPath === null ? null : await readTrustedList(trustedDocumentsPath);
  const metrics = new Registry();
  const journal = new TelemetryJournal(logger, metrics);
  let address = config.publicUrl ?? "";
  const providerParts = { clock, journal, timeoutMs: config.providerTimeoutMs, publicUrl: () => address };
  const lanes: Worker[] = [];
  const onBacklog = (): void => helpers.wake();
  const wakeLanes = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const database = await openDatabase(config.database, {
    onError: (error) => logger.error(describeError(error), "database"),
    onUnavailable: ({ reason, code }, again) =>
      journal.record({ event: "store_unavailable", outcome: reason, code, again }),
    onAvailable: () => {
      journal.record({ event: "store_available" });
      wakeLanes();
    },
    probe: parts.databaseProbe,
  });
  const sealing = await openSealing(config, database);
  if (sealing.firstKeyId === null) logger.warn("personal data are stored unsealed: set DATA_KEYS");
  const started = await Promise.all(config.providers.map((one) => startProvider(one, providerParts)));
  const directory = new ProviderDirectory(started.map(({ provider }) => provider));
  // That the database is away, the journal has been told already.
  const onError = (error: unknown): void => {
    if (!(error instanceof StoreUnavailable)) logger.error(describeError(error), "background work");
  };
  const report = { onError, onRecovered: () => logger.info("background work goes on") };
  const outbox = new SqlOutbox(database.db);
  const announcer = new Worker(() => announce(outbox), report);
  const delivery = await wireDelivery(config, { database, journal, report, ca: parts.callbackCa });
  const { callerAddress } = delivery;
  const onAnnounceable = ({ request }: CardOrder): void => {
    announcer.wake();
    if (request.callbackUrl !== null) delivery.lanes.wake();
  };
  const services = wireServices(config, {
    ...{ database, sealing, directory, journal, clock, ids, callerAddress },
    ...{ onError, onAnnounceable, onBacklog },
  });
  const paces: readonly Pace[] = [...Array<Pace>(RECONCILER_LANES).fill("under_way"), "settled"];
  lanes.push(...paces.map((pace) => new Worker(() => services.reconcileOrders.runOnce(pace), report)));
  lanes.push(new Worker(() => services.accountInbox.linkWaiting(), report));
  const sealer = new Worker(() => services.reviewAudit.seal(), report, SEAL_EVERY_MS);
  const takeUp = (): Promise<number> => services.reconcileOrders.runOnce("under_way");
  const helpers = new Lanes(HELPING_LANES, takeUp, report, HELPING_IDLE_MS);
  const { edge, providerTimeoutMs: timeoutMs } = config;
  const desk = new OrderCallbackDesk({ ...services, journal, timeoutMs, onStored: wakeLanes });

  const answerMs = timeoutMs + ANSWER_MARGIN_MS;
  const server = buildServer(logger, {
    overTls: config.publicUrl?.startsWith("https:") ?? false,
    bounds: { connectionsMax: edge.connectionsMax, stalledMs: answerMs + STALLED_MARGIN_MS },
    onDropped: () => journal.record({ event: "connection_dropped" }),
  });
  const clients = new ClientAddresses(edge.trustedProxies);
  const isReal = config.providers.some(({ account }) => account !== null);
  const ownHosts = config.auth.kind === "none" && isReal ? new OwnHosts(config.publicUrl) : null;
  if (ownHosts) refuseForeignHosts(server, ownHosts);
  const graphql = await registerGraphql(server, {
    schema: buildCardgraphSubgraph(buildCardgraphSchema({ directory, ...services }), config.subgraph).schema,
    contextOf: ({ id, identity }) => createRequestContext(identity, id, services),
    renewed: ({ identity, requestId }) => createRequestContext(identity, requestId, services),
    authenticator: authenticatorOf(config.auth, new SqlApiKeyStore(database.db), clock),
    onUnplanned: (error, requestId) =>
      logger.error({ requestId, ...describeError(error.originalError ?? error) }, "masked error"),
    journal,
    limits: { operationsMax: config.liveOperationsMax, operationsPerClient: config.liveOperationsPerClient },
    clients,
    origins: new AllowedOrigins(edge.corsOrigins),
    answerMs,
    operationsPerMinute: config.rateLimitPerMinute,
    introspection: config.introspection,
    ownHosts,
    trustedList,
    callbackUrls: config.subscriptionCallbackUrls,
  }).catch(async (error: unknown) => {
    await Promise.all(started.map((one) => one.close()));
    await database.close();
    throw error;
  });
  countLive(metrics, graphql);
  const channel = await database.listen(ORDERS_CHANNEL, {
    onMessage: (ids) => services.watchOrders.changed(ids.split(",")),
    onGap: () => services.watchOrders.resume(),
  });
  await registerCallbacks(server, { providers: started.map(({ calling }) => calling), desk, clients, journal });
  let closing = false;
  const checkReady = async (): Promise<void> => {
    if (closing) throw new Error("the server is closing");
    await database.ping();
  };
  registerHealth(server, { checkReady });
  registerMetrics(server, metrics, edge.metricsReaders);
  await registerPlayground(server, { assetsDir: parts.playgroundDir, off: playgroundOff(config) });

  return {
    providers: started.map(({ provider, sandbox }) => ({
      name: provider.name,
      mode: provider.mode,
      sandboxUrl: sandbox?.url ?? null,
    })),
    listen: async () => {
      await server.listen({ host: config.host, port: config.port });
      const listening = addressOf(server.server.address() as AddressInfo, config.host);
      address = config.publicUrl ?? listening;
      for (const worker of [...lanes, helpers, announcer, sealer, delivery.lanes]) worker.start();
      return listening;
    },
    close: async () => {
      closing = true;
      // While a call of ours is open its provider asks back: the server listens until every one of them is answered.
      await services.sendOrder.stop();
      await Promise.all([...lanes, helpers].map((lane) => lane.stop()));
      // Streams end before their sources do, or clients would take what they follow for complete.
      await server.close();
      services.watchOrders.close();
      await graphql.stop();
      delivery.sender.stop();
      await Promise.all([announcer, sealer, delivery.lanes].map((worker) => worker.stop()));
      await services.sendOrder.close();
      await channel.close();
      await Promise.all(started.map((one) => one.close()));
      await database.close();
    },
  };
}

/** Why a server that is configured like this has no playground; null: it has one. */
export function playgroundOff(config: Config): PlaygroundOff | null {
  if (config.trustedDocumentsPath !== null) return "trusted_documents";
  return config.playground ? null : "not_asked_for";
}

/** Changes that are announced at a time. */
const ANNOUNCED_AT_ONCE = 1_000;
/** How long changes are collected before the next ones are announced. */
const ANNOUNCE_EVERY_MS = 15;

/** Tells every process what changed, in batches: each announcement is a commit of its own. */
async function announce(outbox: Outbox): Promise<number> {
  const announced = await outbox.announce(ANNOUNCED_AT_ONCE);
  if (announced > 0) await pause(ANNOUNCE_EVERY_MS);
  return announced;
}

/** The address to reach a listening server at; a wildcard host is reached through loopback. */
function addressOf(listening: AddressInfo, host: string): string {
  const wildcard = host === "0.0.0.0" || host === "::";
  const name = wildcard ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${listening.port}`;
}
