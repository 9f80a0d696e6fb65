import type { Kysely } from "kysely";
import type { Card } from "../domain/card-record.js";
import type { CardOrder } from "../domain/order.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { CARD_COLUMNS, CARD_HOLDER_COLUMNS } from "./columns.js";
import { type CardRow, type OrderRow, toCard, toOrder } from "./rows.js";
import type { Tables } from "./tables.js";

/** A row of an order with its card and cardholder, where it has them. */
export type JoinedOrderRow = OrderRow & { readonly [Name in keyof CardRow]: CardRow[Name] | null };

/** Orders with their cards and cardholders. */
export function joinedOrders(db: Kysely<Tables>) {
  return db
    .selectFrom("card_orders")
    .leftJoin("cards", "cards.order_id", "card_orders.id")
    .leftJoin("card_holders", "card_holders.id", "cards.card_holder_id")
    .selectAll("card_orders")
    .select("cards.id as card_id")
    .select(CARD_COLUMNS)
    .select(CARD_HOLDER_COLUMNS);
}

/** The joined row as the domain knows an order and its card. */
export function toView(
  row: JoinedOrderRow,
  vault: PersonalDataVault,
): { readonly order: CardOrder; readonly card: Card | null } {
  return { order: toOrder(row, vault), card: row.card_id === null ? null : toCard(row as CardRow, vault) };
}
