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

/** What of a card is read only for those who ask for it: all but which card it is, whose, and where it stands. */
export const CARD_FIELDS = [
  ...["provider", "orderId", "providerCardId", "providerUserId", "cardSeqNo", "customerId"],
  ...["providerStatus", "statusText", "cardHolder", "bin", "last4", "expMonth", "expYear"],
  ...["depositMinor", "consumeMinor", "balanceMinor", "currency", "tags", "openedAt", "createdAt", "updatedAt"],
] as const satisfies readonly CardField[];

/** A field of a card that may be left unread. */
export type CardField = Exclude<keyof Card, "id" | "tenant" | "status">;

/** The fields of cards that somebody asks for. */
export type CardFields = ReadonlySet<CardField>;

/** A card without what nobody asked for; that is undefined. */
export type ShownCard = Pick<Card, "id" | "status"> & { readonly [Field in CardField]: Card[Field] | undefined };
