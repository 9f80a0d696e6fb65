import { type Kysely, sql } from "kysely";
import type { Card, CardHolder, CardParts, ShownCard } from "../domain/card-record.js";
import { CARD_STATUSES } from "../domain/card-status.js";
import type { CardFilter, CardStore } from "../domain/card-store.js";
import type { CardHolderId, CardId } from "../domain/ids.js";
import type { Page } from "../domain/page.js";
import type { PersonalDataVault } from "../domain/personal-data.js";
import { PROVIDER_CODES } from "../domain/provider-code.js";
import { CARD_COLUMNS, CARD_HOLDER_COLUMNS, DETAIL_COLUMNS, SHOWN_COLUMNS } from "./columns.js";
import { NewestFirst } from "./newest-first.js";
import { type CardHolderRow, type CardRow, type ShownCardRow, toCard, toCardHolder, toShownCard } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

const joined = (db: Kysely<Tables>) =>
  db
    .selectFrom("cards")
    .innerJoin("card_holders", "card_holders.id", "cards.card_holder_id")
    .select(CARD_COLUMNS)
    .select(CARD_HOLDER_COLUMNS);

/** Cards with the parts that are to be shown, and no join for those without their holders. */
function shown(db: Kysely<Tables>, parts: CardParts) {
  return db
    .selectFrom("cards")
    .select(SHOWN_COLUMNS)
    .$if(parts.details, (cards) => cards.select(DETAIL_COLUMNS))
    .$if(parts.cardHolder, (cards) =>
      cards.innerJoin("card_holders", "card_holders.id", "cards.card_holder_id").select(CARD_HOLDER_COLUMNS),
    );
}

/** The statements that read cards with some of their parts. */
class ShownCards {
  readonly list: NewestFirst<ShownCardRow>;
  readonly byId: Statement<ShownCardRow>;

  constructor(parts: CardParts) {
    this.list = new NewestFirst<ShownCardRow>({
      table: "cards",
      idPrefix: "card",
      read: (db, found) => shown(db, parts).innerJoin(found, "found.id", "cards.id").orderBy("cards.id", "desc"),
    });
    this.byId = new Statement<ShownCardRow>((db) =>
      shown(db, parts).where("cards.tenant", "=", param("tenant")).where("cards.id", "=", param("id")),
    );
  }
}

/** {@link CardStore} over SQL. */
export class SqlCardStore implements CardStore {
  readonly #db: Kysely<Tables>;
  readonly #vault: PersonalDataVault;

  readonly #shown = new Map<string, ShownCards>();

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
  }

  async byIds(tenant: string, ids: readonly CardId[]): Promise<readonly Card[]> {
    return (await this.#byIds.run(this.#db, { tenant, ids })).map((row) => toCard(row, this.#vault));
  }

  async holdersByIds(tenant: string, ids: readonly CardHolderId[]): Promise<readonly CardHolder[]> {
    return (await this.#holdersByIds.run(this.#db, { tenant, ids })).map((row) => toCardHolder(row, this.#vault));
  }

  async shown(tenant: string, id: CardId, parts: CardParts): Promise<ShownCard | null> {
    const row = await this.#with(parts).byId.first(this.#db, { tenant, id });
    return row && toShownCard(row, this.#vault);
  }

  async list(tenant: string, page: Page, filter: CardFilter, parts: CardParts): Promise<readonly ShownCard[]> {
    const { provider, statuses, customerId, created } = filter;
    const narrows = [provider, statuses, customerId, created?.from, created?.before].some((part) => part != null);
    const oneOf = { provider: provider ? [provider] : PROVIDER_CODES, status: statuses ?? CARD_STATUSES };
    const narrowing = { oneOf: narrows ? oneOf : {}, customerId, created };
    const rows = await this.#with(parts).list.run(this.#db, tenant, page, narrowing);
    return rows.map((row) => toShownCard(row, this.#vault));
  }

  #with(parts: CardParts): ShownCards {
    const name = `${parts.cardHolder} ${parts.details}`;
    const cards = this.#shown.get(name) ?? new ShownCards(parts);
    this.#shown.set(name, cards);
    return cards;
  }
}
