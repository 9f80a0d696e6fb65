import { CardOrderDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, eventually } from "../support/cardgraph.js";

/** Our ids of a card that was opened, and of what came with it. */
export interface OpenedCard {
  readonly cardId: string;
  readonly cardHolderId: string;
  readonly orderId: string;
}

/** Places an order and waits until its card is open. */
export async function openCard(server: Cardgraph, orderNo: string): Promise<OpenedCard> {
  const deposit = { amountMinor: 1000, currency: "USD" };
  const cardHolder = { firstName: "Leon", lastName: "Smith" };
  const input = { orderNo, cardHolder, cardRangeId: "vab_069af8a792ad", deposit };
  await server.ask(CreateVirtualCardDocument, { input });
  const order = await eventually(
    async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder,
    (found) => found?.state === "COMPLETED",
  );
  if (!order?.card) throw new Error("the card was not opened");
  return { cardId: order.card.id, cardHolderId: order.card.cardHolder.id, orderId: order.id };
}
