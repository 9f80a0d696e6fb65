/** States that an order ends in. */
export const FINAL = ["COMPLETED", "FAILED", "NEEDS_REVIEW"];

/**
 * A card as the provider has it.
 * @typedef {object} JudgedCard
 * @property {string} cardId
 * @property {string} orderNo
 * @property {boolean} live Not refunded.
 * @property {boolean} [active] It can be used, and whoever reads it often enough sees that.
 * @property {boolean} [calledBack] A callback of its own was answered with 200.
 * @property {number} [acceptedAtMs] When it came to be, in milliseconds since 1970.
 */

/**
 * What was found wrong, as numbers of orders, of `strangers` of cards. All of them must be 0.
 * @typedef {object} Findings
 * @property {number} duplicates More than one card at the provider for one order number.
 * @property {number} strangers Cards for order numbers that the client never sent.
 * @property {number} lost Acknowledged, and not in the database.
 * @property {number} failedWithCard FAILED, and a live card at the provider.
 * @property {number} completedWithoutCard COMPLETED, and no live card of that order at the provider.
 * @property {number} takenBack Told as COMPLETED or FAILED, and later anything else than the same or NEEDS_REVIEW.
 * @property {number} falseComfort Told that nothing was spent or sent, beside a live card.
 * @property {number} wrongCard Rests on a card that the provider opened for another order.
 * @property {number} unheardCard The same, where nobody ever told the server of either order's own card.
 * @property {number} doubtedCard NEEDS_REVIEW, and shows a card that the provider opened for another order.
 * @property {number} forgotten Left to a person for want of evidence that had been given.
 * @property {number} stuck Still moving when the time was up.
 * @property {number} unanswered Never acknowledged, however often it was sent.
 */

/** What each finding means, in the words of the report. */
export const FINDINGS = {
  duplicates: "more than one card for an order number",
  strangers: "a card for an order number that was never sent",
  lost: "acknowledged, and not in the database",
  failedWithCard: "FAILED, and a live card at the provider",
  completedWithoutCard: "COMPLETED, and no live card at the provider",
  takenBack: "told as done, and later something else",
  falseComfort: "told that nothing was spent or sent, beside a live card",
  wrongCard: "rests on a card that was opened for another order",
  unheardCard: "rests on another order's card, and neither was told of its own",
  doubtedCard: "a person has to look, and another order's card is shown",
  forgotten: "left to a person although its card was named",
  stuck: "still moving at the end",
  unanswered: "never acknowledged",
};

/**
 * Whether an order waits for a person although what it was to wait for has come: its card can be used, and either an
 * answer showed a card or a callback was taken. An answer that says ACCEPTED and shows none does not count: a provider
 * that refuses a repeated number says that there is a card, and not which one.
 * @param {Pick<import("./storm.mjs").Sent, "namedCard">} sent
 * @param {{ state: string } | null | undefined} order
 * @param {readonly JudgedCard[]} own The order's cards.
 */
export function isLeftInSpiteOfEvidence({ namedCard = false }, order, own) {
  return order?.state === "NEEDS_REVIEW" && own.some(({ active, calledBack }) => active && (namedCard || calledBack));
}

/**
 * Compares what the client was told and what the server says with what the provider did.
 * @param {Map<string, import("./storm.mjs").Sent>} sent
 * @param {Awaited<ReturnType<typeof import("./settle.mjs").settle>>} seen
 * @param {readonly JudgedCard[]} cards
 * @returns {{ findings: Findings, examples: readonly string[], states: Record<string, number>, cards: number }}
 */
