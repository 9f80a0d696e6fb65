import type { SandboxCard } from "./cards.js";

/**
 * The body of a risk control event, card numbers in clear text as the provider has them.
 * Source: Prepaidify, Risk Control webhook: goes to an address that its staff set up for the whole account.
 */
export function riskControlBody(
  type: "FREEZE_CARD" | "FREEZE_ACCOUNT",
  cards: readonly SandboxCard[],
  eventId: string,
  nowMs: number,
): string {
  const data = {
    userId: cards[0]?.userId ?? null,
    cardIds: type === "FREEZE_CARD" ? cards.map(({ cardId }) => cardId) : [],
    numbers: cards.map(({ number }) => number),
    type,
    riskControlReasonType: "HIGH_REFUSE_RATE",
    reason: "refused too often",
    gmtCreate: nowMs,
  };
  return JSON.stringify({ eventType: "RISK_CONTROL", eventId, webhookSubscribeId: "wsb_sandbox", data });
}
