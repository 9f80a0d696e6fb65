import { describe, expect, it } from "vitest";
import type { CardSnapshot } from "../../src/domain/card.js";
import { type Evidence, type OrderFacts, transition } from "../../src/domain/order-transition.js";
import { DEPOSIT, facts, known, REFUSAL, seen, snapshot } from "./order-facts.js";

const ORDERS = {
  INTENT: facts(),
  SENDING: facts({ state: "SENDING" }),
  UNCONFIRMED: facts({ state: "UNCONFIRMED" }),
  "review, no evidence": facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE" }),
  "review, its card seen": facts({
    state: "NEEDS_REVIEW",
    reviewReason: "NO_EVIDENCE",
    card: known("INIT_CREATE_CARD"),
  }),
  ACCEPTED: facts({ state: "ACCEPTED", card: known("INIT_CREATE_CARD") }),
  "ACCEPTED, unread": facts({ state: "ACCEPTED", card: known(null) }),
  COMPLETED: facts({ state: "COMPLETED", card: known("ACTIVE") }),
  "FAILED, refused": facts({ state: "FAILED" }),
  "FAILED, refunded": facts({ state: "FAILED", card: known("CREATE_CARD_FAILED_REFUND") }),
  "FAILED, unread": facts({ state: "FAILED", card: known(null) }),
  "review, mismatch": facts({ state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH" }),
  "review, contradiction": facts({ state: "NEEDS_REVIEW", reviewReason: "CONTRADICTION", card: known("ACTIVE") }),
} satisfies Record<string, OrderFacts>;

const UNFITTING = { depositMinor: 99_900 };
const EVIDENCE = {
  sending: { kind: "sending" },
  "not sent": { kind: "not_sent", call: 1 },
  unclear: { kind: "unclear", call: 1 },
  "too long": { kind: "waited_too_long" },
  refused: { kind: "refused", call: 1, failure: REFUSAL },
  opening: seen("poll", "INIT"),
  "next stage": seen("poll", "INIT_ACTIVE_CARD"),
  active: seen("answer", "ACTIVE"),
  frozen: seen("poll", "FREEZE"),
  closed: seen("poll", "CANCELED"),
  refunded: seen("poll", "CREATE_CARD_FAILED_REFUND"),
  unknown: seen("poll", "UNRECOGNIZED"),
  "odd answer": seen("answer", "ACTIVE", { ...UNFITTING, providerCardId: "prv-odd" }),
  "odd callback": seen("callback", "ACTIVE", { ...UNFITTING, providerCardId: "prv-odd" }),
} satisfies Record<string, Evidence>;

/**
 * Every pair, row by order and column by evidence in the order above. A dot: nothing changes. Lower case `review:` is
 * NEEDS_REVIEW with its reason; a plus sign: the card's description is written.
 */
const TABLE: Readonly<Record<keyof typeof ORDERS, string>> = {
  INTENT:
    "SENDING . . . . ACCEPTED+ ACCEPTED+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ ACCEPTED+ review:CARD_MISMATCH .",
  SENDING:
    ". INTENT UNCONFIRMED . FAILED ACCEPTED+ ACCEPTED+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ ACCEPTED+ review:CARD_MISMATCH .",
  UNCONFIRMED:
    ". . . review:NO_EVIDENCE FAILED ACCEPTED+ ACCEPTED+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ ACCEPTED+ review:CARD_MISMATCH .",
  "review, no evidence":
    ". . . . FAILED review:NO_EVIDENCE+ review:NO_EVIDENCE+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ review:NO_EVIDENCE+ review:CARD_MISMATCH .",
  "review, its card seen":
    ". . . . review:CONTRADICTION . review:NO_EVIDENCE+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ review:NO_EVIDENCE+ . .",
  ACCEPTED:
    ". . . review:NO_EVIDENCE review:CONTRADICTION . ACCEPTED+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ ACCEPTED+ review:CARD_MISMATCH ?",
  "ACCEPTED, unread":
    ". . . review:NO_EVIDENCE review:CONTRADICTION ACCEPTED+ ACCEPTED+ COMPLETED+ COMPLETED+ COMPLETED+ FAILED+ ACCEPTED+ review:CARD_MISMATCH ?",
  COMPLETED:
    ". . . . review:CONTRADICTION . . COMPLETED+ COMPLETED+ COMPLETED+ review:CONTRADICTION COMPLETED+ review:CARD_MISMATCH ?",
  "FAILED, refused":
    ". . . . . review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ . review:CONTRADICTION+ review:CARD_MISMATCH .",
  "FAILED, refunded":
    ". . . . . . . review:CONTRADICTION review:CONTRADICTION review:CONTRADICTION FAILED+ . review:CARD_MISMATCH ?",
  "FAILED, unread":
    ". . . . . review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ FAILED+ . review:CARD_MISMATCH ?",
  "review, mismatch": ". . . . . . . . . . . . . .",
  "review, contradiction":
    ". . . . . . . review:CONTRADICTION+ review:CONTRADICTION+ review:CONTRADICTION+ . review:CONTRADICTION+ . .",
};

function told(order: OrderFacts, evidence: Evidence): string {
  const next = transition(order, evidence);
  if (next === null) return ".";
  const state = next.state === "NEEDS_REVIEW" ? `review:${next.reviewReason}` : next.state;
  return `${state}${next.writeCard ? "+" : ""}`;
}

describe.each(Object.keys(ORDERS) as (keyof typeof ORDERS)[])("an order that is %s", (name) => {
  const cells = TABLE[name].split(" ");
  const pairs = Object.entries(EVIDENCE).map(([label, evidence], column) => [label, cells[column], evidence] as const);

  it("has an expectation for every piece of evidence", () => expect(cells).toHaveLength(pairs.length));

  it.each(pairs.filter(([, cell]) => cell !== "?"))("on %s: %s", (_label, cell, evidence) => {
    expect(told(ORDERS[name], evidence)).toBe(cell);
  });
});

describe("a refusal that comes late", () => {
  const refused: Evidence = { kind: "refused", call: 1, failure: REFUSAL };
  const waited = facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE" });

  it("settles an order that has waited too long, unless its card was seen", () => {
    expect(told(waited, refused)).toBe("FAILED");
    for (const status of ["INIT", null] as const) {
      expect(told({ ...waited, card: known(status) }, refused)).toBe("review:CONTRADICTION");
    }
  });
});

describe("an order that went out more than once", () => {
  const unconfirmed = facts({ state: "UNCONFIRMED", sends: 1 });
  const resent = facts({ state: "SENDING", sends: 2 });
  const taken = (call: number): Evidence => ({ kind: "taken", call });
  const refused = (call: number): Evidence => ({ kind: "refused", call, failure: REFUSAL });

  it("is sent again only while it is unconfirmed", () => {
    for (const [name, order] of Object.entries(ORDERS)) {
      expect(told(order, { kind: "resending" })).toBe(name === "UNCONFIRMED" ? "SENDING" : ".");
    }
    expect(told(unconfirmed, { kind: "sending" })).toBe(".");
  });

  it("was taken the first time when the provider refuses the second for having the number", () => {
    expect(told(resent, taken(2))).toBe("ACCEPTED");
    expect(told({ ...unconfirmed, sends: 2 }, taken(2))).toBe("ACCEPTED");
    for (const name of ["review, no evidence", "ACCEPTED", "COMPLETED", "FAILED, refunded"] as const) {
      expect(told({ ...ORDERS[name], sends: 2 }, taken(2))).toBe(".");
    }
  });

  it("proves nothing and is never sent again when the provider has the number of a first call", () => {
    const first = transition(facts({ state: "SENDING", sends: 1 }), taken(1));
    expect(first).toMatchObject({ state: "UNCONFIRMED", lastSend: true });
    expect(told(unconfirmed, taken(1))).toBe(".");
  });

  it("is not failed by a refusal of one of the calls: the other may have been taken", () => {
    expect(told(resent, refused(2))).toBe("UNCONFIRMED");
    expect(told(resent, refused(1))).toBe(".");
    expect(told({ ...unconfirmed, sends: 2 }, refused(1))).toBe(".");
    expect(told(facts({ state: "ACCEPTED", sends: 2, card: known("INIT") }), refused(1))).toBe(".");
    expect(told(facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE", sends: 2 }), refused(2))).toBe(".");
  });

  it("is unconfirmed again, and no intent, when the second call was not sent", () => {
    expect(transition(resent, { kind: "not_sent", call: 2 })).toMatchObject({ state: "UNCONFIRMED", unsent: true });
  });

  it("waits for the call that is under way, whatever is said late of the one before", () => {
    expect(told(resent, { kind: "unclear", call: 1 })).toBe(".");
    expect(told(resent, { kind: "not_sent", call: 1 })).toBe(".");
    expect(told(resent, { kind: "unclear", call: 2 })).toBe("UNCONFIRMED");
  });
});

describe("an order that could not be sent for too long", () => {
  it("fails, because it provably never went out; any other order is left alone", () => {
    expect(transition(facts(), { kind: "never_sent" })).toMatchObject({
      state: "FAILED",
      failure: { code: "PROVIDER_UNAVAILABLE" },
    });
    for (const [name, order] of Object.entries(ORDERS)) {
      if (name !== "INTENT") expect(told(order, { kind: "never_sent" })).toBe(".");
    }
  });
});

describe("an order whose card another one claims as well", () => {
  it("is for a person, unless it has no card or is for one already", () => {
    for (const [name, order] of Object.entries(ORDERS)) {
      const untouched = order.card === null || name.startsWith("review, contradiction");
      expect(told(order, { kind: "contested" }), name).toBe(untouched ? "." : "review:CARD_MISMATCH");
    }
  });
});

describe("a person who settles an order", () => {
  const inReview = facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE" });
  const byHand = (card: CardSnapshot | null): Evidence => ({ kind: "settled_by_hand", card });

  it("is heard only while the order is in review", () => {
    for (const order of Object.values(ORDERS)) {
      if (order.state === "NEEDS_REVIEW") continue;
      expect(told(order, byHand(null))).toBe(".");
      expect(told(order, byHand(snapshot({ status: "ACTIVE" })))).toBe(".");
    }
  });

  it("may say that no card came of it, unless its card is open", () => {
    expect(transition(inReview, byHand(null))).toMatchObject({ state: "FAILED", failure: { code: "SETTLED_BY_HAND" } });
    expect(told({ ...inReview, card: known("CREATE_CARD_FAILED_REFUND") }, byHand(null))).toBe("FAILED");
    expect(told({ ...inReview, card: known("CANCELED") }, byHand(null))).toBe("FAILED");
    for (const status of ["INIT", "ACTIVE", "FREEZE", "CANCELLING", null] as const) {
      expect(told({ ...inReview, card: known(status) }, byHand(null))).toBe(".");
    }
  });

  it("may say which card is the order's, also one that does not fit, as the provider describes it", () => {
    const mismatch = { ...inReview, reviewReason: "CARD_MISMATCH" } as const;
    expect(told(mismatch, byHand(snapshot({ status: "ACTIVE", depositMinor: 1 })))).toBe("COMPLETED+");
    expect(told(mismatch, byHand(snapshot({ status: "INIT" })))).toBe("ACCEPTED+");
    expect(told(mismatch, byHand(snapshot({ status: "CREATE_CARD_FAILED_REFUND" })))).toBe("FAILED+");
  });

  it("may not give it another order's card, put one card in another's place, or turn back the clock", () => {
    const active = snapshot({ status: "ACTIVE" });
    expect(told({ ...inReview, cardIsAnothers: true }, byHand(active))).toBe(".");
    const ours = { ...inReview, card: known("ACTIVE") };
    expect(told(ours, byHand({ ...active, providerCardId: "prv-second" }))).toBe(".");
    expect(told(ours, byHand(snapshot({ status: "INIT" })))).toBe(".");
    expect(told(ours, byHand(snapshot({ status: "CREATE_CARD_FAILED_REFUND" })))).toBe("FAILED+");
  });

  it("is not called again about a closed card that did not count", () => {
    const failed = facts({ state: "FAILED", card: known("CANCELED") });
    for (const status of ["CANCELED", "DELETED", "UNRECOGNIZED"] as const) {
      expect(told(failed, seen("poll", status))).toBe(".");
    }
  });
});

describe("a card that does not belong to the order", () => {
  const waiting = facts({ state: "UNCONFIRMED" });

  it("is not believed when a callback claims it", () => {
    const claims = [
      seen("callback", "ACTIVE", { customerId: "customer-2" }),
      seen("callback", "ACTIVE", { currency: "EUR" }),
      seen("callback", "ACTIVE", { depositMinor: DEPOSIT.amountMinor + 1 }),
      seen("callback", "ACTIVE", { depositMinor: 0 }),
    ];
    for (const claim of claims) expect(transition(waiting, claim)).toBeNull();
    expect(transition({ ...waiting, cardIsAnothers: true }, seen("callback", "ACTIVE"))).toBeNull();
  });

  it.each(["answer", "poll"] as const)("is for a person when the provider's own %s names it", (source) => {
    const mismatch = { state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH", failure: null, writeCard: false };
    expect(transition(waiting, seen(source, "ACTIVE", { depositMinor: 1 }))).toMatchObject(mismatch);
    expect(transition({ ...waiting, cardIsAnothers: true }, seen(source, "ACTIVE"))).toMatchObject(mismatch);
    const ours = facts({ state: "ACCEPTED", card: known("INIT") });
    expect(transition(ours, seen(source, "INIT", { providerCardId: "prv-second" }))).toMatchObject(mismatch);
  });

  it.each([
    "answer",
    "poll",
    "callback",
  ] as const)("is for a person when its first description was bare: %s", (source) => {
    const accepted = facts({ state: "ACCEPTED", card: known("INIT") });
    const waited = facts({ state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE", card: known("INIT") });
    for (const order of [accepted, waited]) {
      for (const odd of [{ depositMinor: 900 }, { customerId: "customer-2" }]) {
        expect(told(order, seen(source, "ACTIVE", odd))).toBe("review:CARD_MISMATCH+");
        expect(told(order, seen(source, "INIT", odd))).toBe("review:CARD_MISMATCH+");
      }
    }
  });

  it("cannot be told by a deposit that changed after the order was settled: cards may be loaded again", () => {
    expect(told(ORDERS.COMPLETED, seen("poll", "ACTIVE", { depositMinor: 5_000 }))).toBe("COMPLETED+");
    const refunded = seen("poll", "CREATE_CARD_FAILED_REFUND", { depositMinor: 5_000 });
    expect(told(ORDERS["FAILED, refunded"], refunded)).toBe("FAILED+");
  });

  it("is not believed when a callback claims it for an order that has its card", () => {
    const ours = facts({ state: "COMPLETED", card: known("ACTIVE") });
    expect(transition(ours, seen("callback", "ACTIVE", { providerCardId: "prv-odd", depositMinor: 1 }))).toBeNull();
    const second = seen("callback", "ACTIVE", { providerCardId: "prv-second" });
    expect(transition({ ...ours, cardIsAnothers: true }, second)).toBeNull();
    expect(told(ours, second)).toBe("review:CARD_MISMATCH");
  });
});

describe("the failure of an order", () => {
  it("is the refusal as the provider gave it", () => {
    expect(transition(facts({ state: "SENDING" }), EVIDENCE.refused)?.failure).toEqual(REFUSAL);
  });

  it("is that the card could not be created, with the provider's own word, when the deposit came back", () => {
    const refunded = seen("poll", "CREATE_CARD_FAILED_REFUND", { providerStatus: "CREATE_CARD_FAILED_REFUND" });
    expect(transition(facts({ state: "ACCEPTED", card: known("INIT") }), refunded)?.failure).toEqual({
      code: "CARD_CREATION_FAILED",
      providerCode: "CREATE_CARD_FAILED_REFUND",
      field: null,
    });
  });

  it("is absent from every other move", () => {
    const moves = Object.values(ORDERS).flatMap((order) =>
      Object.values(EVIDENCE).map((one) => transition(order, one)),
    );
    const failing = moves.filter((move) => move && (move.failure === null) === (move.state === "FAILED"));
    expect(failing).toEqual([]);
  });
});
