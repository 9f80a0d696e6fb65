import { type RawBuilder, type Selectable, sql } from "kysely";
import { NEW_CARD, NEW_HOLDER } from "./card-writer.js";
import { inSql, param, Statement } from "./statement.js";
import type { CardOrdersTable } from "./tables.js";

const MILLISECOND = sql`interval '1 millisecond'`;
const laterBy = (name: string) => sql`now() + ${param(name)}::float8 * ${MILLISECOND}`;

/**
 * Commits an intent, the first line of its history and who placed it. No row comes back when the tenant used the number
 * before. Where there is a limit the order is counted after it is there, so a repeated one never counts; an order that
 * goes beyond the limit breaks a constraint of the count, which takes all of the statement back.
 */
export const PLACE = new Statement<Selectable<CardOrdersTable>>(
  inSql(sql`
    with placed as (
      insert into card_orders (
        id, tenant, provider, mode, order_no, fingerprint, state, card_range_id, deposit_minor, currency,
        personal, customer_id, caller_callback_url, callback_token, next_at,
        spend_counted
      ) values (
        ${param("id")}, ${param("tenant")}, ${param("provider")}, ${param("mode")}, ${param("orderNo")},
        ${param("fingerprint")}, 'INTENT', ${param("cardRangeId")}, ${param("depositMinor")}, ${param("currency")},
        ${param("personal")}, ${param("customerId")},
        ${param("callbackUrl")}, ${param("callbackToken")}, ${laterBy("orphanedMs")},
        case when ${param("spendLimitMinor")}::bigint is not null then true end
      )
      on conflict do nothing
      returning *
    ), history as (
      insert into order_events (order_id, evidence, to_state) select id, 'placed', state from placed
    ), counted as (
      insert into tenant_spending (tenant, mode, day, ordered_minor, limit_minor)
      select tenant, mode, (created_at at time zone 'UTC')::date, deposit_minor, ${param("spendLimitMinor")}::bigint
      from placed where spend_counted
      on conflict (tenant, mode, day) do update set
        ordered_minor = tenant_spending.ordered_minor + excluded.ordered_minor, limit_minor = excluded.limit_minor
    ), audited as (
      insert into audit_log (tenant, subject, request_id, action, target, outcome)
      select tenant, ${param("subject")}::text, ${param("requestId")}::text, 'createVirtualCard', id, 'placed'
      from placed
    )
    select * from placed
  `),
);

/**
 * Marks an order as being sent, if it is still in the state that it is sent from. Every call has a number of its own,
 * so that an answer that comes late, or is applied twice, is never taken for the answer to another call.
 */
export const START_SENDING = new Statement<{ readonly last_call: number }>(
  inSql(sql`
    with moved as (
      update card_orders set
        state = 'SENDING', last_call = last_call + 1,
        sends = greatest(sends, case when state = 'INTENT' then 0 else 1 end) + 1,
        first_sent_at = coalesce(first_sent_at, now()),
        lease_until = ${laterBy("leaseMs")}, next_at = ${laterBy("leaseMs")}, moved_at = now(), updated_at = now()
      where id = ${param("id")} and state = ${param("from")}
      returning id, sends, last_call
    ), history as (
      insert into order_events (order_id, evidence, from_state, to_state, sends)
      select id, ${param("kind")}::text, ${param("from")}::text, 'SENDING', sends from moved
    )
    select last_call from moved
  `),
);

/**
 * Moves an order and writes its history; a change that clients can see is also left to be announced, and owed to the
 * caller's address where there is one. `onlyIf` says which order may be moved, `besides` what
 * is written with it.
 *
 * An order that could not be sent, or whose answer was unclear, keeps its count of attempts, so that it is taken up
 * ever more seldom. A callback that came while the order was busy, and that nobody has taken up, makes it due at once.
 */
const moving = (onlyIf: RawBuilder<unknown>, besides: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    with moved as (
      update card_orders set
        state = ${param("toState")}, review_reason = ${param("reviewReason")}, failure_code = ${param("failureCode")},
        failure_provider_code = ${param("failureProviderCode")}, failure_field = ${param("failureField")}::text[],
        sends = greatest(sends, case when state in ('SENDING', 'UNCONFIRMED') then 1 else 0 end)
          - ${param("unsent")}::integer,
        first_sent_at = case when sends <= ${param("unsent")}::integer then null else first_sent_at end,
        may_resend = may_resend and not ${param("lastSend")}::boolean,
        attempts = case when ${param("keepsAttempts")}::boolean then attempts else 0 end,
        lease_until = null,
        next_at = case when attempts = 0 and exists (
          select 1 from inbox where inbox.order_id = card_orders.id and inbox.provider_card_id is not null
            and inbox.verdict is null
        ) then now() else ${laterBy("dueMs")} end,
        moved_at = case when ${param("moves")}::boolean then now() else moved_at end,
        updated_at = case when ${param("moves")}::boolean then now() else updated_at end
      where id = ${param("id")} ${onlyIf}
      returning *
    ), history as (
      insert into order_events (
        order_id, evidence, from_state, to_state, sends, review_reason, failure_code, failure_provider_code,
        failure_field, card_status, provider_status, deposit_minor, consume_minor, balance_minor, currency,
        card_changed, note
      )
      select
        moved.id, ${param("evidence")}::text, ${param("from")}::text, moved.state, moved.sends, moved.review_reason,
        moved.failure_code, moved.failure_provider_code, moved.failure_field, ${param("cardStatus")}::text,
        ${param("providerStatus")}::text, ${param("cardDepositMinor")}::bigint, ${param("consumeMinor")}::bigint,
        ${param("balanceMinor")}::bigint, ${param("cardCurrency")}::text, ${param("cardChanged")}::boolean,
        ${param("note")}::text
      from moved
      returning id, order_id
    ), announced as (
      insert into outbox (event_id, order_id) select id, order_id from history where ${param("visible")}::boolean
    ), owed as (
      insert into deliveries (id, event_id, order_id, url, host)
      select ${param("messageId")}::text, history.id, moved.id, moved.caller_callback_url,
        coalesce(lower(substring(moved.caller_callback_url from '^[A-Za-z]+:/*([^/?#]+)')), '')
      from moved, history
      where ${param("visible")}::boolean and moved.caller_callback_url is not null and not moved.caller_gone
    )
    ${besides}
    select * from moved
  `;

/** Moves an order that is locked. */
export const MOVE = new Statement<Selectable<CardOrdersTable>>(inSql(moving(sql``, sql``)));

/**
 * Writes the provider's own description of a new card, and moves its order, in one statement: if the order is still as
 * the call left it, and nobody has heard of a card of it. No row comes back, or a unique index refuses the card, where
 * something has come in between. A callback has if the order is due before its lease ends: this statement might see
 * neither the callback nor what it says.
 */
export const ANSWER = new Statement<Selectable<CardOrdersTable>>(
  inSql(
    moving(
      sql`and state = 'SENDING' and last_call = ${param("call")} and next_at = lease_until
        and review_reason is null and spend_counted is not false`,
      sql`, holder as (
        insert into card_holders (${columns(NEW_HOLDER)}) select ${values(NEW_HOLDER)} from moved
      ), card as (
        insert into cards (${columns(NEW_CARD)}) select ${values(NEW_CARD)} from moved
      )`,
    ),
  ),
);

function columns(row: object): RawBuilder<unknown> {
  return sql.join(Object.keys(row).map((name) => sql.ref(name)));
}

function values(row: object): RawBuilder<unknown> {
  return sql.join(Object.values(row));
}
