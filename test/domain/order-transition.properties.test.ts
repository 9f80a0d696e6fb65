import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CARD_STATUSES, type CardStatus } from "../../src/domain/card-status.js";
import { ORDER_STATES, REVIEW_REASONS } from "../../src/domain/order.js";
import { type Evidence, type OrderFacts, transition } from "../../src/domain/order-transition.js";
import { facts, follow, isLate, known, REFUSAL, seen } from "./order-facts.js";

const RUNS = { numRuns: 2_000 };
const SOURCES = ["answer", "callback", "poll"] as const;
const OPENED: readonly CardStatus[] = ["ACTIVE", "FREEZE", "CANCELLING", "CANCELED", "DELETED", "EXPIRED"];
const OPENING: readonly CardStatus[] = ["INIT", "INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD"];
const REFUND: CardStatus = "CREATE_CARD_FAILED_REFUND";

const source = fc.constantFrom(...SOURCES);
const card = fc
  .record({
    source,
    status: fc.constantFrom(...CARD_STATUSES),
    providerCardId: fc.constantFrom("prv-own", "prv-own", "prv-own", "prv-other"),
    depositMinor: fc.constantFrom(1_000, 1_000, 0, 500),
    customerId: fc.constantFrom("customer-1", "customer-1", null, "customer-2"),
  })
  .map(({ source: from, status, ...parts }) => seen(from, status, parts));
const word = fc.constantFrom<Evidence>(
  { kind: "sending" },
  { kind: "resending" },
  { kind: "not_sent", call: 1 },
  { kind: "not_sent", call: 2 },
  { kind: "unclear", call: 1 },
  { kind: "unclear", call: 2 },
  { kind: "taken", call: 1 },
  { kind: "taken", call: 2 },
  { kind: "waited_too_long" },
  { kind: "never_sent" },
  { kind: "contested" },
  { kind: "refused", call: 1, failure: REFUSAL },
  { kind: "refused", call: 2, failure: REFUSAL },
);
const evidence = fc.oneof(word, card);
const history = fc.array(evidence, { maxLength: 12 });
/** An order after any history: every situation that can come about, and none that cannot. */
const order = history.map((pieces) => pieces.reduce(follow, facts()));

/** How much is known of an order, written down here a second time and independently of the code. */
function rank({ state, reviewReason }: Pick<OrderFacts, "state" | "reviewReason">): number {
  if (state === "NEEDS_REVIEW") return reviewReason === "NO_EVIDENCE" ? 4.5 : 6;
  return { INTENT: 0, SENDING: 1, UNCONFIRMED: 2, ACCEPTED: 4, COMPLETED: 5, FAILED: 5 }[state];
}

/** Where one card's life has to take an order, whatever order the news of it came in. */
function outcomeOf(statuses: readonly CardStatus[]): string {
  const opened = statuses.some((status) => OPENED.includes(status));
  const undone = statuses.includes(REFUND);
  if (opened && undone) return "NEEDS_REVIEW";
  return opened ? "COMPLETED" : undone ? "FAILED" : "ACCEPTED";
}

function check<Values extends [unknown, ...unknown[]]>(...args: Parameters<typeof fc.property<Values>>): void {
  fc.assert(fc.property<Values>(...args), RUNS);
}

