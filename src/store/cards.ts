import { type Kysely, sql } from "kysely";
import type { Card } from "../domain/card-record.js";
import type { CardFilter, CardStore, Page } from "../domain/card-store.js";
import type { CardId } from "../domain/ids.js";
import { CARD_COLUMNS, CARD_HOLDER_COLUMNS } from "./columns.js";
import { type CardRow, toCard } from "./rows.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

const joined = (db: Kysely<Tables>) =>
  db
    .selectFrom("cards")
    .innerJoin("card_holders", "card_holders.id", "cards.card_holder_id")
    .select(CARD_COLUMNS)
    .select(CARD_HOLDER_COLUMNS)
    .where("cards.tenant", "=", param("tenant"));

/** {@link CardStore} over SQL. */
export class SqlCardStore implements CardStore {
  readonly #db: Kysely<Tables>;
  /** One compiled statement for each combination of filters, of which there are few. */
  readonly #lists = new Map<string, Statement<CardRow>>();

  readonly #byIds = new Statement<CardRow>((db) =>
    joined(db).where("cards.id", "=", sql<string>`any(${param("ids")}::text[])`),
  );

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async byIds(tenant: string, ids: readonly CardId[]): Promise<readonly Card[]> {
    return (await this.#byIds.run(this.#db, { tenant, ids })).map(toCard);
  }

  async list(tenant: string, page: Page, filter: CardFilter): Promise<readonly Card[]> {
    const values = {
      tenant,
      limit: page.first + 1,
      after: page.after ?? undefined,
      provider: filter.provider ?? undefined,
      statuses: filter.statuses ?? undefined,
      customerId: filter.customerId ?? undefined,
    };
    return (await this.#listStatement(values).run(this.#db, values)).map(toCard);
  }

  #listStatement(values: Readonly<Record<string, unknown>>): Statement<CardRow> {
    const has = (name: string): boolean => values[name] !== undefined;
    const shape = ["after", "provider", "statuses", "customerId"].filter(has).join(" ");
    const known = this.#lists.get(shape);
    if (known) return known;
    const statement = new Statement<CardRow>((db) => {
      let query = joined(db);
      if (has("after")) query = query.where("cards.id", "<", param("after"));
      if (has("provider")) query = query.where("cards.provider", "=", param("provider"));
      if (has("statuses")) query = query.where("cards.status", "=", sql<string>`any(${param("statuses")}::text[])`);
      if (has("customerId")) query = query.where("cards.customer_id", "=", param("customerId"));
      return query.orderBy("cards.id", "desc").limit(param("limit"));
    });
    this.#lists.set(shape, statement);
    return statement;
  }
}
