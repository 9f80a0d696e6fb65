import { chanceOf } from "./seeded.mjs";

/**
 * What the provider does to one order.
 * @typedef {object} Fault
 * @property {string} name The name it is counted under.
 * @property {{ kind: string, code?: string, callbacks?: string, reads?: string }} scenario As the sandbox has it.
 * @property {{ kind: Attack, early: boolean } | null} attack A forged callback, before or after the answer.
 */

/**
 * Forged callbacks. All but `wrong-token` come to the order's own, unguessable address.
 * @typedef {(typeof ATTACKS)[number]} Attack
 */
export const ATTACKS = [
  "unknown card",
  "a card that does not fit",
  "a settled order's card",
  "another order's number",
  "wrong token",
  "oversized",
  "malformed",
];

/**
 * A forged callback that no server could see through: the order's own, unguessable address, and a card that fits and
 * that its own order does not know of yet. Nothing in the provider's answers says which order a card was opened for.
 */
export const TWIN = "an unsettled order's card";

/** How an order goes wrong, with how often. The scenarios are the sandbox's; its README says what each one does. */
const FAULTS = [
  [6, { kind: "approve" }],
  [1, { kind: "decline", code: "403101" }],
  [1, { kind: "hang" }],
  [1, { kind: "reset-before-accept" }],
  [2, { kind: "reset-after-accept" }],
  [2, { kind: "cut-body" }],
  [2, { kind: "garbled" }],
  [2, { kind: "server-error" }],
  [1, { kind: "server-error-not-accepted" }],
  [1, { kind: "drip" }],
  [1, { kind: "huge-body" }],
  [2, { kind: "unlisted-code" }],
  [1, { kind: "rate-limited" }],
  [2, { kind: "lost-callback" }],
  [2, { kind: "repeated-callback" }],
  [2, { kind: "early-callback" }],
  [2, { kind: "late-callback" }],
  [2, { kind: "reordered-callback" }],
  [2, { kind: "fail-and-refund" }],
  [1, { kind: "unknown-status" }],
  [2, { kind: "inconsistent" }],
  [1, { kind: "accept-late" }],
  [1, { kind: "check-late" }],
  [2, { kind: "status-backwards" }],
  [2, { kind: "failing-reads" }],
];

const CALLBACKS = [
  [60, undefined],
  [12, "lost"],
  [7, "repeated"],
  [7, "early"],
  [7, "late"],
  [7, "reordered"],
];

const READS = [
  [80, undefined],
  [10, "backwards"],
  [10, "failing"],
];

/** How many orders in a hundred somebody forges callbacks for. */
const ATTACKED_PERCENT = 25;

/**
 * The fault of an order: a function of seed and order number, so that a run can be repeated and each order keeps its
 * fault however often it is sent.
 * @param {string | number} seed
 * @param {string} orderNo
 * @param {string | null} [attackOnAll] This forged callback for every order.
 * @returns {Fault}
 */
export function faultOf(seed, orderNo, attackOnAll = null) {
  const chance = chanceOf(seed, `fault ${orderNo}`);
  const plain = chance.weigh(FAULTS);
  const isPlainApproval = plain.kind === "approve";
  const scenario = {
    ...plain,
    ...(isPlainApproval ? {} : definedOnly({ callbacks: chance.weigh(CALLBACKS), reads: chance.weigh(READS) })),
  };
  const isAttacked = chance.integer(1, 100) <= ATTACKED_PERCENT || attackOnAll !== null;
  const attack = isAttacked ? { kind: attackOnAll ?? chance.pick(ATTACKS), early: chance.next() < 0.5 } : null;
  return { name: plain.kind, scenario, attack };
}

/** Names of all faults, in the order of the list. */
export const FAULT_NAMES = FAULTS.map(([, { kind }]) => kind);

/**
 * What a caller orders: also a function of the number. Few deposits and few customers, so that forged claims often
 * name a card that fits in all but its owner.
 * @param {string | number} seed
 * @param {string} orderNo
 */
export function inputOf(seed, orderNo) {
  const chance = chanceOf(seed, `input ${orderNo}`);
  const customerId = chance.pick([undefined, `shared-${chance.integer(1, 5)}`, `of-${orderNo}`]);
  return {
    orderNo,
    cardRangeId: "vab_069af8a792ad",
    deposit: { amountMinor: chance.pick([5_000, 6_000, 7_000]), currency: "USD" },
    email: "user@merchant.example",
    ...definedOnly({ customerId }),
  };
}

function definedOnly(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
