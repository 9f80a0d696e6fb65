import { type Kysely, sql } from "kysely";
import { ORDER_STATES, statesSeenAs } from "../domain/order.js";
import type { OrderFilter, OrderList, OrderView } from "../domain/order-store.js";
import type { Page } from "../domain/page.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { PROVIDER_CODES } from "../domain/provider-code.js";
import { type JoinedOrderRow, joinedOrders, toView } from "./joined-orders.js";
import { NewestFirst } from "./newest-first.js";
import { param } from "./statement.js";
import type { Tables } from "./tables.js";

/** Only calls that are under way are passed over, and those are few. */
const SENT_AGAIN = sql`(state <> 'SENDING' or (sends > 1) = ${param("sentAgain")}::boolean)`;

/** {@link OrderList} over SQL. */
export class SqlOrderList implements OrderList {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;
  readonly #orders = new NewestFirst<JoinedOrderRow>({
    table: "card_orders",
    idPrefix: "ord",
    read: (db, found) =>
      joinedOrders(db).innerJoin(found, "found.id", "card_orders.id").orderBy("card_orders.id", "desc"),
  });

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
  }

  async list(tenant: string, page: Page, filter: OrderFilter): Promise<readonly OrderView[]> {
    const { provider, state, customerId, created } = filter;
    const states = state ? statesSeenAs(state) : ORDER_STATES;
    const narrowing = {
      oneOf: { provider: provider ? [provider] : PROVIDER_CODES, state: states },
      customerId,
      created,
      ...(state &&
        states.includes("SENDING") && {
          also: { condition: SENT_AGAIN, name: "sentAgain", value: state === "UNCONFIRMED" },
        }),
    };
    return (await this.#orders.run(this.#db, tenant, page, narrowing)).map((row) => toView(row, this.#vault));
  }
}
