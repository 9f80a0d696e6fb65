/**
 * The states of a card: Prepaidify's published list, underscores literal, and `UNRECOGNIZED` for anything else.
 * Source: Prepaidify, "API For Creating Virtual Card", response parameter `status`. Other providers map onto it.
 */
export const CARD_STATUSES = [
  "INIT",
  "INIT_CREATE_CARD",
  "INIT_CREATE_CARD_HOLDER",
  "INIT_ACTIVE_CARD",
  "CREATE_CARD_FAILED_REFUND",
  "ACTIVE",
  "FREEZE",
  "CANCELLING",
  "CANCELED",
  "DELETED",
  "EXPIRED",
  "UNRECOGNIZED",
] as const;

/** One of {@link CARD_STATUSES}. */
export type CardStatus = (typeof CARD_STATUSES)[number];

/** A status that the provider's list names. */
export type KnownCardStatus = Exclude<CardStatus, "UNRECOGNIZED">;

/** Where a card stands in its life, for clients that do not need the provider's stages. */
export const CARD_LIFECYCLES = ["OPENING", "ACTIVE", "BLOCKED", "CLOSING", "CLOSED", "FAILED", "UNKNOWN"] as const;

/** One of {@link CARD_LIFECYCLES}. */
export type CardLifecycle = (typeof CARD_LIFECYCLES)[number];

interface Place {
  readonly lifecycle: CardLifecycle;
  /** How far along its life a card is; a status of a lower rank than one already seen is late news. */
  readonly rank: number;
}

/**
 * Stage order as the provider states it: opening, creating cardholder, creating card, activating, activated.
 * ACTIVE and FREEZE share a rank because a card may go either way between them.
 */
const PLACES: Readonly<Record<KnownCardStatus, Place>> = {
  INIT: { lifecycle: "OPENING", rank: 0 },
  INIT_CREATE_CARD_HOLDER: { lifecycle: "OPENING", rank: 1 },
  INIT_CREATE_CARD: { lifecycle: "OPENING", rank: 2 },
  INIT_ACTIVE_CARD: { lifecycle: "OPENING", rank: 3 },
  ACTIVE: { lifecycle: "ACTIVE", rank: 4 },
  FREEZE: { lifecycle: "BLOCKED", rank: 4 },
  CANCELLING: { lifecycle: "CLOSING", rank: 5 },
  CANCELED: { lifecycle: "CLOSED", rank: 6 },
  EXPIRED: { lifecycle: "CLOSED", rank: 6 },
  DELETED: { lifecycle: "CLOSED", rank: 7 },
  CREATE_CARD_FAILED_REFUND: { lifecycle: "FAILED", rank: 7 },
};

/** The part of a card's life that a status belongs to; `UNKNOWN` for a status we cannot read. */
export function lifecycleOf(status: CardStatus): CardLifecycle {
  return status === "UNRECOGNIZED" ? "UNKNOWN" : PLACES[status].lifecycle;
}

/** What an observed status does to a card whose last recognised status is `known`. */
export type StatusVerdict = "apply" | "late" | "contradiction";

/**
 * Decides whether an observed status may replace the last recognised one. Ranks only rise: a late INIT after ACTIVE
 * is `late`. A card that was open and is now said never to have been opened, or the other way round, is a
 * `contradiction`, which a person has to look at.
 */
export function judgeStatus(known: KnownCardStatus | null, observed: CardStatus): StatusVerdict {
  if (known === null || observed === known || observed === "UNRECOGNIZED") return "apply";
  const isPastOpening = (status: KnownCardStatus): boolean => PLACES[status].rank >= PLACES.ACTIVE.rank;
  const isUndone = known === "CREATE_CARD_FAILED_REFUND" || observed === "CREATE_CARD_FAILED_REFUND";
  if (isUndone && isPastOpening(known) && isPastOpening(observed)) return "contradiction";
  if (PLACES[known].rank >= PLACES.CANCELED.rank && PLACES[observed].rank === PLACES[known].rank) return "late";
  return PLACES[observed].rank >= PLACES[known].rank ? "apply" : "late";
}
