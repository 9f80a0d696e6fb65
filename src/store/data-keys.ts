import { type Kysely, sql } from "kysely";
import type { DataKeyStore, RegisteredKey } from "../domain/data-keys.js";
import { PERSONAL_TABLES, SEALED_PREFIX } from "../domain/personal-data.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** Names the lock of whoever registers: any number that nothing else here locks by. */
const REGISTERING_LOCK = 7_305_118;

const TAKE_LOCK = new Statement<never>(inSql(sql`select pg_advisory_xact_lock(${sql.lit(REGISTERING_LOCK)})`));

const ALL = new Statement<RegisteredKey>((db) => db.selectFrom("data_keys").select(["id", "wrapped"]).orderBy("id"));

const ADD = new Statement<never>((db) =>
  db.insertInto("data_keys").values({ id: param("id"), wrapped: param("wrapped") }),
);

const IN_USE = PERSONAL_TABLES.map(
  (table) =>
    new Statement<{ readonly found: number }>(
      inSql(sql`
        select 1 as found from ${sql.table(table)} where starts_with(personal, ${param("prefix")}) limit 1
      `),
    ),
);

/** {@link DataKeyStore} over SQL. */
export class SqlDataKeyStore implements DataKeyStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async register(decide: (known: readonly RegisteredKey[]) => RegisteredKey | null): Promise<readonly RegisteredKey[]> {
    return this.#db.transaction().execute(async (trx) => {
      await TAKE_LOCK.run(trx, {});
      const known = await ALL.run(trx, {});
      const added = decide(known);
      if (!added) return known;
      await ADD.run(trx, { ...added });
      return [...known, added];
    });
  }

  async isInUse(id: string): Promise<boolean> {
    for (const statement of IN_USE) {
      if (await statement.first(this.#db, { prefix: `${SEALED_PREFIX}${id}.` })) return true;
    }
    return false;
  }
}
