import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import type { Cardgraph } from "../support/cardgraph.js";

/** What an attacker knows in the worst case of an order. */
export interface Target {
  readonly orderNo: string;
  /** Path of the order's own address. */
  readonly path: string;
  readonly cardId: string;
}

/** An event as the provider would post it. */
export function event(
  data: object,
  eventType = "CREATE_CARD",
  eventId = `ev_${randomBytes(6).toString("hex")}`,
): string {
  return JSON.stringify({ eventType, eventId, webhookSubscribeId: "wsb_1", data });
}

/** A server with an order that is done, one whose card is opening, and one that nobody knows the end of. */
export class CallbackStage {
  readonly server: Cardgraph;
  readonly orders: CardOrders;
  readonly #targets: readonly Target[];

  private constructor(server: Cardgraph, orders: CardOrders, targets: readonly Target[]) {
    this.server = server;
    this.orders = orders;
    this.#targets = targets;
  }

  /** Places the orders on a server that polls so seldom that only callbacks could move an order. */
  static async on(server: Cardgraph): Promise<CallbackStage> {
    const orders = cardOrdersOf(server, "forged");
    const place = async (kind: "approve" | "lost-callback" | "server-error-not-accepted"): Promise<Target> => {
      const { orderNo } = await orders.place({}, { kind });
      const path = new URL(JSON.parse(orders.sends(orderNo)[0] ?? "{}").callbackUrl).pathname;
      const cardId = server.prepaidify.cards().find((card) => card.orderNo === orderNo)?.cardId ?? "c_none";
      return { orderNo, path, cardId };
    };
    const done = await place("approve");
    await orders.reaches(done.orderNo, "COMPLETED");
    const opening = await place("lost-callback");
    const stage = new CallbackStage(server, orders, [done, opening, await place("server-error-not-accepted")]);
    // The provider itself says so from now on, whatever is called back.
    server.prepaidify.setCardStatus(opening.cardId, "INIT_CREATE_CARD");
    await orders.callBack(opening.orderNo, "CREATE_CARD", { cardId: opening.cardId });
    await stage.settled();
    return stage;
  }

  get done(): Target {
    return this.#targets[0] as Target;
  }

  get opening(): Target {
    return this.#targets[1] as Target;
  }

  get unclear(): Target {
    return this.#targets[2] as Target;
  }

  send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(`${this.server.url}${path}`, { method: "POST", headers, ...init });
  }

  /** Asks back, as the provider does while it is sent an order. */
  ask(operation: string, orderNo: string): Promise<Response> {
    return fetch(`${this.server.url}/callbacks/prepaidify/validate/${operation}?orderNo=${orderNo}`);
  }

  /** Everything that a client can see of the orders, and every deposit that was spent. */
  async state(): Promise<string> {
    const seen = await Promise.all(this.#targets.map(({ orderNo }) => this.#history(orderNo)));
    return JSON.stringify([seen, [...this.server.prepaidify.cardsByOrderNo()]]);
  }

  /** Resolves once nothing is logged any more: every callback that was taken has been looked into. */
  async settled(): Promise<void> {
    for (let before = -1; before !== this.server.log.length; ) {
      before = this.server.log.length;
      await pause(40);
    }
  }

  async #history(orderNo: string): Promise<unknown> {
    const query = `{ cardOrder(orderNo: "${orderNo}") { id state failure { code }
      events { edges { node { state evidence } } }
      card { id status last4 deposit { amountMinor } consume { amountMinor } balance { amountMinor } } } }`;
    return (await (await this.server.post({ query })).json()).data;
  }
}