export function judge(sent, seen, cards) {
  const findings = Object.fromEntries(Object.keys(FINDINGS).map((name) => [name, 0]));
  const examples = [];
  const states = {};
  const ownerOf = new Map(cards.map((card) => [card.cardId, card.orderNo]));
  const byOrder = Map.groupBy(cards, ({ orderNo }) => orderNo);
  const hasHeard = (orderNo) => {
    const isCalledBack = byOrder.get(orderNo)?.some(({ calledBack }) => calledBack) ?? false;
    return isCalledBack || (sent.get(orderNo)?.namedCard ?? false);
  };
  const strangers = cards.filter(({ orderNo }) => !sent.has(orderNo));
  findings.strangers = strangers.length;
  for (const { orderNo } of strangers.slice(0, 5)) examples.push(`strangers: a card for ${orderNo}`);
  for (const entry of sent.values()) {
    const { orderNo, acknowledged, refusals } = entry;
    const own = byOrder.get(orderNo) ?? [];
    const order = seen.get(orderNo) ?? null;
    const wrong = wrongWith(entry, order, own, { ownerOf, hasHeard });
    if (order !== null) states[order.state] = (states[order.state] ?? 0) + 1;
    for (const name of wrong) {
      findings[name] += 1;
      if (examples.length < 20) {
        examples.push(
          `${name}: ${orderNo} told ${acknowledged.join(",") || "nothing"} ${refusals.join(",")}, ` +
            `now ${order?.state ?? "absent"}, read ${readsOf(order).join(",")}, cards ${own.length}`,
        );
      }
    }
  }
  return { findings, examples, states, cards: cards.length };
}

function wrongWith(entry, order, own, { ownerOf, hasHeard }) {
  const { orderNo, acknowledged, comforts = [] } = entry;
  const wrong = [];
  const live = own.filter((card) => card.live);
  if (own.length > 1) wrong.push("duplicates");
  if (acknowledged.length === 0) wrong.push("unanswered");
  if (acknowledged.length > 0 && order === null) wrong.push("lost");
  if (comforts.some((comfort) => live.some((card) => isUntrue(comfort, card)))) wrong.push("falseComfort");
  if (order === null) return wrong;
  const cardId = order.card?.providerCardId ?? null;
  const owner = cardId === null ? orderNo : ownerOf.get(cardId);
  const isAnothers = owner !== orderNo;
  const isUnheard = isAnothers && order.state === "COMPLETED" && !hasHeard(orderNo) && !hasHeard(owner);
  if (!FINAL.includes(order.state)) wrong.push("stuck");
  if (order.state === "FAILED" && live.length > 0) wrong.push("failedWithCard");
  const isLive = live.some((card) => card.cardId === cardId);
  if (order.state === "COMPLETED" && !isLive && !isUnheard) wrong.push("completedWithoutCard");
  if (isUnheard) wrong.push("unheardCard");
  else if (isAnothers) wrong.push(order.state === "NEEDS_REVIEW" ? "doubtedCard" : "wrongCard");
  if (isTakenBack(acknowledged, readsOf(order))) wrong.push("takenBack");
  if (order.reviewReason === "NO_EVIDENCE" && isLeftInSpiteOfEvidence(entry, order, own)) wrong.push("forgotten");
  return wrong;
}

/** Every state that was read, in order; where only the last is known, that one. */
function readsOf(order) {
  return order === null ? [] : (order.reads ?? [order.state]);
}

/**
 * A person may have to look at what was thought to be done; anything else would be taking a word back. Answers to
 * requests that were under way at once may overtake each other; readings come one after the other, and after them all.
 */
function isTakenBack(acknowledged, reads) {
  return ["COMPLETED", "FAILED"].some((told) => {
    const from = acknowledged.includes(told) ? 0 : reads.indexOf(told);
    return from >= 0 && reads.slice(from).some((now) => now !== told && now !== "NEEDS_REVIEW");
  });
}

/** An order that was not sent yet may be sent later; what is over may not have a card, whenever it came to be. */
function isUntrue({ forGood, askedAtMs }, { acceptedAtMs = 0 }) {
  return forGood || acceptedAtMs < askedAtMs;
}

/** Whether nothing was found. */
export function isClean(findings) {
  return Object.values(findings).every((count) => count === 0);
}
