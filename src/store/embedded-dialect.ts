import type { PGlite } from "@electric-sql/pglite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PGliteDialect,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { EmbeddedSession } from "./embedded-session.js";

/** Kysely's own dialect of the embedded database, with statements that are parsed once. */
export class EmbeddedDialect extends PGliteDialect {
  readonly #session: EmbeddedSession;

  constructor(pglite: PGlite) {
    super({ pglite });
    this.#session = new EmbeddedSession(pglite);
  }

  override createDriver(): Driver {
    return new EmbeddedDriver(super.createDriver(), this.#session);
  }
}

/** Transactions are the library's own; only what runs in them, and besides, goes its own way. */
class EmbeddedDriver implements Driver {
  readonly #driver: Driver;
  readonly #session: EmbeddedSession;
  /** There is only one. */
  #connection: EmbeddedConnection | null = null;

  constructor(driver: Driver, session: EmbeddedSession) {
    this.#driver = driver;
    this.#session = session;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= new EmbeddedConnection(await this.#driver.acquireConnection(), this.#session);
    return this.#connection;
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(ownOf(connection), settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.commitTransaction(ownOf(connection));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.rollbackTransaction(ownOf(connection));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#driver.releaseConnection(ownOf(connection));
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly own: DatabaseConnection;
  readonly #session: EmbeddedSession;

  constructor(own: DatabaseConnection, session: EmbeddedSession) {
    this.own = own;
    this.#session = session;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#session.takes(query) ? this.#session.run<Row>(query) : this.own.executeQuery<Row>(query);
  }

  /** Nothing here reads in streams. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("streaming is not supported");
  }
}

function ownOf(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof EmbeddedConnection ? connection.own : connection;
}
