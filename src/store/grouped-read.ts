import DataLoader from "dataloader";
import type { Kysely } from "kysely";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import type { Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** More rows than this are read by several statements. */
const MAX_ROWS = 100;

/** A row that is asked for: whose, and which. */
interface Wanted {
  readonly tenant: string;
  readonly id: string;
}

/** Two statements for the same rows. */
export interface RowStatements<Row> {
  /** One row, by `tenant` and `id`. */
  readonly one: Statement<Row>;
  /** Several, by the pairs that `tenants` and `ids` make, in any order. */
  readonly several: Statement<Row>;
  readonly keyOf: (row: Row) => Wanted;
}

/**
 * Reads rows one by one for whoever asks, and with one statement those that requests ask for at the same time: a busy
 * server is asked many times before it comes to read. Each asks for their own tenant's rows and is given no other's.
 */
export class GroupedRead<Row> {
  readonly #db: Kysely<Tables>;
  readonly #statements: RowStatements<Row>;
  readonly #wanted: DataLoader<Wanted, Row | null>;

  constructor(db: Kysely<Tables>, statements: RowStatements<Row>) {
    this.#db = db;
    this.#statements = statements;
    // Nothing is kept: whoever asks later is told what holds then.
    this.#wanted = new DataLoader((wanted) => this.#read(wanted), {
      cache: false,
      maxBatchSize: MAX_ROWS,
      // After what has arrived over all connections was read.
      batchScheduleFn: (read) => setImmediate(read),
    });
  }

  /** Null where the tenant has none such. */
  row(tenant: string, id: string): Promise<Row | null> {
    return this.#wanted.load({ tenant, id });
  }

  async #read(wanted: readonly Wanted[]): Promise<readonly (Row | Error | null)[]> {
    try {
      if (wanted.length > 1) return await this.#together(wanted);
    } catch (error) {
      // A row that cannot be read is its own reader's trouble; a database that is away is everybody's.
      if (error instanceof StoreUnavailable) throw error;
    }
    const { one } = this.#statements;
    return Promise.all(wanted.map((key) => one.first(this.#db, { ...key }).catch((error: Error) => error)));
  }

  async #together(wanted: readonly Wanted[]): Promise<readonly (Row | null)[]> {
    const { several, keyOf } = this.#statements;
    const tenants = wanted.map(({ tenant }) => tenant);
    const rows = await several.run(this.#db, { tenants, ids: wanted.map(({ id }) => id) });
    const byKey = new Map(rows.map((row) => [nameOf(keyOf(row)), row]));
    return wanted.map((key) => byKey.get(nameOf(key)) ?? null);
  }
}

/** Ids have no blank in them. */
function nameOf({ tenant, id }: Wanted): string {
  return `${id} ${tenant}`;
}
