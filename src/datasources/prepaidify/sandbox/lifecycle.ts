import type { Clock } from "../../../domain/clock.js";
import { callbackBody } from "./answers.js";
import type { RandomBytes, SandboxCard } from "./cards.js";
import { exchange } from "./exchange.js";
import { type CallbackManner, callbackMannerOf, type Scenario } from "./scenario.js";
import type { Timers } from "./timers.js";

/** Source: Prepaidify, API For Creating Virtual Card: opening, cardholder, card, activating, activated. */
const OPENING_STAGES = ["INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD"] as const;

/** Sibling: the upstream retries a callback five times. */
const MAX_ATTEMPTS = 5;
const CALLBACK_TIMEOUT_MS = 5_000;

/** How many stages later than the opening a late callback comes. */
const LATE_STAGES = 12;

/** What a card's life needs. */
export interface LifecycleParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Time from one stage to the next, in milliseconds. */
  readonly stageMs: number;
  /** False: nobody is ever called back on its own. */
  readonly callbacks: boolean;
}

/** Walks cards through the stages of opening, and calls back at the end. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #eventIds = new WeakMap<SandboxCard, string>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Starts the walk of a card that was accepted. For an early callback, resolves once the callback was tried. */
  async start(card: SandboxCard, scenario: Scenario): Promise<void> {
    if (callbackMannerOf(scenario) !== "early") {
      this.#walk(card, scenario, 0);
      return;
    }
    this.setStatus(card, lastStatus(scenario));
    if (this.#parts.callbacks) await this.#callBack(card, 1);
  }

  /** Puts a card into a status, as the provider's staff could. */
  setStatus(card: SandboxCard, status: string): void {
    card.status = status;
    if (status === "CREATE_CARD_FAILED_REFUND") card.deposit = 0;
    else if (!status.startsWith("INIT")) card.openedAtMs ??= this.#parts.clock.now().getTime();
  }

  /** Sends the card's callback once, with the same event id every time. Resolves to the HTTP status. */
  async send(card: SandboxCard): Promise<number> {
    return this.post(card.callbackUrl, callbackBody(card, this.#eventIdOf(card)));
  }

  /** Posts any text as a callback. Resolves to the HTTP status; rejects when there is none. */
  async post(url: string, body: string): Promise<number> {
    const { signal } = this.#parts.timers;
    return (await exchange({ method: "POST", url, body, timeoutMs: CALLBACK_TIMEOUT_MS, signal })).status;
  }

  #walk(card: SandboxCard, scenario: Scenario, stage: number): void {
    this.#parts.timers.after(this.#parts.stageMs, () => {
      if (card.held) return;
      const next = nextStatus(scenario, stage);
      this.setStatus(card, next.status);
      if (next.last) this.#finish(card, scenario);
      else this.#walk(card, scenario, stage + 1);
    });
  }

  #finish(card: SandboxCard, scenario: Scenario): void {
    const manner: CallbackManner = callbackMannerOf(scenario);
    if (!this.#parts.callbacks || manner === "lost") return;
    const copies = manner === "repeated" ? 3 : 1;
    const delayMs = manner === "late" ? this.#parts.stageMs * LATE_STAGES : 0;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#parts.timers.after(delayMs, () => void this.#callBack(card, MAX_ATTEMPTS));
    }
    if (manner === "reordered") this.#parts.timers.after(this.#parts.stageMs, () => void this.#callBackOlder(card));
  }

  /** An event of its own that tells of an earlier stage, as one that was held up on its way. Never rejects. */
  async #callBackOlder(card: SandboxCard): Promise<void> {
    const older = { ...card, status: OPENING_STAGES[0] };
    await this.post(card.callbackUrl, callbackBody(older, this.#newEventId())).catch(() => 0);
  }

  /** Source: Prepaidify, Risk Control webhook: anything but 200 is retried. Never rejects. */
  async #callBack(card: SandboxCard, attempts: number): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const status = await this.send(card).catch(() => 0);
      if (status === 200 || this.#parts.timers.signal.aborted) return;
      if (attempt < attempts) await this.#parts.timers.wait(this.#parts.stageMs * 2 * attempt);
    }
  }

  #eventIdOf(card: SandboxCard): string {
    const known = this.#eventIds.get(card);
    if (known !== undefined) return known;
    const eventId = this.#newEventId();
    this.#eventIds.set(card, eventId);
    return eventId;
  }

  #newEventId(): string {
    return `ev_${Buffer.from(this.#parts.random(8)).toString("hex")}`;
  }
}

function nextStatus(scenario: Scenario, stage: number): { readonly status: string; readonly last: boolean } {
  const opening = OPENING_STAGES[stage];
  const failsNow = scenario.kind === "fail-and-refund" && stage === 2;
  if (opening !== undefined && !failsNow) return { status: opening, last: false };
  return { status: lastStatus(scenario), last: true };
}

function lastStatus({ kind }: Scenario): string {
  if (kind === "fail-and-refund") return "CREATE_CARD_FAILED_REFUND";
  return kind === "unknown-status" ? "SUSPENDED" : "ACTIVE";
}
