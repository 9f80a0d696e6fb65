import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Card {
  readonly cardId: string;
  readonly orderNo: string;
  readonly live: boolean;
  readonly active?: boolean;
  readonly calledBack?: boolean;
  readonly acceptedAtMs?: number;
}

interface Sent {
  readonly orderNo: string;
  readonly acknowledged: readonly string[];
  readonly refusals: readonly string[];
  readonly namedCard?: boolean;
  readonly comforts?: readonly { readonly forGood: boolean; readonly askedAtMs: number }[];
}

type Seen = {
  readonly state: string;
  readonly card: { readonly providerCardId: string } | null;
  readonly reads?: readonly string[];
  readonly reviewReason?: string;
} | null;

interface Harness {
  readonly judge: (
    sent: ReadonlyMap<string, Sent>,
    seen: ReadonlyMap<string, Seen>,
    cards: readonly Card[],
  ) => { readonly findings: Readonly<Record<string, number>> };
  readonly rendered: (text: string, figures: unknown) => string;
}

/** The harness is plain JavaScript, which the type checker does not read. */
const load = async (file: string): Promise<Harness> => import(new URL(file, import.meta.url).href);

const one = (state: string, cardId: string | null): Seen => ({
  state,
  card: cardId ? { providerCardId: cardId } : null,
});
const own: Card = { cardId: "c1", orderNo: "a", live: true };

/** What is told, what is seen, the provider's cards, and what the judge has to say. */
const CASES: readonly (readonly [string, readonly string[], Seen, readonly Card[], readonly string[]])[] = [
  ["an order that went well", ["ACCEPTED", "COMPLETED"], one("COMPLETED", "c1"), [own], []],
  ["an order that was refused", ["FAILED"], one("FAILED", null), [], []],
  ["a refunded card", ["ACCEPTED"], one("FAILED", "c1"), [{ ...own, live: false }], []],
  ["a person asked to look", ["COMPLETED"], one("NEEDS_REVIEW", "c1"), [own], []],
  ["two cards", ["COMPLETED"], one("COMPLETED", "c1"), [own, { ...own, cardId: "c2" }], ["duplicates"]],
  ["a lost order", ["PENDING"], null, [], ["lost"]],
  ["a failure with a live card", ["UNCONFIRMED"], one("FAILED", null), [own], ["failedWithCard"]],
  ["a completion without a card", ["ACCEPTED"], one("COMPLETED", null), [], ["completedWithoutCard"]],
  [
    "a completion after a refund",
    ["ACCEPTED"],
    one("COMPLETED", "c1"),
    [{ ...own, live: false }],
    ["completedWithoutCard"],
  ],
  ["a word taken back", ["COMPLETED"], one("FAILED", "c1"), [{ ...own, live: false }], ["takenBack"]],
  [
    "another order's card",
    ["UNCONFIRMED"],
    one("NEEDS_REVIEW", "c2"),
    [own, { cardId: "c2", orderNo: "b", live: true }],
    ["strangers", "doubtedCard"],
  ],
  [
    "an order that rests on another's card",
    ["UNCONFIRMED"],
    one("FAILED", "c2"),
    [{ cardId: "c2", orderNo: "b", live: false }],
    ["strangers", "wrongCard"],
  ],
  ["a card that nobody ordered", ["FAILED"], one("FAILED", null), [{ ...own, orderNo: "b" }], ["strangers"]],
  ["an order that never ends", ["ACCEPTED"], one("ACCEPTED", "c1"), [own], ["stuck"]],
  ["an order that nobody answers", [], one("COMPLETED", "c1"), [own], ["unanswered"]],
];

it.each(CASES)("the judge knows %s", async (_name, acknowledged, seen, cards, expected) => {
  const { judge } = await load("judge.mjs");
  const sent = new Map([["a", { orderNo: "a", acknowledged, refusals: [] }]]);
  const { findings } = judge(sent, new Map([["a", seen]]), cards);
  const found = Object.entries(findings).filter(([, count]) => count > 0);
  expect(found.map(([name]) => name)).toEqual(expected);
});

