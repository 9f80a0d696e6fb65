import type { CardSnapshot } from "../../src/domain/card.js";
import type { CardStatus } from "../../src/domain/card-status.js";
import { type Evidence, type OrderFacts, transition } from "../../src/domain/order-transition.js";
import { facts, follow } from "./order-facts.js";
import { ProviderWorld, type RealCard, type Surroundings } from "./provider-world.js";

/** One call: what became of it on its way, and what whoever made it is about to write down. */
interface Call {
  readonly number: number;
  way: "not yet" | "under way" | "over";
  hasLeft: boolean;
  answer: Evidence | null;
  report: Evidence | null;
  isDone: boolean;
}

/** Something that can happen next; what takes an order on is listed more than once, so that it happens more often. */
export type Happening = readonly [name: string, happen: () => void];

function often(...happening: Happening): readonly Happening[] {
  return [happening, happening, happening, happening];
}

/**
 * One order and everything around it, small enough to be taken in at a glance: the provider with its cards, calls on
 * their way, processes that are slow or die, callbacks, news that is read now and told later, and a person. Only the
 * row of the order is the product's; it moves by the product's transition function and nothing else.
 *
 * Two things are taken for granted: the provider describes cards truthfully, and a card that is neither the order's
 * nor known as another order's can be told by its deposit.
 */
export class OrderWorld {
  readonly provider: ProviderWorld;
  readonly calls: Call[] = [];
  /** Everything that happened, for whoever has to read a counterexample. */
  readonly story: string[] = [];
  order: OrderFacts = facts();
  /** What a person has said of the order, right or wrong. */
  readonly saidByHand = new Set<"no card" | "this card">();
  /** Descriptions that somebody has read and may tell at any time, more than once, in any order. */
  readonly #news: Evidence[] = [];
  /** Leases that were found to have run out, by somebody who has yet to write that down. */
  readonly #orphaned: Evidence[] = [];
  #mayResend = true;
  /** Whether as much time has gone by as an order may wait. */
  #isLate = false;

  constructor(around: Surroundings) {
    this.provider = new ProviderWorld(around);
  }

