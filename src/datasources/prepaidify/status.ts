import { CARD_STATUSES, type CardStatus, lifecycleOf } from "../../domain/card-status.js";

/**
 * Source: Prepaidify, API For Creating Virtual Card, `status`; the underscores, lost on the page, are the upstream's.
 * Sibling: Alchemy Pay, card details, adds `WAIT_CANCEL`, waiting for deletion.
 */
export function toCardStatus(text: string): CardStatus {
  if (text === "WAIT_CANCEL") return "CANCELLING";
  return CARD_STATUSES.find((status) => status === text) ?? "UNRECOGNIZED";
}

/** Whether a card of this status is still being opened, so that parts of it may be missing. */
export function isOpening(text: string): boolean {
  return lifecycleOf(toCardStatus(text)) === "OPENING";
}
