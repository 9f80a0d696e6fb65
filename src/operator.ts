import { openSealing } from "./app-sealing.js";
import { newApiKey } from "./auth/api-key.js";
import type { Config } from "./config.js";
import { systemClock } from "./domain/clock.js";
import { nextLookMs } from "./domain/due-policy.js";
import { systemIds } from "./domain/ids.js";
import type { Journal } from "./domain/journal.js";
import type { CardProvider } from "./domain/provider.js";
import { EraseData } from "./services/erase-data.js";
import { ManageApiKeys } from "./services/manage-api-keys.js";
import { ResealData } from "./services/reseal-data.js";
import { ReviewAudit } from "./services/review-audit.js";
import { ReviewOrders } from "./services/review-orders.js";
import { SqlApiKeyStore } from "./store/api-keys.js";
import { SqlAuditLog } from "./store/audit-log.js";
import { openDatabase } from "./store/database.js";
import { SqlErasureStore } from "./store/erasure.js";
import { SqlOrderEventStore } from "./store/order-events.js";
import { SqlOrderStore } from "./store/orders.js";
import { SqlResealStore } from "./store/reseal.js";
import { SqlReviewStore } from "./store/review.js";

/** What an operator looks after, open until it is closed. */
export interface Operator {
  readonly orders: ReviewOrders;
  readonly keys: ManageApiKeys;
  readonly audit: ReviewAudit;
  readonly erase: EraseData;
  /** Null: there is no key to seal with. */
  readonly reseal: ResealData | null;
  close(): Promise<void>;
}

/** What an operator does is told by the order's history. */
const QUIET: Journal = { record: () => undefined };

/**
 * Opens the database for an operator, beside the servers that run on it; the embedded one only while no server does.
 * Cards are read with real accounts alone: a sandbox lives inside its server. Throws {@link DatabaseUnavailable} and
 * `DataKeysError`.
 */
export async function openOperator(config: Config): Promise<Operator> {
  const ignore = (): void => undefined;
  const listeners = { onError: ignore, onUnavailable: ignore, onAvailable: ignore };
  const database = await openDatabase(config.database, listeners);
  const { db } = database;
  const sealing = await openSealing(config, database);
  const { vault } = sealing;
  const adapters = accountsOf(config);
  const policy = {
    scheduleMs: config.reconcileScheduleMs,
    reviewAfterMs: config.unconfirmedReviewAfterMs,
    followMs: config.followCardsMs,
    random: Math.random,
  };
  const orders = new SqlOrderStore({
    db,
    ids: systemIds,
    vault,
    dueAfterMove: (facts) => nextLookMs(policy, facts),
    // The servers find it in the outbox.
    onAnnounceable: ignore,
    spendLimitMinor: null,
  });
  const audit = new SqlAuditLog(db);
  const review = new SqlReviewStore(db, new SqlOrderEventStore(db, vault), vault);
  const adapterFor: ConstructorParameters<typeof ReviewOrders>[0]["adapterFor"] = ({ provider, mode }) =>
    mode === "LIVE" ? (adapters.get(provider) ?? null) : null;
  return {
    orders: new ReviewOrders({ orders, review, journal: QUIET, audit, adapterFor }),
    keys: new ManageApiKeys({ store: new SqlApiKeyStore(db), audit, newKey: newApiKey }),
    audit: new ReviewAudit(audit),
    erase: new EraseData(new SqlErasureStore(db, vault)),
    reseal: sealing.firstKeyId === null ? null : new ResealData(new SqlResealStore(db, sealing)),
    close: async () => {
      await Promise.all([...adapters.values()].map((adapter) => adapter.close()));
      await database.close();
    },
  };
}

function accountsOf(config: Config): ReadonlyMap<string, CardProvider> {
  const parts = {
    clock: systemClock,
    journal: QUIET,
    timeoutMs: config.providerTimeoutMs,
    publicUrl: () => config.publicUrl ?? "",
  };
  const real = config.providers.filter(({ account }) => account !== null);
  return new Map(real.map(({ registration, account }) => [registration.code, registration.create(account, parts)]));
}
