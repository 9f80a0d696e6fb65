import { randomBytes } from "node:crypto";
import type { Config } from "./config.js";
import type { Clock } from "./domain/clock.js";
import type { DataSealing } from "./domain/data-keys.js";
import type { CallerAddressPolicy } from "./domain/delivery.js";
import type { ProviderDirectory } from "./domain/directory.js";
import { type DuePolicy, nextLookMs } from "./domain/due-policy.js";
import type { IdSource } from "./domain/ids.js";
import type { CardOrder } from "./domain/order.js";
import { JweSealer } from "./sealing/jwe-sealer.js";
import { CreateCardContact } from "./services/create-card-contact.js";
import { CreateVirtualCard } from "./services/create-virtual-card.js";
import { ListCardRanges } from "./services/list-card-ranges.js";
import { ReadCards } from "./services/read-cards.js";
import { ReconcileOrders } from "./services/reconcile-orders.js";
import { RevealAllowance } from "./services/reveal-allowance.js";
import { RevealCard } from "./services/reveal-card.js";
import { ReviewAudit } from "./services/review-audit.js";
import { SendOrder } from "./services/send-order.js";
import { WatchOrders } from "./services/watch-orders.js";
import { SqlAccountInbox } from "./store/account-inbox.js";
import { SqlAuditLog } from "./store/audit-log.js";
import { SqlCardStore } from "./store/cards.js";
import { SqlContactStore } from "./store/contacts.js";
import type { Database } from "./store/database.js";
import { SqlInboxStore } from "./store/inbox.js";
import { SqlOrderEventStore } from "./store/order-events.js";
import { SqlOrderList } from "./store/order-list.js";
import { SqlOrderQueue } from "./store/order-queue.js";
import { SqlOrderStore } from "./store/orders.js";
import type { TelemetryJournal } from "./telemetry/journal.js";

/** 144 bits: nobody guesses a callback's address. */
const TOKEN_BYTES = 18;

/** What the services are wired to. */
export interface ServiceParts {
  readonly database: Database;
  readonly sealing: DataSealing;
  readonly directory: ProviderDirectory;
  readonly journal: TelemetryJournal;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly onError: (error: unknown) => void;
  readonly onAnnounceable: (order: CardOrder) => void;
  readonly callerAddress: CallerAddressPolicy;
  readonly onBacklog: () => void;
}

/** Wires the services to the stores: a part of `app.ts` in a file of its own. */
export function wireServices(config: Config, parts: ServiceParts) {
  const { database, directory, journal, clock, ids, onError, onBacklog, onAnnounceable, callerAddress } = parts;
  const { vault, fingerprints } = parts.sealing;
  const policy: DuePolicy = {
    scheduleMs: config.reconcileScheduleMs,
    reviewAfterMs: config.unconfirmedReviewAfterMs,
    followMs: config.followCardsMs,
    random: Math.random,
  };
  const timeoutMs = config.providerTimeoutMs;
  const orders = new SqlOrderStore({
    db: database.db,
    ids,
    vault,
    dueAfterMove: (facts) => nextLookMs(policy, facts),
    onAnnounceable,
    spendLimitMinor: config.spendLimitMinorPerDay,
  });
  const inbox = new SqlInboxStore(database.db, ids);
  const accountInbox = new SqlAccountInbox(database.db, ids);
  const queue = new SqlOrderQueue(database.db, vault);
  const contacts = new SqlContactStore(database.db, vault);
  const events = new SqlOrderEventStore(database.db, vault);
  const sendOrder = new SendOrder({ orders, journal, timeoutMs, onError });
  const audit = new SqlAuditLog(database.db);
  const cards = new SqlCardStore(database.db, vault);
  const readCards = new ReadCards(orders, cards, events, new SqlOrderList(database.db, vault));
  const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");
  return {
    orders,
    inbox,
    accountInbox,
    sendOrder,
    readCards,
    watchOrders: new WatchOrders({ feed: events, onError }),
    createVirtualCard: new CreateVirtualCard({
      ...{ directory, orders, sendOrder, fingerprints, ids, callerAddress, newToken },
    }),
    createCardContact: new CreateCardContact({ directory, contacts, fingerprints, ids, audit, timeoutMs }),
    reviewAudit: new ReviewAudit(audit),
    revealCard: new RevealCard({
      ...{ directory, cards, orders, audit, journal },
      recipients: new JweSealer(),
      allowance: new RevealAllowance(config.revealsPerMinute, clock),
      inClear: config.revealInClear,
    }),
    listCardRanges: new ListCardRanges(directory, clock),
    reconcileOrders: new ReconcileOrders({
      ...{ directory, orders, queue, sendOrder, journal, policy, timeoutMs },
      ...{ onError, onBacklog },
    }),
  };
}
