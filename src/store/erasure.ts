import { type Kysely, type Selectable, sql } from "kysely";
import type { Actor } from "../domain/audit.js";
import type { CardStatus } from "../domain/card-status.js";
import type {
  ErasableContact,
  ErasableOrder,
  ErasedOrder,
  ErasureStore,
  SearchedStretch,
  SoughtPerson,
  Stretch,
} from "../domain/erasure.js";
import type { CardContactId, OrderId } from "../domain/ids.js";
import type { OrderState } from "../domain/order.js";
import { PersonalDataUnreadable, type PersonalDataVault } from "../domain/personal-data.js";
import { contactOf, emptied, orderOf } from "./personal.js";
import { inSql, param, Statement } from "./statement.js";
import type { CardContactsTable, CardOrdersTable, Tables } from "./tables.js";

type OrderRow = Selectable<CardOrdersTable> & { readonly card_status: string | null; readonly is_claimed: boolean };
type ContactRow = Selectable<CardContactsTable> & { readonly is_moving: boolean };

/** What is kept of a fingerprint: nothing that a guess could be tried on. */
const NO_FINGERPRINT = "erased";

const ORDERS = sql`
  select card_orders.*, cards.status as card_status, exists (
    select 1 from inbox
    where inbox.order_id = card_orders.id and inbox.provider_card_id is not null and inbox.verdict is null
  ) as is_claimed
  from card_orders left join cards on cards.order_id = card_orders.id`;
const OF_TENANT = sql`(${param("tenant")}::text is null or tenant = ${param("tenant")}::text)`;
const OF_ORDERS_TENANT = sql`(${param("tenant")}::text is null or card_orders.tenant = ${param("tenant")}::text)`;

const OF_CUSTOMER = new Statement<OrderRow>(
  inSql(sql`
    ${ORDERS} where card_orders.customer_id = ${param("customerId")} and ${OF_ORDERS_TENANT}
      and card_orders.id > ${param("after")}
    order by card_orders.id limit ${param("limit")}
  `),
);

const SEARCHED_ORDERS = new Statement<OrderRow>(
  inSql(sql`
    ${ORDERS} where card_orders.id > ${param("after")} and ${OF_ORDERS_TENANT} and erased_at is null
    order by card_orders.id limit ${param("limit")}
  `),
);

/** Its own lock first: a card that is written meanwhile is seen by the statement after it. */
const LOCK_ORDER = new Statement<never>((db) =>
  db.selectFrom("card_orders").select("id").where("id", "=", param("id")).forUpdate(),
);

const ORDER = new Statement<OrderRow>(inSql(sql`${ORDERS} where card_orders.id = ${param("id")}`));

const IS_MOVING = sql`(state = 'SENDING' and lease_until >= now()) as is_moving`;

const CONTACT = new Statement<ContactRow>(
  inSql(sql`select *, ${IS_MOVING} from card_contacts where id = ${param("id")} and ${OF_TENANT}`),
);

const SEARCHED_CONTACTS = new Statement<ContactRow>(
  inSql(sql`
    select *, ${IS_MOVING} from card_contacts
    where id > ${param("after")} and ${OF_TENANT} and state <> 'ERASED'
    order by id limit ${param("limit")}
  `),
);

/** Everything personal of an order, and the line of the audit log that says so. */
const ERASE_ORDER = new Statement<ErasedOrder>(
  inSql(sql`
    with erased as (
      update card_orders set ${emptied("card_orders")},
        fingerprint = ${sql.lit(NO_FINGERPRINT)}, erased_at = now()
      where id = ${param("id")} returning id, tenant
    ), holders as (
      update card_holders set ${emptied("card_holders")}
      from cards where cards.order_id = ${param("id")} and card_holders.id = cards.card_holder_id
      returning card_holders.id
    ), callbacks as (
      update inbox set payload = '{}' where order_id = ${param("id")} and payload <> '{}'::jsonb returning id
    ), counted as (
      select (select count(*)::integer from holders) as holders, (select count(*)::integer from callbacks) as callbacks
    ), audited as (
      insert into audit_log (tenant, subject, request_id, action, target, outcome, reason)
      select tenant, ${param("subject")}::text, ${param("requestId")}::text, 'erasePersonalData', id, 'erased',
        'orders 1, cardholders ' || holders || ', callbacks ' || callbacks
      from erased, counted
    )
    select holders as "cardHolders", callbacks from counted
  `),
);

