import { type Kysely, sql } from "kysely";
import type { DataSealing, KeyUse, ResealedBatch, ResealStore } from "../domain/data-keys.js";
import {
  PERSONAL_TABLES,
  PersonalDataUnreadable,
  type PersonalDataVault,
  type PersonalTable,
  SEALED_PREFIX,
} from "../domain/personal-data.js";
import { contactOf, FORMER_COLUMNS, holderOf, orderOf } from "./personal.js";
import { inSql, param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

/** A row as it is read to be sealed anew: with the columns in which rows of before have their personal data. */
type Row = {
  readonly id: string;
  readonly tenant: string;
  readonly personal: string | null;
  /** Null where the table has none, or where it is no secret. */
  readonly fingerprint: string | null;
};

/** Whether a row that was never erased has a fingerprint without a key. */
const WITH_FINGERPRINT: Partial<Readonly<Record<PersonalTable, string>>> = {
  card_orders: "erased_at is null",
  card_contacts: "state <> 'ERASED'",
};

const OPENED: Readonly<Record<PersonalTable, (row: never, vault: PersonalDataVault) => object>> = {
  card_orders: orderOf,
  card_holders: holderOf,
  card_contacts: contactOf,
};

const isFormer = (table: PersonalTable): string =>
  `(personal is null and coalesce(${FORMER_COLUMNS[table].join(", ")}) is not null)`;

function statementsOf(table: PersonalTable) {
  const former = FORMER_COLUMNS[table];
  const isMarked = WITH_FINGERPRINT[table];
  const marked = isMarked ? `case when ${isMarked} then fingerprint end` : "null";
  const unmarked = isMarked ? `or (${isMarked} and not starts_with(fingerprint, 'h1.'))` : "";
  return {
    // Rows that somebody writes just now are passed over: whoever waits for nobody is never waited for in a circle.
    due: new Statement<Row>(
      inSql(sql`
        select id, tenant, personal, ${sql.raw(marked)} as fingerprint, ${sql.raw(former.join(", "))}
        from ${sql.table(table)}
        where id > ${param("after")} and (
          (personal is not null and not starts_with(personal, ${param("prefix")})) or ${sql.raw(isFormer(table))}
          ${sql.raw(unmarked)}
        )
        order by id limit ${param("limit")} for update skip locked
      `),
    ),
    write: new Statement<never>(
      inSql(sql`
        update ${sql.table(table)} set
          personal = new.personal,
          ${sql.raw(isMarked ? `fingerprint = coalesce(new.fingerprint, ${table}.fingerprint),` : "")}
          ${sql.raw(former.map((column) => `${column} = null`).join(", "))}
        from unnest(${param("ids")}::text[], ${param("personals")}::text[], ${param("fingerprints")}::text[])
          as new (id, personal, fingerprint)
        where ${sql.table(table)}.id = new.id
      `),
    ),
    uses: new Statement<{ readonly key_id: string | null; readonly rows: number }>(
      inSql(sql`
        select
          case when starts_with(personal, ${sql.lit(SEALED_PREFIX)}) then split_part(personal, '.', 2) end as key_id,
          count(*)::integer as rows
        from ${sql.table(table)} where personal is not null or ${sql.raw(isFormer(table))} group by 1
      `),
    ),
  };
}

const STATEMENTS = Object.fromEntries(PERSONAL_TABLES.map((table) => [table, statementsOf(table)])) as Readonly<
  Record<PersonalTable, ReturnType<typeof statementsOf>>
>;

const FORGET = new Statement<never>((db) =>
  db.deleteFrom("data_keys").where("id", "=", sql<string>`any(${param("ids")}::text[])`),
);

const REGISTERED = new Statement<{ readonly id: string }>((db) => db.selectFrom("data_keys").select("id"));

/** {@link ResealStore} over SQL. */
export class SqlResealStore implements ResealStore {
  readonly #db: Kysely<Tables>;
  readonly #sealing: DataSealing;

  constructor(db: Kysely<Tables>, sealing: DataSealing) {
    this.#db = db;
    this.#sealing = sealing;
  }

  async reseal(table: PersonalTable, after: string, limit: number): Promise<ResealedBatch> {
    const { due, write } = STATEMENTS[table];
    const prefix = `${SEALED_PREFIX}${this.#sealing.firstKeyId}.`;
    return this.#db.transaction().execute(async (trx) => {
      const rows = await due.run(trx, { after, prefix, limit });
      const sealed = rows.flatMap((row) => this.#sealedAnew(table, row) ?? []);
      if (sealed.length > 0) {
        await write.run(trx, {
          ids: sealed.map(({ id }) => id),
          personals: sealed.map(({ personal }) => personal),
          fingerprints: sealed.map(({ fingerprint }) => fingerprint),
        });
      }
      const last = rows.at(-1)?.id ?? null;
      return { resealed: sealed.length, unreadable: rows.length - sealed.length, last };
    });
  }

  async uses(): Promise<readonly KeyUse[]> {
    const counts = new Map<string | null, number>();
    for (const table of PERSONAL_TABLES) {
      for (const { key_id: keyId, rows } of await STATEMENTS[table].uses.run(this.#db, {})) {
        counts.set(keyId, (counts.get(keyId) ?? 0) + rows);
      }
    }
    return [...counts].map(([keyId, rows]) => ({ keyId, rows }));
  }

  async forgetUnused(): Promise<readonly string[]> {
    const registered = await REGISTERED.run(this.#db, {});
    const used = new Set((await this.uses()).map(({ keyId }) => keyId));
    const { firstKeyId, otherKeyIds } = this.#sealing;
    const known = new Set([...registered.map(({ id }) => id), ...otherKeyIds]);
    const ids = [...known].filter((id) => id !== firstKeyId && !used.has(id));
    await FORGET.run(this.#db, { ids });
    return ids;
  }

  #sealedAnew(table: PersonalTable, row: Row): Row | null {
    const { vault, keyedFingerprint } = this.#sealing;
    const { id, tenant, fingerprint } = row;
    try {
      const personal = vault.seal({ table, id, tenant }, OPENED[table](row as never, vault));
      return { id, tenant, personal, fingerprint: fingerprint === null ? null : keyedFingerprint(fingerprint) };
    } catch (error) {
      if (error instanceof PersonalDataUnreadable) return null;
      throw error;
    }
  }
}
