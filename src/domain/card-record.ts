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
