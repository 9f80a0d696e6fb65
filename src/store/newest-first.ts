import { type AliasedRawBuilder, type Compilable, type Kysely, type RawBuilder, sql } from "kysely";
import { firstIdAt } from "../domain/ids.js";
import type { CreatedRange, Page } from "../domain/page.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/**
 * How far the clock that ids are made by may be from the database's, which `created_at` is by, in milliseconds: more
 * than one that was set to another zone's time.
 */
const CLOCKS_APART_MS = 86_400_000;

/** The ids of a stretch of a list, to be joined with what is shown of each. */
export type FoundIds = AliasedRawBuilder<{ readonly id: string }, "found">;

/** A list of a table's rows of one tenant. */
export interface ListedTable<Row> {
  readonly table: "cards" | "card_orders" | "card_contacts";
  readonly idPrefix: string;
  /** What holds of every row of the list, if it is not all of them: in SQL's own words. */
  readonly always?: string;
  /** The stretch with everything that is shown of it, newest first. */
  readonly read: (db: Kysely<Tables>, found: FoundIds) => Compilable<Row>;
}

/** What a list is narrowed by. A part that is missing or null narrows nothing. */
export interface Narrowing {
  /** Columns of few values: the values that each may have, of which every combination is walked by itself. */
  readonly oneOf: Readonly<Record<string, readonly string[]>>;
  readonly customerId?: string | null | undefined;
  readonly created?: CreatedRange | undefined;
  /** Something else that has to be true, with a value of its own. Most rows that are walked have to fulfil it. */
  readonly also?: { readonly condition: RawBuilder<unknown>; readonly name: string; readonly value: unknown };
}

/**
 * A list, newest first by its ids. Each combination of the values in {@link Narrowing.oneOf} is walked along an index
 * that has them all, from the newest, and no further than the stretch is long; then the stretches are merged. So what
 * is read depends on the length of a stretch and not on how many rows there are, however rare the value. A range of
 * times is one of ids: only the rows of {@link CLOCKS_APART_MS} before and after it are read and left out.
 */
export class NewestFirst<Row> {
  readonly #listed: ListedTable<Row>;
  /** One compiled statement for each combination of filters, of which there are few. */
  readonly #statements = new Map<string, Statement<Row>>();

  constructor(listed: ListedTable<Row>) {
    this.#listed = listed;
  }

  /** Up to `page.first + 1` rows. */
  async run(db: Kysely<Tables>, tenant: string, page: Page, narrowing: Narrowing): Promise<readonly Row[]> {
    const { oneOf, customerId, created, also } = narrowing;
    const values = {
      ...{ tenant, limit: page.first + 1, ...this.#idsOf(page, created), ...oneOf },
      ...(customerId != null && { customerId }),
      ...(created?.from && { createdFrom: writable(created.from) }),
      ...(created?.before && { createdBefore: writable(created.before) }),
      ...(also && { [also.name]: also.value }),
    };
    const shape = Object.keys(values).join(" ");
    let statement = this.#statements.get(shape);
    if (!statement) {
      const conditions = Object.entries(CONDITIONS).flatMap(([name, condition]) => (name in values ? [condition] : []));
      const found = this.#found(Object.keys(oneOf), also ? [...conditions, also.condition] : conditions);
      statement = new Statement<Row>((on) => this.#listed.read(on, found));
      this.#statements.set(shape, statement);
    }
    return statement.run(db, values);
  }

  /** Between which ids to look: the first one counts, the last one does not. */
  #idsOf({ after }: Page, created: CreatedRange | undefined): { readonly idFrom: string; readonly idBelow: string } {
    const { idPrefix } = this.#listed;
    const fromMs = created?.from ? created.from.getTime() - CLOCKS_APART_MS : 0;
    const beforeMs = created?.before ? created.before.getTime() + CLOCKS_APART_MS : Number.MAX_SAFE_INTEGER;
    const idBelow = firstIdAt(idPrefix, beforeMs);
    return { idFrom: firstIdAt(idPrefix, fromMs), idBelow: after !== null && after < idBelow ? after : idBelow };
  }

  #found(oneOf: readonly string[], conditions: readonly RawBuilder<unknown>[]): FoundIds {
    const { table, always } = this.#listed;
    const place = sql`id collate ${sql.ref(wayOf(oneOf, conditions))}`;
    const all = [
      sql`tenant = ${param("tenant")} and ${place} >= ${param("idFrom")} and ${place} < ${param("idBelow")}`,
      ...(always ? [sql.raw(always)] : []),
      ...oneOf.map((column) => sql`${sql.ref(column)} = ${sql.ref(`each_${column}.value`)}`),
      ...conditions,
    ];
    const walk = sql`
      select id from ${sql.table(table)} where ${sql.join(all, sql` and `)}
      order by ${place} desc limit ${param("limit")}`;
    if (oneOf.length === 0) return sql<{ id: string }>`(${walk})`.as("found");
    const values = oneOf.map((column) => sql`unnest(${param(column)}::text[]) as ${sql.ref(`each_${column}`)}(value)`);
    return sql<{ id: string }>`(
      select walked.id from ${sql.join(values, sql` cross join `)} cross join lateral (${walk}) walked
      order by walked.id desc limit ${param("limit")}
    )`.as("found");
  }
}

const OF_CUSTOMER = sql`customer_id = ${param("customerId")}`;
const CONDITIONS: Readonly<Record<string, RawBuilder<unknown>>> = {
  customerId: OF_CUSTOMER,
  createdFrom: sql`created_at >= ${param("createdFrom")}`,
  createdBefore: sql`created_at < ${param("createdBefore")}`,
};

/** The collation of the index to walk; see the migration that makes them. */
function wayOf(oneOf: readonly string[], conditions: readonly RawBuilder<unknown>[]): string {
  if (conditions.includes(OF_CUSTOMER)) return "listed_of_customer";
  return oneOf.length > 0 ? "listed_narrowed" : "listed";
}

/** What every driver can write: years before 0 and of five digits are not. Nothing here is older or later. */
const WRITABLE_MS = { first: 0, last: Date.parse("9999-12-31T23:59:59.999Z") };

/** The moment, or the nearest one that every driver can write. */
function writable(date: Date): Date {
  return new Date(Math.min(Math.max(date.getTime(), WRITABLE_MS.first), WRITABLE_MS.last));
}
