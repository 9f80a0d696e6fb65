import { type Kysely, sql } from "kysely";
import { CARD_FIELDS, type Card, type CardFields, type CardHolder, type ShownCard } from "../domain/card-record.js";
import { CARD_STATUSES } from "../domain/card-status.js";
import type { CardFilter, CardStore } from "../domain/card-store.js";
import type { CardHolderId, CardId } from "../domain/ids.js";
import type { Page } from "../domain/page.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { PROVIDER_CODES } from "../domain/provider-code.js";
import { CARD_COLUMNS, CARD_HOLDER_COLUMNS, COLUMN_OF } from "./columns.js";
import { GroupedRead } from "./grouped-read.js";
import { NewestFirst } from "./newest-first.js";
import { type CardHolderRow, type CardRow, type ShownCardRow, toCard, toCardHolder, toShownCard } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** Selections of fields that have statements of their own; clients have a few dozen. Others read everything. */
const MAX_SHAPES = 64;

const joined = (db: Kysely<Tables>) =>
  db
    .selectFrom("cards")
    .innerJoin("card_holders", "card_holders.id", "cards.card_holder_id")
    .select(CARD_COLUMNS)
    .select(CARD_HOLDER_COLUMNS);

/** Cards with the fields that are to be shown, and no join for those without their holders. */
function shown(db: Kysely<Tables>, fields: CardFields) {
  return db
    .selectFrom("cards")
    .select(["cards.id as c_id", "cards.status as c_status", ...columnsOf(fields)])
    .$if(fields.has("cardHolder"), (cards) =>
      cards.innerJoin("card_holders", "card_holders.id", "cards.card_holder_id").select(CARD_HOLDER_COLUMNS),
    );
}

function columnsOf(fields: CardFields) {
  return CARD_FIELDS.flatMap((field) => (field !== "cardHolder" && fields.has(field) ? [COLUMN_OF[field]] : []));
}

const WANTED = sql<{ tenant: string; id: string }>`
  unnest(${param("tenants")}::text[], ${param("ids")}::text[])`.as<"wanted">(sql.raw("wanted(tenant, id)"));

/** The statements that read cards with some of their fields. */
class ShownCards {
  readonly list: NewestFirst<ShownCardRow>;
  readonly byId: GroupedRead<ShownCardRow>;

  constructor(db: Kysely<Tables>, fields: CardFields) {
    this.list = new NewestFirst<ShownCardRow>({
      table: "cards",
      idPrefix: "card",
      read: (on, found) => shown(on, fields).innerJoin(found, "found.id", "cards.id").orderBy("cards.id", "desc"),
    });
    this.byId = new GroupedRead<ShownCardRow>(db, {
      one: new Statement((on) =>
        shown(on, fields).where("cards.tenant", "=", param("tenant")).where("cards.id", "=", param("id")),
      ),
      several: new Statement((on) =>
        shown(on, fields)
          .select("cards.tenant as c_tenant")
          .innerJoin(WANTED, (join) =>
            join.onRef("wanted.tenant", "=", "cards.tenant").onRef("wanted.id", "=", "cards.id"),
          ),
      ),
      keyOf: ({ c_tenant: tenant = "", c_id: id }) => ({ tenant, id }),
    });
  }
}

/** {@link CardStore} over SQL. */
export class SqlCardStore implements CardStore {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  readonly #everything: ShownCards;
  /** By the names of the fields that are shown. */
  readonly #shown = new Map<string, ShownCards>();
  /** The same by the fields themselves, as long as who asks keeps them. */
  readonly #found = new WeakMap<CardFields, ShownCards>();

  readonly #byIds = new Statement<CardRow>((db) =>
    joined(db)
      .where("cards.tenant", "=", param("tenant"))
      .where("cards.id", "=", sql<string>`any(${param("ids")}::text[])`),
  );

  readonly #holdersByIds = new Statement<CardHolderRow>((db) =>
    db
      .selectFrom("card_holders")
      .select(CARD_HOLDER_COLUMNS)
      .where("tenant", "=", param("tenant"))
      .where("id", "=", sql<string>`any(${param("ids")}::text[])`),
  );

  constructor(db: Kysely<Tables>, vault: PersonalDataVault) {
    this.#db = db;
    this.#vault = vault;
    this.#everything = new ShownCards(db, new Set(CARD_FIELDS));
  }

  async byIds(tenant: string, ids: readonly CardId[]): Promise<readonly Card[]> {
    return (await this.#byIds.run(this.#db, { tenant, ids })).map((row) => toCard(row, this.#vault));
  }

  async holdersByIds(tenant: string, ids: readonly CardHolderId[]): Promise<readonly CardHolder[]> {
    return (await this.#holdersByIds.run(this.#db, { tenant, ids })).map((row) => toCardHolder(row, this.#vault));
  }

  async shown(tenant: string, id: CardId, fields: CardFields): Promise<ShownCard | null> {
    const row = await this.#with(fields).byId.row(tenant, id);
    return row && toShownCard(row, this.#vault);
  }

  async list(tenant: string, page: Page, filter: CardFilter, fields: CardFields): Promise<readonly ShownCard[]> {
    const { provider, statuses, customerId, created } = filter;
    const narrows = [provider, statuses, customerId, created?.from, created?.before].some((part) => part != null);
    const oneOf = { provider: provider ? [provider] : PROVIDER_CODES, status: statuses ?? CARD_STATUSES };
    const narrowing = { oneOf: narrows ? oneOf : {}, customerId, created };
    const rows = await this.#with(fields).list.run(this.#db, tenant, page, narrowing);
    return rows.map((row) => toShownCard(row, this.#vault));
  }

  #with(fields: CardFields): ShownCards {
    const known = this.#found.get(fields);
    if (known) return known;
    const cards = this.#named(fields);
    this.#found.set(fields, cards);
    return cards;
  }

  #named(fields: CardFields): ShownCards {
    const name = CARD_FIELDS.filter((field) => fields.has(field)).join(" ");
    const known = this.#shown.get(name);
    if (known) return known;
    if (this.#shown.size >= MAX_SHAPES) return this.#everything;
    const cards = new ShownCards(this.#db, fields);
    this.#shown.set(name, cards);
    return cards;
  }
}
