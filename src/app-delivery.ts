import type { Config } from "./config.js";
import { NoCallerAddress, PublicCallerAddress } from "./delivery/caller-address.js";
import { AddressRules } from "./delivery/public-address.js";
import { resolveName } from "./delivery/resolve-name.js";
import { secretOf } from "./delivery/signing-secret.js";
import { WebhookSender } from "./delivery/webhook-sender.js";
import type { CallerAddressPolicy } from "./domain/delivery.js";
import type { Journal } from "./domain/journal.js";
import { DeliverEvents } from "./services/deliver-events.js";
import { Lanes } from "./services/lanes.js";
import type { WorkerReport } from "./services/worker.js";
import type { Database } from "./store/database.js";
import { SqlDeliveryQueue } from "./store/deliveries.js";

/** Events are sent side by side, so that a receiver that hangs does not hold up the others. */
const LANES = 4;
/** Bound on one attempt to send an event. */
const DEADLINE_MS = 15_000;

/** What the delivery of events is wired to. */
export interface DeliveryParts {
  readonly database: Database;
  readonly journal: Journal;
  readonly report: WorkerReport;
  /** PEM text of the only authority to trust with callers' certificates, instead of the system's. */
  readonly ca: string | undefined;
}

/** Everything between the events that are owed and those who are to get them. */
export interface Delivery {
  readonly callerAddress: CallerAddressPolicy;
  readonly lanes: Lanes;
  readonly sender: WebhookSender;
}

/**
 * Wires the delivery of events: a part of `app.ts` in a file of its own. Without a secret to sign with there are no
 * lanes, and no order is promised that something will be sent. Throws when the data folder's secret cannot be read.
 */
export async function wireDelivery(config: Config, parts: DeliveryParts): Promise<Delivery> {
  const { database, journal, report, ca } = parts;
  const secrets = await secretsOf(config);
  const rules = new AddressRules(config.callbackPrivateNetworks);
  const deadlineMs = DEADLINE_MS;
  const sender = new WebhookSender({ secrets, rules, resolve: resolveName, deadlineMs, ca });
  const queue = new SqlDeliveryQueue(database.db);
  const deliverEvents = new DeliverEvents({ queue, sender, journal, deadlineMs, random: Math.random });
  const canSign = secrets.length > 0;
  return {
    callerAddress: canSign ? new PublicCallerAddress(rules, resolveName) : new NoCallerAddress(),
    lanes: new Lanes(canSign ? LANES : 0, () => deliverEvents.runOnce(), report),
    sender,
  };
}

/** Processes that share a PostgreSQL have no folder in common, so there the operator has to give the secret. */
async function secretsOf({
  callbackSigningSecrets: given,
  database,
}: Config): Promise<Config["callbackSigningSecrets"]> {
  if (given.length > 0 || database.kind === "postgres") return given;
  return [await secretOf(database.dataDir)];
}