  /** Everything that can happen now. */
  happenings(): readonly Happening[] {
    return [
      ...this.#serverMay(),
      ...this.#timeMay(),
      ...this.calls.flatMap((call) => [...this.#wayMay(call), ...this.#senderMay(call)]),
      ...this.provider.cards.flatMap((card) => (card.isOurs ? this.#cardMay(card) : this.#strangeCardMay(card))),
      ...this.#news.slice(-4).flatMap((one) => often("news is told", () => void this.#tell(one))),
      ...this.#personMay(),
    ];
  }

  /** All that is still on its way comes to an end, time passes, and everything that is to be known is told. */
  comeToRest(ending: CardStatus, isReviewedFirst: boolean): void {
    for (const call of this.calls) {
      if (!call.isDone && !call.hasLeft) call.report ??= { kind: "not_sent", call: call.number };
      if (!call.isDone) this.#report(call);
      call.way = "over";
    }
    if (this.order.state === "SENDING") this.#tell({ kind: "unclear", call: this.order.lastCall });
    if (this.order.state === "INTENT") this.#tell({ kind: "never_sent" });
    this.provider.finish(ending);
    if (isReviewedFirst) this.#tell({ kind: "waited_too_long" });
    for (const one of this.#news) this.#tell(one);
    for (const card of this.provider.cards) this.#tell(this.provider.describe(card, "callback", false));
    this.#tell({ kind: "waited_too_long" });
  }

  /** What this server sends: an intent, and again what is unconfirmed, by the rules of sending. */
  #serverMay(): readonly Happening[] {
    const { state } = this.order;
    if (state === "INTENT") return often("is sent", () => this.#send({ kind: "sending" }));
    const mayResend = state === "UNCONFIRMED" && this.provider.around.refusesDuplicates && this.#mayResend;
    return mayResend ? often("is sent again", () => this.#send({ kind: "resending" })) : [];
  }

  /** What time does: leases run out, which somebody notes soon or late, and waiting comes to its end. */
  #timeMay(): readonly Happening[] {
    const { state, lastCall } = this.order;
    const may: Happening[] = [];
    if (state === "SENDING")
      may.push(["lease runs out", () => this.#orphaned.push({ kind: "unclear", call: lastCall })]);
    const [orphaned] = this.#orphaned;
    if (orphaned) may.push(...often("orphan is noted", () => this.#tell(this.#orphaned.shift() ?? orphaned)));
    if (!this.#isLate) return [...may, ["a day goes by", () => this.#goOn()]];
    if (state === "INTENT") may.push(["never sent", () => this.#tell({ kind: "never_sent" })]);
    if (state === "UNCONFIRMED" || state === "ACCEPTED") {
      may.push(["waited too long", () => this.#tell({ kind: "waited_too_long" })]);
    }
    return may;
  }

  #goOn(): void {
    this.#isLate = true;
  }

  /** What may become of a call, as long as it takes: one that its sender has given up may still arrive. */
  #wayMay(call: Call): readonly Happening[] {
    if (call.way === "not yet") {
      const fails = { way: "over", report: { kind: "not_sent", call: call.number } } as const;
      return [
        ...often("call leaves", () => Object.assign(call, { way: "under way", hasLeft: true })),
        ["call cannot leave", () => Object.assign(call, fails)],
      ];
    }
    if (call.way === "over") return [];
    const arrives = (isTurnedDown: boolean) => () =>
      Object.assign(call, { way: "over", answer: this.provider.take(call.number, isTurnedDown) });
    return [
      ...often("call is taken", arrives(false)),
      ["call is turned down", arrives(true)],
      ["call is lost", () => Object.assign(call, { way: "over" })],
    ];
  }

  /** What may become of the process that makes a call: it may be slow to write down what it knows, or die. */
  #senderMay(call: Call): readonly Happening[] {
    if (call.isDone) return [];
    // A process that dies takes its call with it only if that has not left.
    const dies: Happening = ["sender dies", () => Object.assign(call, { isDone: true }, call.hasLeft ? {} : GONE)];
    if (call.report) return [...often("sender reports", () => this.#report(call)), dies];
    if (!call.hasLeft) return [dies];
    const { answer, number } = call;
    const comes = answer ? often("answer comes", () => Object.assign(call, { report: answer })) : [];
    return [
      ...comes,
      ["sender gives up", () => Object.assign(call, { report: { kind: "unclear", call: number } })],
      dies,
    ];
  }

  #cardMay(card: RealCard): readonly Happening[] {
    const moves = this.provider
      .nextOf(card)
      .map((status): Happening => [`card becomes ${status}`, () => Object.assign(card, { status })]);
    const read = (...how: ["callback" | "poll", boolean, boolean?]) => this.#read.bind(this, card, ...how);
    const may: readonly Happening[] = [
      ...moves,
      ["callback names it", read("callback", false)],
      ["callback names it, barely", read("callback", true)],
    ];
    if (this.order.card?.providerCardId !== card.id) return may;
    return [...may, ["is polled", read("poll", false)], ["is polled and not understood", read("poll", false, true)]];
  }

  /** A callback that is wrong or forged names somebody else's card, which has a life of its own. */
  #strangeCardMay(card: RealCard): readonly Happening[] {
    if (this.order.state === "INTENT") return [];
    const forged = (): void => {
      this.#read(card, "callback", card.isAnothers);
      card.status = this.provider.nextOf(card).at(-1) ?? card.status;
    };
    return [[`callback names ${card.id}`, forged]];
  }

  #personMay(): readonly Happening[] {
    if (this.order.state !== "NEEDS_REVIEW") return [];
    const settle = (said: "no card" | "this card", card: CardSnapshot | null) => (): void => {
      if (this.#tell({ kind: "settled_by_hand", card })) this.saidByHand.add(said);
    };
    const named = this.provider.ours.map(
      (card): Happening => ["a person names it", settle("this card", this.provider.draw(card, false))],
    );
    return [["a person says there is none", settle("no card", null)], ...named];
  }

  #send(evidence: Evidence & { kind: "sending" | "resending" }): void {
    if (!this.#tell(evidence)) return;
    const { lastCall } = this.order;
    this.calls.push({ number: lastCall, way: "not yet", hasLeft: false, answer: null, report: null, isDone: false });
  }

  #report(call: Call): void {
    this.#tell(call.report ?? call.answer ?? { kind: "unclear", call: call.number });
    call.isDone = true;
  }

  #read(card: RealCard, source: "callback" | "poll", isBare: boolean, isUnread = false): void {
    this.#news.push(this.provider.describe(card, source, isBare, isUnread));
  }

  /** Tells the order a piece of evidence, as whoever keeps orders does. True when it did something. */
  #tell(evidence: Evidence): boolean {
    const seen = "card" in evidence ? evidence.card : null;
    const cardIsAnothers = this.provider.cards.some((one) => one.isAnothers && one.id === seen?.providerCardId);
    const before = { ...this.order, cardIsAnothers };
    const next = transition(before, evidence);
    if (next?.lastSend) this.#mayResend = false;
    this.order = { ...follow(before, evidence), cardIsAnothers: false };
    return next !== null;
  }
}

const GONE = { way: "over" } as const;