const usable: Card = { ...own, active: true, calledBack: false, acceptedAtMs: 5_000 };
const unproven = { state: "NEEDS_REVIEW", card: null, reviewReason: "NO_EVIDENCE" };
const askedAt = (askedAtMs: number, forGood: boolean) => ({ comforts: [{ forGood, askedAtMs }] });

/** What is known besides: to the client, by reading more than once, and of the provider's callbacks. */
const CLOSER: readonly (readonly [string, Partial<Sent>, Seen, Card, readonly string[]])[] = [
  ["a person asked although a card was shown", { namedCard: true }, unproven, usable, ["forgotten"]],
  ["a person asked although a callback was taken", {}, unproven, { ...usable, calledBack: true }, ["forgotten"]],
  ["a person asked for want of all evidence", {}, unproven, usable, []],
  [
    "a person asked for another reason",
    { namedCard: true },
    { ...unproven, reviewReason: "CARD_MISMATCH" },
    usable,
    [],
  ],
  ["a card that cannot be used yet", { namedCard: true }, unproven, { ...usable, active: false }, []],
  [
    "a failure that was read and did not last",
    {},
    { ...unproven, state: "COMPLETED", card: { providerCardId: "c1" }, reads: ["FAILED", "NEEDS_REVIEW", "COMPLETED"] },
    usable,
    ["takenBack"],
  ],
  ["a doubt that was read", {}, { ...unproven, reads: ["COMPLETED", "NEEDS_REVIEW"] }, usable, []],
  ["a word that nothing was spent, beside a card", askedAt(1_000, true), unproven, usable, ["falseComfort"]],
  ["a word that nothing was sent, after it was", askedAt(6_000, false), unproven, usable, ["falseComfort"]],
  ["a word that nothing was sent yet", askedAt(1_000, false), unproven, usable, []],
];

it.each(CLOSER)("the judge also knows %s", async (_name, known, seen, card, expected) => {
  const { judge } = await load("judge.mjs");
  const sent = new Map([["a", { orderNo: "a", acknowledged: ["ACCEPTED"], refusals: [], ...known }]]);
  const { findings } = judge(sent, new Map([["a", seen]]), [card]);
  const found = Object.entries(findings).filter(([, count]) => count > 0);
  expect(found.map(([name]) => name)).toEqual(expected);
});

/** Who heard of which card, while "a" is completed with the card of "b". */
const CLAIMED: readonly (readonly [string, { a?: Partial<Card>; b?: Partial<Card> }, readonly string[]])[] = [
  ["neither order was told of its own", {}, ["unheardCard"]],
  ["its own order was told of it", { b: { calledBack: true } }, ["completedWithoutCard", "wrongCard"]],
  ["the other order was told of its own", { a: { calledBack: true } }, ["completedWithoutCard", "wrongCard"]],
];

it.each(CLAIMED)("the judge tells apart whose card was claimed when %s", async (_name, { a, b }, expected) => {
  const { judge } = await load("judge.mjs");
  const told = (orderNo: string) => [orderNo, { orderNo, acknowledged: ["UNCONFIRMED"], refusals: [] }] as const;
  const seen = new Map([
    ["a", one("COMPLETED", "c2")],
    ["b", one("NEEDS_REVIEW", null)],
  ]);
  const cards = [
    { ...own, ...a },
    { ...own, cardId: "c2", orderNo: "b", ...b },
  ];
  const { findings } = judge(new Map([told("a"), told("b")]), seen, cards);
  const found = Object.entries(findings).filter(([, count]) => count > 0);
  expect(found.map(([name]) => name)).toEqual(expected);
});

it("the page on reliability says what its figures say", async () => {
  const { rendered } = await load("render.mjs");
  const page = readFileSync("docs/reliability.md", "utf8");
  expect(rendered(page, JSON.parse(readFileSync("docs/reliability.json", "utf8")))).toBe(page);
});
