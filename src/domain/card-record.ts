import type { CardHolderSnapshot, CardSnapshot } from "./card.js";
import type { CardHolderId, CardId, OrderId } from "./ids.js";
import type { ProviderCode } from "./provider-code.js";

/** A card as it stands in the database: the provider's last description, our ids, our times. */
export interface Card extends Omit<CardSnapshot, "cardHolder"> {
  readonly id: CardId;
  readonly tenant: string;
  readonly provider: ProviderCode;
  readonly orderId: OrderId;
  readonly cardHolder: CardHolder;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A cardholder as it stands in the database. */
export interface CardHolder extends CardHolderSnapshot {
  readonly id: CardHolderId;
}

/** Parts of a card that are read only for those who ask for them. */
export interface CardParts {
  readonly cardHolder: boolean;
  /** What {@link CARD_DETAILS} names. */
  readonly details: boolean;
}

/** What few lists show of a card. */
export const CARD_DETAILS = [
  "providerUserId",
  "cardSeqNo",
  "providerStatus",
  "statusText",
  "tags",
  "openedAt",
  "updatedAt",
] as const;

type PartField = "cardHolder" | (typeof CARD_DETAILS)[number];

/** A card without the parts that nobody asked for; those are undefined. */
export type ShownCard = Omit<Card, PartField> & { readonly [Field in PartField]: Card[Field] | undefined };
