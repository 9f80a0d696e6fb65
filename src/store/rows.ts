import type { Selectable } from "kysely";
import type { Card, CardHolder, ShownCard } from "../domain/card-record.js";
import type { CardStatus, KnownCardStatus } from "../domain/card-status.js";
import type { CardContact, ContactState } from "../domain/contact.js";
import type { CardContactId, CardHolderId, CardId, OrderId } from "../domain/ids.js";
import type { CardOrder, OrderFailure, OrderRequest, OrderState, ReviewReason } from "../domain/order.js";
import { PersonalDataUnreadable, type PersonalDataVault } from "../domain/personal-data.js";
import type { ProviderCode, ProviderMode } from "../domain/provider-code.js";
import type { ErrorCode } from "../domain/user-error.js";
import { contactOf, holderOf, once, orderOf } from "./personal.js";
import type { CardContactsTable, CardHoldersTable, CardOrdersTable, CardsTable } from "./tables.js";

/** A row of `card_orders`, with the id of its card where it has one. */
export type OrderRow = Selectable<CardOrdersTable> & { readonly card_id: string | null };

type Prefixed<Columns, Prefix extends string> = {
  readonly [Name in keyof Columns as `${Prefix}${string & Name}`]: Columns[Name];
};

/** A row of `card_holders`. */
export type CardHolderRow = Prefixed<Selectable<CardHoldersTable>, "h_">;

/** A row of `cards` (`c_`) joined with its row of `card_holders` (`h_`). */
export type CardRow = Prefixed<Selectable<CardsTable>, "c_"> & CardHolderRow;

/** A {@link CardRow} of which only some parts were read. */
export type ShownCardRow = Pick<CardRow, "c_id" | "c_status"> & Partial<CardRow>;

/** An order that was moved here by a version that did not count has gone out once. */
const WENT_OUT: ReadonlySet<string> = new Set(["SENDING", "UNCONFIRMED"]);

/**
 * The row of an order as the domain knows it. What is personal in it is opened when it is read, unless the request is
 * known already.
 */
