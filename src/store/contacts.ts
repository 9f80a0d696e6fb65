import { type Kysely, type Selectable, sql } from "kysely";
import type { ContactFilter, ContactOutcome, ContactStore, NewContact } from "../domain/card-store.js";
import type { CardContact, ContactState } from "../domain/contact.js";
import type { CardContactId } from "../domain/ids.js";
import type { Page } from "../domain/page.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { PROVIDER_CODES } from "../domain/provider-code.js";
import { NewestFirst } from "./newest-first.js";
import { toContact } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { CardContactsTable, Tables } from "./tables.js";

type ContactRow = Selectable<CardContactsTable>;

const STATE_AFTER: Readonly<Record<ContactOutcome["kind"], ContactState>> = {
  created: "COMPLETED",
  failed: "FAILED",
  not_sent: "INTENT",
  unclear: "UNCONFIRMED",
};

/**
 * The state as it is to be read: a contact whose lease ran out while it was being sent belongs to a process that
 * died, and what came of it is not known.
 */
const READ_STATE = sql<string>`case when state = 'SENDING' and lease_until < now() then 'UNCONFIRMED' else state end`;

/** {@link ContactStore} over SQL. */
export class SqlContactStore implements ContactStore {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  readonly #insert = new Statement<ContactRow>((db) =>
    db
      .with("made", (query) =>
        query
          .insertInto("card_contacts")
          .values({
            id: param("id"),
            tenant: param("tenant"),
            provider: param("provider"),
            state: param("state"),
            idempotency_key: param("idempotencyKey"),
            fingerprint: param("fingerprint"),
            personal: param("personal"),
            provider_contact_id: param("providerContactId"),
          })
          .onConflict((conflict) => conflict.columns(["tenant", "idempotency_key"]).doNothing())
          .returningAll(),
      )
      .with("audited", (query) =>
        query
          .insertInto("audit_log")
          .columns(["tenant", "subject", "request_id", "action", "target", "outcome"])
          .expression((from) =>
            from
              .selectFrom("made")
              .select([
                "made.tenant",
                sql<string>`${param("subject")}::text`.as("subject"),
                sql<string | null>`${param("requestId")}::text`.as("request_id"),
                sql<string>`'createCardContact'`.as("action"),
                "made.id as target",
                sql<string>`case state when 'COMPLETED' then 'created' else 'placed' end`.as("outcome"),
              ]),
          ),
      )
      .selectFrom("made")
      .selectAll("made"),
  );

  readonly #startSending = new Statement<{ id: string }>((db) =>
    db
      .updateTable("card_contacts")
      .set({
        state: "SENDING",
        lease_until: sql<Date>`now() + ${param("leaseMs")}::float8 * interval '1 millisecond'`,
        updated_at: sql`now()`,
      })
      .where("id", "=", param("id"))
      .where("state", "=", "INTENT")
      .returning("id"),
  );

  readonly #finish = new Statement<ContactRow>((db) =>
    db
      .updateTable("card_contacts")
      .set({
        state: param("state"),
        provider_contact_id: param("providerContactId"),
        failure_code: param("failureCode"),
        failure_provider_code: param("failureProviderCode"),
        failure_field: param("failureField"),
        lease_until: null,
        updated_at: sql`now()`,
      })
      .where("id", "=", param("id"))
      .where("state", "=", "SENDING")
      .returningAll(),
  );

  readonly #byKey = new Statement<ContactRow>((db) =>
    db
      .selectFrom("card_contacts")
      .selectAll()
      .select(READ_STATE.as("state"))
      .where("tenant", "=", param("tenant"))
      .where("idempotency_key", "=", param("idempotencyKey")),
  );

  readonly #byIds = new Statement<ContactRow>((db) =>
    db
      .selectFrom("card_contacts")
      .selectAll()
      .where("tenant", "=", param("tenant"))
      .where("id", "=", sql<string>`any(${param("ids")}::text[])`)
      .where("state", "=", "COMPLETED"),
  );

  readonly #list = new NewestFirst<ContactRow>({
    table: "card_contacts",
    idPrefix: "cct",
    always: "state = 'COMPLETED'",
    read: (db, found) =>
      db
        .selectFrom("card_contacts")
        .selectAll("card_contacts")
        .innerJoin(found, "found.id", "card_contacts.id")
        .orderBy("card_contacts.id", "desc"),
  });

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
  }

  async place(contact: NewContact): Promise<{ readonly contact: CardContact; readonly placed: boolean }> {
    const row = await this.#add(contact, "INTENT", null);
    if (row) return { contact: toContact(row, this.#vault), placed: true };
    const earlier = await this.byKey(contact.tenant, contact.idempotencyKey ?? "");
    if (!earlier) throw new Error("contact was refused by the table and is not there");
    return { contact: earlier, placed: false };
  }

  async startSending(id: CardContactId, leaseMs: number): Promise<boolean> {
    return (await this.#startSending.first(this.#db, { id, leaseMs })) !== null;
  }

  async finish(id: CardContactId, outcome: ContactOutcome): Promise<CardContact> {
    const failure = outcome.kind === "failed" ? outcome.failure : null;
    const row = await this.#finish.first(this.#db, {
      id,
      state: STATE_AFTER[outcome.kind],
      providerContactId: outcome.kind === "created" ? outcome.providerContactId : null,
      failureCode: failure?.code ?? null,
      failureProviderCode: failure?.providerCode ?? null,
      failureField: failure?.field ?? null,
    });
    if (!row) throw new Error("contact was not being sent");
    return toContact(row, this.#vault);
  }

  async add(contact: NewContact, providerContactId: string): Promise<CardContact> {
    const row = await this.#add(contact, "COMPLETED", providerContactId);
    if (!row) throw new Error("contact was refused by the table");
    return toContact(row, this.#vault);
  }

  async byKey(tenant: string, idempotencyKey: string): Promise<CardContact | null> {
    const row = await this.#byKey.first(this.#db, { tenant, idempotencyKey });
    return row && toContact(row, this.#vault);
  }

  async byId(tenant: string, id: CardContactId): Promise<CardContact | null> {
    return (await this.byIds(tenant, [id]))[0] ?? null;
  }

  async byIds(tenant: string, ids: readonly CardContactId[]): Promise<readonly CardContact[]> {
    return (await this.#byIds.run(this.#db, { tenant, ids })).map((row) => toContact(row, this.#vault));
  }

  async list(tenant: string, page: Page, filter: ContactFilter): Promise<readonly CardContact[]> {
    const { provider, created } = filter;
    const narrowing = { oneOf: { provider: provider ? [provider] : PROVIDER_CODES }, created };
    return (await this.#list.run(this.#db, tenant, page, narrowing)).map((row) => toContact(row, this.#vault));
  }

  #add(contact: NewContact, state: ContactState, providerContactId: string | null): Promise<ContactRow | null> {
    const { request, by, ...rest } = contact;
    const { id, tenant } = rest;
    const personal = this.#vault.seal({ table: "card_contacts", id, tenant }, request);
    return this.#insert.first(this.#db, { ...rest, ...by, personal, state, providerContactId });
  }
}