describe("the transition of an order, whatever it is told", () => {
  it("comes to every state and to every reason for review", () => {
    const orders = fc.sample(order, { numRuns: 4_000, seed: 1 });
    expect(new Set(orders.map(({ state }) => state))).toEqual(new Set(ORDER_STATES));
    const reasons = new Set(orders.map(({ reviewReason }) => reviewReason));
    expect(reasons).toEqual(new Set([null, ...REVIEW_REASONS]));
  });

  it("only raises the rank, but for a call that was not sent, or is made again", () => {
    check(order, evidence, (before, piece) => {
      const after = follow(before, piece);
      if (rank(after) >= rank(before)) return;
      expect([
        ["SENDING", "not_sent", "INTENT"],
        ["UNCONFIRMED", "resending", "SENDING"],
      ]).toContainEqual([before.state, piece.kind, after.state]);
    });
  });

  it("leaves a terminal state only for review, and only because of a contradiction", () => {
    check(order, evidence, (before, piece) => {
      if (before.state !== "COMPLETED" && before.state !== "FAILED") return;
      const after = follow(before, piece);
      if (after.state === before.state) return;
      expect(after.state).toBe("NEEDS_REVIEW");
      expect(after.reviewReason).not.toBe("NO_EVIDENCE");
    });
  });

  it("never takes silence, doubt or an unread status for a failure", () => {
    check(order, evidence, (before, piece) => {
      if (before.state === "FAILED" || follow(before, piece).state !== "FAILED") return;
      const unspent = piece.kind === "refused" || piece.kind === "never_sent";
      expect(unspent || (piece.kind === "card" && piece.card.status === REFUND)).toBe(true);
    });
  });

  it("never takes anything but an opened card for a success", () => {
    check(order, evidence, (before, piece) => {
      if (before.state === "COMPLETED" || follow(before, piece).state !== "COMPLETED") return;
      expect(piece.kind === "card" && OPENED.includes(piece.card.status)).toBe(true);
    });
  });

  it("changes nothing on late news of the order's card", () => {
    check(order, fc.constantFrom(...CARD_STATUSES), source, (before, status, from) => {
      if (before.card?.providerCardId !== "prv-own" || !isLate(before, status)) return;
      expect(transition(before, seen(from, status))).toBeNull();
    });
  });

  it("does nothing more when the same evidence comes twice", () => {
    check(order, evidence, (before, piece) => {
      const once = follow(before, piece);
      if (piece.kind === "not_sent" || piece.kind === "sending" || piece.kind === "resending") return;
      expect(follow(once, piece)).toEqual(once);
    });
  });

  it("never moves an order out of a review that has a contradiction or a mismatch", () => {
    check(history, history, (pieces, later) => {
      const before = pieces.reduce(follow, facts());
      if (before.state !== "NEEDS_REVIEW" || before.reviewReason === "NO_EVIDENCE") return;
      const { state, reviewReason } = later.reduce(follow, before);
      expect({ state, reviewReason }).toEqual({ state: before.state, reviewReason: before.reviewReason });
    });
  });

  it("settles a review for want of evidence by evidence that comes later", () => {
    const waited = facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE" });
    check(source, fc.constantFrom(...OPENED, REFUND), (from, status) => {
      expect(follow(waited, seen(from, status)).state).toBe(outcomeOf([status]));
    });
    check(source, fc.constantFrom(...OPENING), fc.constantFrom(...OPENED, REFUND), (from, status, later) => {
      const opening = follow(waited, seen(from, status));
      expect(opening).toMatchObject({ state: "NEEDS_REVIEW", card: { knownStatus: status } });
      expect(follow(opening, seen("poll", later)).state).toBe(outcomeOf([later]));
    });
  });

  it("keeps the card that is known: another one never takes its place", () => {
    check(order, evidence, (before, piece) => {
      if (before.card) expect(follow(before, piece).card?.providerCardId).toBe(before.card.providerCardId);
    });
  });

  it("changes nothing on a callback's claim of a card that does not fit or is another order's", () => {
    const misfit = fc.constantFrom({ depositMinor: 999 }, { customerId: "customer-2" }, { currency: "EUR" });
    check(order, fc.constantFrom(...CARD_STATUSES), misfit, fc.boolean(), (before, status, parts, anothers) => {
      if (before.card) return;
      const claim = seen("callback", status, anothers ? {} : parts);
      expect(transition({ ...before, cardIsAnothers: anothers }, claim)).toBeNull();
    });
  });

  it("hands an answer whose card does not fit to a person", () => {
    const undecided = fc.constantFrom<OrderFacts["state"]>("INTENT", "SENDING", "UNCONFIRMED", "FAILED");
    check(undecided, fc.constantFrom(...CARD_STATUSES), (state, status) => {
      const after = follow(facts({ state }), seen("answer", status, { depositMinor: 999 }));
      expect(after).toMatchObject({ state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH", card: null });
    });
  });
});

describe("the news of one card's life", () => {
  const lifeOf = (statuses: readonly CardStatus[]) =>
    fc.array(fc.record({ from: source, status: fc.constantFrom(...statuses) }), { minLength: 1, maxLength: 10 });
  const sent = facts({ state: "UNCONFIRMED" });
  const endOf = (news: readonly { from: (typeof SOURCES)[number]; status: CardStatus }[]): OrderFacts =>
    news.reduce((so_far, { from, status }) => follow(so_far, seen(from, status)), sent);

  it.each([
    ["that opens", [...OPENING, ...OPENED]],
    ["that is undone", [...OPENING, REFUND]],
    ["that contradicts itself", [...OPENING, ...OPENED, REFUND]],
    ["with states that nobody knows", [...OPENING, ...OPENED, REFUND, "UNRECOGNIZED" as const]],
  ])("%s ends the same in any order, however often it is told", (_name, statuses) => {
    check(lifeOf(statuses), fc.context(), (news, context) => {
      context.log(news.map(({ status }) => status).join(" "));
      expect(endOf(news).state).toBe(outcomeOf(news.map(({ status }) => status)));
    });
  });

  it("leaves the furthest state that was told on the card", () => {
    const path = [...OPENING, "ACTIVE", "CANCELLING", "CANCELED", "DELETED"] as const;
    check(lifeOf(path), (news) => {
      const furthest = path.findLast((status) => news.some((one) => one.status === status)) ?? null;
      expect(endOf(news).card?.knownStatus).toBe(furthest);
    });
  });

  it("may freeze and thaw a card without end", () => {
    const active = facts({ state: "COMPLETED", card: known("ACTIVE") });
    const frozen = follow(active, seen("poll", "FREEZE"));
    expect(frozen.card?.knownStatus).toBe("FREEZE");
    expect(follow(frozen, seen("poll", "ACTIVE"))).toEqual(active);
  });
});