export function toOrder(row: OrderRow, vault: PersonalDataVault, request = requestOf(row, vault)): CardOrder {
  return {
    id: row.id as OrderId,
    tenant: row.tenant,
    provider: row.provider as ProviderCode,
    mode: row.mode as ProviderMode,
    orderNo: row.order_no,
    fingerprint: row.fingerprint,
    state: row.state as OrderState,
    reviewReason: row.review_reason as ReviewReason | null,
    failure: toFailure(row),
    request,
    callbackToken: row.callback_token,
    sends: Math.max(row.sends, WENT_OUT.has(row.state) ? 1 : 0),
    lastCall: row.last_call,
    mayResend: row.may_resend,
    cardId: row.card_id as CardId | null,
    isErased: row.erased_at !== null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function requestOf(row: OrderRow, vault: PersonalDataVault): OrderRequest {
  const personal = once(() => orderOf(row, vault));
  return {
    cardRangeId: row.card_range_id,
    deposit: { amountMinor: row.deposit_minor, currency: row.currency },
    get cardHolder() {
      return personal().cardHolder;
    },
    get email() {
      return personal().email;
    },
    customerId: row.customer_id,
    callbackUrl: row.caller_callback_url,
  };
}

interface FailureColumns {
  readonly failure_code: string | null;
  readonly failure_provider_code: string | null;
  readonly failure_field: string[] | null;
}

/** The failure columns of an order or a contact. */
export function toFailure(row: FailureColumns): OrderFailure | null {
  if (row.failure_code === null) return null;
  return { code: row.failure_code as ErrorCode, providerCode: row.failure_provider_code, field: row.failure_field };
}

/** A card and its holder as the domain knows them, with the status that decides what is late news. */
export function toCard(
  row: CardRow,
  vault: PersonalDataVault,
): Card & { readonly knownStatus: KnownCardStatus | null } {
  return described(row, toCardHolder(row, vault)) as Card & { readonly knownStatus: KnownCardStatus | null };
}

/** A card as far as it was read: of its holder either nothing or all. */
export function toShownCard(row: ShownCardRow, vault: PersonalDataVault): ShownCard {
  return described(row, row.h_id === undefined ? undefined : openedHolder(row as CardRow, vault));
}

/** What was not read is undefined. */
function described(row: ShownCardRow, cardHolder: CardHolder | undefined) {
  return {
    id: row.c_id as CardId,
    tenant: row.c_tenant,
    provider: row.c_provider as ProviderCode,
    orderId: row.c_order_id as OrderId,
    providerCardId: row.c_provider_card_id,
    providerUserId: row.c_provider_user_id,
    cardSeqNo: row.c_card_seq_no,
    customerId: row.c_customer_id,
    status: row.c_status as CardStatus,
    knownStatus: row.c_known_status as KnownCardStatus | null | undefined,
    providerStatus: row.c_provider_status,
    statusText: row.c_status_text,
    cardHolder,
    bin: row.c_bin,
    last4: row.c_last4,
    expMonth: row.c_exp_month,
    expYear: row.c_exp_year,
    depositMinor: row.c_deposit_minor,
    consumeMinor: row.c_consume_minor,
    balanceMinor: row.c_balance_minor,
    currency: row.c_currency,
    tags: row.c_tags,
    openedAt: row.c_opened_at,
    createdAt: row.c_created_at,
    updatedAt: row.c_updated_at,
  };
}

/**
 * A cardholder of whom everything is wanted. It is opened at once: getters keep what they read from for as long as it
 * takes to look through all of the memory. One that cannot be opened fails where it is read.
 */
function openedHolder(row: CardHolderRow, vault: PersonalDataVault): CardHolder {
  try {
    const stored = unprefixed(row);
    const { id, provider_card_holder_id: providerCardHolderId } = stored;
    return { id: id as CardHolderId, providerCardHolderId, ...holderOf(stored, vault) };
  } catch (error) {
    if (error instanceof PersonalDataUnreadable) return toCardHolder(row, vault);
    throw error;
  }
}

/** A cardholder as the domain knows one. What is personal in it is opened when it is read. */
export function toCardHolder(row: CardHolderRow, vault: PersonalDataVault): CardHolder {
  const personal = once(() => holderOf(unprefixed(row), vault));
  return {
    id: row.h_id as CardHolderId,
    providerCardHolderId: row.h_provider_card_holder_id,
    get firstName() {
      return personal().firstName;
    },
    get lastName() {
      return personal().lastName;
    },
    get holderName() {
      return personal().holderName;
    },
    get street() {
      return personal().street;
    },
    get city() {
      return personal().city;
    },
    get state() {
      return personal().state;
    },
    get country() {
      return personal().country;
    },
    get zipCode() {
      return personal().zipCode;
    },
  };
}

function unprefixed(row: CardHolderRow): Selectable<CardHoldersTable> {
  return {
    id: row.h_id,
    tenant: row.h_tenant,
    provider_card_holder_id: row.h_provider_card_holder_id,
    personal: row.h_personal,
    first_name: row.h_first_name,
    last_name: row.h_last_name,
    holder_name: row.h_holder_name,
    street: row.h_street,
    city: row.h_city,
    state: row.h_state,
    country: row.h_country,
    zip_code: row.h_zip_code,
  };
}

/** The row of a contact as the domain knows it. What is personal in it is opened when it is read. */
export function toContact(row: Selectable<CardContactsTable>, vault: PersonalDataVault): CardContact {
  const personal = once(() => contactOf(row, vault));
  return {
    id: row.id as CardContactId,
    tenant: row.tenant,
    provider: row.provider as ProviderCode,
    state: row.state as ContactState,
    idempotencyKey: row.idempotency_key,
    fingerprint: row.fingerprint,
    failure: toFailure(row),
    get request() {
      return personal();
    },
    providerContactId: row.provider_contact_id,
    createdAt: row.created_at,
  };
}
