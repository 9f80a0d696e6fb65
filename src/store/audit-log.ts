import { type Kysely, type Selectable, sql } from "kysely";
import type { AuditEntry, AuditLog } from "../domain/audit.js";
import { type AuditFilter, type AuditRow, type AuditTrail, chainHash, FIRST_HASH } from "../domain/audit-chain.js";
import { inSql, param, Statement } from "./statement.js";
import type { AuditLogTable, Tables } from "./tables.js";

type Row = Selectable<AuditLogTable>;

/** Names the lock of whoever seals: any number that nothing else here locks by. */
const SEALING_LOCK = 7_305_117;

const APPEND = new Statement<never>((db) =>
  db.insertInto("audit_log").values({
    tenant: param("tenant"),
    subject: param("subject"),
    request_id: param("requestId"),
    action: param("action"),
    target: param("target"),
    outcome: param("outcome"),
    reason: param("reason"),
    recipient: param("recipient"),
  }),
);

const TAKE_LOCK = new Statement<never>(inSql(sql`select pg_advisory_xact_lock(${SEALING_LOCK})`));

const LAST = new Statement<Row>((db) =>
  db.selectFrom("audit_log").selectAll().where("position", "is not", null).orderBy("position", "desc").limit(1),
);

const UNSEALED = new Statement<Row>((db) =>
  db.selectFrom("audit_log").selectAll().where("position", "is", null).orderBy("id").limit(param("limit")),
);

const ANY_UNSEALED = new Statement<{ id: number }>((db) =>
  db.selectFrom("audit_log").select("id").where("position", "is", null).limit(1),
);

const SEAL = new Statement<never>(
  inSql(sql`
    update audit_log set position = sealed.position, hash = sealed.hash
    from unnest(${param("ids")}::bigint[], ${param("positions")}::bigint[], ${param("hashes")}::text[])
      as sealed (id, position, hash)
    where audit_log.id = sealed.id
  `),
);

const SEALED_AFTER = new Statement<Row>((db) =>
  db
    .selectFrom("audit_log")
    .selectAll()
    .where("position", ">", param("position"))
    .orderBy("position")
    .limit(param("limit")),
);

const LIST = new Statement<Row>(
  inSql(sql`
    select * from audit_log
    where (${param("tenant")}::text is null or tenant = ${param("tenant")}::text)
      and (${param("cardId")}::text is null or target = any(array(
        select ${param("cardId")}::text union all select order_id from cards where id = ${param("cardId")}::text
      )))
    order by id desc limit ${param("limit")}::integer
  `),
);

/** {@link AuditLog} and {@link AuditTrail} over SQL. */
export class SqlAuditLog implements AuditLog, AuditTrail {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async append(entry: AuditEntry): Promise<void> {
    await APPEND.run(this.#db, { ...entry });
  }

  /** Who writes to the log does not wait for this: only those who seal wait for each other. */
  async seal(limit: number): Promise<number> {
    if (!(await ANY_UNSEALED.first(this.#db, {}))) return 0;
    return this.#db.transaction().execute(async (trx) => {
      await TAKE_LOCK.run(trx, {});
      const last = await LAST.first(trx, {});
      const rows = await UNSEALED.run(trx, { limit });
      let [position, hash] = [last?.position ?? 0, last?.hash ?? FIRST_HASH];
      const seals = rows.map((row) => {
        position += 1;
        hash = chainHash(hash, position, toAuditRow(row));
        return { id: row.id, position, hash };
      });
      await SEAL.run(trx, {
        ids: seals.map(({ id }) => id),
        positions: seals.map((seal) => seal.position),
        hashes: seals.map((seal) => seal.hash),
      });
      return rows.length;
    });
  }

  async sealedAfter(position: number, limit: number): Promise<readonly AuditRow[]> {
    return (await SEALED_AFTER.run(this.#db, { position, limit })).map(toAuditRow);
  }

  async list({ tenant, cardId }: AuditFilter, limit: number): Promise<readonly AuditRow[]> {
    return (await LIST.run(this.#db, { tenant, cardId, limit })).map(toAuditRow);
  }
}

function toAuditRow({ request_id: requestId, ...row }: Row): AuditRow {
  return { ...row, requestId };
}
