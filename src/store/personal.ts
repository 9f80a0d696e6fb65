import { type RawBuilder, sql } from "kysely";
import type { CardHolderSnapshot } from "../domain/card.js";
import type { OrderRequest } from "../domain/order.js";
import type { PersonalDataVault, PersonalTable } from "../domain/personal-data.js";
import type { CreateCardContactRequest } from "../domain/provider.js";

/** What is personal in an order. */
export type PersonalOrder = Pick<OrderRequest, "cardHolder" | "email">;
/** What is personal in a cardholder. */
export type PersonalHolder = Omit<CardHolderSnapshot, "providerCardHolderId">;
/** What is personal in a contact. */
export type PersonalContact = CreateCardContactRequest;

/** What makes one row's personal data: the columns that name the row, and the data. */
interface PersonalRow {
  readonly id: string;
  readonly tenant: string;
  readonly personal: string | null;
}

/** The columns in which an order of before 0.3.0 has its personal data; they are null in later ones. */
export interface FormerOrder {
  readonly holder_first_name: string | null;
  readonly holder_last_name: string | null;
  readonly email: string | null;
}

/** The same of a cardholder. */
export interface FormerHolder {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly holder_name: string | null;
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
  readonly zip_code: string | null;
}

/** The same of a contact. */
export interface FormerContact {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly mobile: string | null;
  readonly email: string | null;
  readonly language: string | null;
}

/** Personal data of an order. Throws `PersonalDataUnreadable`. */
export function orderOf(row: PersonalRow & FormerOrder, vault: PersonalDataVault): PersonalOrder {
  if (row.personal !== null) return opened("card_orders", row, vault) as PersonalOrder;
  const { holder_first_name: firstName, holder_last_name: lastName, email } = row;
  return { cardHolder: firstName === null || lastName === null ? null : { firstName, lastName }, email };
}

/** Personal data of a cardholder. Throws `PersonalDataUnreadable`. */
export function holderOf(row: PersonalRow & FormerHolder, vault: PersonalDataVault): PersonalHolder {
  if (row.personal !== null) return opened("card_holders", row, vault) as PersonalHolder;
  const { first_name: firstName, last_name: lastName, holder_name: holderName, zip_code: zipCode } = row;
  const { street, city, state, country } = row;
  return { firstName, lastName, holderName, street, city, state, country, zipCode };
}

/** Personal data of a contact. Throws `PersonalDataUnreadable`. */
export function contactOf(row: PersonalRow & FormerContact, vault: PersonalDataVault): PersonalContact {
  if (row.personal !== null) return opened("card_contacts", row, vault) as PersonalContact;
  const { first_name: firstName, last_name: lastName, mobile, email, language } = row;
  // Nobody is shown a contact whose data were erased.
  return { firstName: firstName ?? "", lastName: lastName ?? "", mobile: mobile ?? "", email: email ?? "", language };
}

function opened(table: PersonalTable, { id, tenant, personal }: PersonalRow, vault: PersonalDataVault): unknown {
  return vault.open({ table, id, tenant }, personal ?? "");
}

/** Reads once, when first asked for: most of what is done with a row needs nothing personal. */
export function once<Value>(read: () => Value): () => Value {
  let value: { readonly is: Value } | null = null;
  return () => {
    value ??= { is: read() };
    return value.is;
  };
}

/** The columns of {@link FormerOrder}, {@link FormerHolder} and {@link FormerContact}. */
export const FORMER_COLUMNS = {
  card_orders: ["holder_first_name", "holder_last_name", "email"],
  card_holders: ["first_name", "last_name", "holder_name", "street", "city", "state", "country", "zip_code"],
  card_contacts: ["first_name", "last_name", "mobile", "email", "language"],
} as const satisfies Readonly<Record<PersonalTable, readonly string[]>>;

/** Sets whatever is personal in a row of the table to nothing, inside an update. */
export function emptied(table: PersonalTable): RawBuilder<unknown> {
  return sql.join(["personal", ...FORMER_COLUMNS[table]].map((column) => sql`${sql.ref(column)} = null`));
}
