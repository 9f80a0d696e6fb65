import type { Kysely } from "kysely";
import type { AuditEntry, AuditLog } from "../domain/audit.js";
import { param, Statement } from "./statement.js";
import type { Tables } from "./tables.js";

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

/** {@link AuditLog} over SQL. */
export class SqlAuditLog implements AuditLog {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async append(entry: AuditEntry): Promise<void> {
    await APPEND.run(this.#db, { ...entry });
  }
}
