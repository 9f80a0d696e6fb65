import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Journal, JournalEntry } from "../domain/journal.js";

/** Seconds; a provider call takes from tens of milliseconds up to its deadline. */
const CALL_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What an operator has to act on; everything else is routine. */
const ALARMS: ReadonlySet<JournalEntry["event"]> = new Set([
  ...["credentials_refused", "order_needs_review", "personal_data_unreadable"],
] as const);
const WARNINGS: ReadonlySet<JournalEntry["event"]> = new Set([
  ...["unrecognized_card_status", "unlisted_provider_code", "answer_late"],
] as const);

/** Writes what an operator may want to know as a log line and as a metric. */
export class TelemetryJournal implements Journal {
  readonly #logger: Logger;
  readonly #calls: Histogram<"provider" | "operation" | "outcome">;
  readonly #events: Counter<"event" | "provider" | "outcome">;

  constructor(logger: Logger, registry: Registry) {
    this.#logger = logger;
    this.#calls = new Histogram({
      name: "cardgraph_provider_call_seconds",
      help: "Duration of calls to providers, by outcome",
      labelNames: ["provider", "operation", "outcome"],
      buckets: CALL_BUCKETS,
      registers: [registry],
    });
    this.#events = new Counter({
      name: "cardgraph_events_total",
      help: "What happened to orders, callbacks and providers",
      labelNames: ["event", "provider", "outcome"],
      registers: [registry],
    });
  }

  record(entry: JournalEntry): void {
    if (entry.event === "provider_call") {
      const { provider, operation, outcome } = entry;
      this.#calls.observe({ provider, operation, outcome }, entry.durationMs / 1_000);
    } else {
      this.#events.inc({ event: entry.event, provider: providerOf(entry), outcome: outcomeOf(entry) });
    }
    const { event, ...details } = entry;
    this.#logger[levelOf(entry)](details, event);
  }
}

function levelOf(entry: JournalEntry): "error" | "warn" | "info" | "debug" {
  if (ALARMS.has(entry.event)) return "error";
  if (WARNINGS.has(entry.event)) return "warn";
  // An outage is told once, however many requests and background jobs run into it; every one of them is counted.
  if (entry.event === "store_unavailable") return entry.again ? "debug" : "warn";
  if (entry.event === "callback_received" && entry.outcome === "misdirected") return "warn";
  if (entry.event === "callback_refused") return entry.outcome === "foreign_address" ? "info" : "debug";
  if (entry.event === "event_delivery") return levelOfDelivery(entry.outcome);
  if (entry.event === "provider_call") return entry.outcome === "ok" ? "debug" : "warn";
  return entry.event === "order_moved" || entry.event === "store_available" ? "info" : "debug";
}

/** A receiver that is down for a while is routine; one that never gets an event is worth a look. */
function levelOfDelivery(outcome: (JournalEntry & { event: "event_delivery" })["outcome"]): "warn" | "info" | "debug" {
  if (outcome === "given_up" || outcome === "refused_address") return "warn";
  return outcome === "delivered" ? "debug" : "info";
}

function providerOf(entry: JournalEntry): string {
  return "provider" in entry ? entry.provider : "";
}

/** Only closed lists become labels. */
function outcomeOf(entry: JournalEntry): string {
  if ("outcome" in entry) return entry.outcome;
  return entry.event === "order_moved" ? entry.to : "";
}