const ERASE_CONTACT = new Statement<{ readonly id: string }>(
  inSql(sql`
    with erased as (
      update card_contacts set state = 'ERASED', ${emptied("card_contacts")},
        fingerprint = ${sql.lit(NO_FINGERPRINT)}, lease_until = null, updated_at = now()
      where id = ${param("id")} and state <> 'ERASED' and (state <> 'SENDING' or lease_until < now())
      returning id, tenant
    ), audited as (
      insert into audit_log (tenant, subject, request_id, action, target, outcome, reason)
      select tenant, ${param("subject")}::text, ${param("requestId")}::text, 'erasePersonalData', id, 'erased',
        'contacts 1'
      from erased
    )
    select id from erased
  `),
);

/** {@link ErasureStore} over SQL. */
export class SqlErasureStore implements ErasureStore {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
  }

  async ordersOfCustomer(customerId: string, stretch: Stretch): Promise<readonly ErasableOrder[]> {
    return (await OF_CUSTOMER.run(this.#db, { customerId, ...stretch })).map(toErasableOrder);
  }

  async contact(id: string, tenant: string | null): Promise<ErasableContact | null> {
    const row = await CONTACT.first(this.#db, { id, tenant });
    return row && toErasableContact(row);
  }

  async searchOrders({ email }: SoughtPerson, stretch: Stretch): Promise<SearchedStretch<ErasableOrder>> {
    const rows = await SEARCHED_ORDERS.run(this.#db, { ...stretch });
    return searched(rows, toErasableOrder, (row) => isSame(orderOf(row, this.#vault).email, email));
  }

  async searchContacts({ email, mobile }: SoughtPerson, stretch: Stretch): Promise<SearchedStretch<ErasableContact>> {
    const rows = await SEARCHED_CONTACTS.run(this.#db, { ...stretch });
    return searched(rows, toErasableContact, (row) => {
      const contact = contactOf(row, this.#vault);
      return isSame(contact.email, email) || isSame(contact.mobile, mobile);
    });
  }

  async eraseOrder(id: OrderId, mayErase: (order: ErasableOrder) => boolean, by: Actor): Promise<ErasedOrder | null> {
    return this.#db.transaction().execute(async (trx) => {
      await LOCK_ORDER.run(trx, { id });
      const row = await ORDER.first(trx, { id });
      const order = row && toErasableOrder(row);
      if (!order || order.isErased || !mayErase(order)) return null;
      return ERASE_ORDER.first(trx, { id, ...by });
    });
  }

  async eraseContact(id: CardContactId, by: Actor): Promise<boolean> {
    return (await ERASE_CONTACT.first(this.#db, { id, ...by })) !== null;
  }
}

function searched<Row extends { readonly id: string }, Found>(
  rows: readonly Row[],
  toFound: (row: Row) => Found,
  isSought: (row: Row) => boolean,
): SearchedStretch<Found> {
  let unreadable = 0;
  const found = rows.filter((row) => {
    try {
      return isSought(row);
    } catch (error) {
      if (!(error instanceof PersonalDataUnreadable)) throw error;
      unreadable += 1;
      return false;
    }
  });
  return { found: found.map(toFound), unreadable, last: rows.at(-1)?.id ?? null };
}

function isSame(kept: string | null, sought: string | null): boolean {
  return kept !== null && sought !== null && kept.toLowerCase() === sought.toLowerCase();
}

function toErasableOrder(row: OrderRow): ErasableOrder {
  return {
    id: row.id as OrderId,
    tenant: row.tenant,
    orderNo: row.order_no,
    state: row.state as OrderState,
    cardStatus: row.card_status as CardStatus | null,
    isClaimed: row.is_claimed,
    isErased: row.erased_at !== null,
  };
}

function toErasableContact(row: ContactRow): ErasableContact {
  const { id, tenant, state, is_moving: isMoving } = row;
  return { id: id as CardContactId, tenant, isMoving, isErased: state === "ERASED" };
}
