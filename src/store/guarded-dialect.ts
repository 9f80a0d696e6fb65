import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from "kysely";
import type { Availability } from "./availability.js";

/**
 * Awaited before and after every statement, for tests that stop a process at a named place. `step` is the statement's
 * text, or `begin`, `commit` or `rollback`. "after" is only reached by a statement that succeeded.
 */
export type DatabaseProbe = (phase: "before" | "after", step: string) => void | Promise<void>;

/** What stands around every statement. */
export interface Guard {
  /** Says in one way, for every database, that it is away. */
  readonly availability: Availability;
  readonly probe?: DatabaseProbe | undefined;
}

/** A dialect whose connections do all their work through one {@link Guard}, whichever database is behind it. */
export function guardedDialect(dialect: Dialect, guard: Guard): Dialect {
  return {
    createDriver: () => new GuardedDriver(dialect.createDriver(), guard),
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

/** The driver knows its own connections by private marks, so it is always given those and never the guarded ones. */
class GuardedDriver implements Driver {
  readonly #driver: Driver;
  readonly #guard: Guard;
  readonly #guarded = new WeakMap<DatabaseConnection, GuardedConnection>();

  constructor(driver: Driver, guard: Guard) {
    this.#driver = driver;
    this.#guard = guard;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await this.#guard.availability.watch(() => this.#driver.acquireConnection());
    let guarded = this.#guarded.get(connection);
    if (!guarded) {
      guarded = new GuardedConnection(connection, this.#guard);
      this.#guarded.set(connection, guarded);
    }
    return guarded;
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return run(this.#guard, "begin", () => this.#driver.beginTransaction(unwrapped(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return run(this.#guard, "commit", () => this.#driver.commitTransaction(unwrapped(connection)));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return run(this.#guard, "rollback", () => this.#driver.rollbackTransaction(unwrapped(connection)));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#driver.releaseConnection(unwrapped(connection));
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class GuardedConnection implements DatabaseConnection {
  readonly connection: DatabaseConnection;
  readonly #guard: Guard;

  constructor(connection: DatabaseConnection, guard: Guard) {
    this.connection = connection;
    this.#guard = guard;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return run(this.#guard, query.sql, () => this.connection.executeQuery<Row>(query));
  }

  /** Nothing here reads in streams, and a stream would go past the guard. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("streaming is not supported");
  }
}

function unwrapped(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof GuardedConnection ? connection.connection : connection;
}

async function run<Result>(guard: Guard, step: string, work: () => Promise<Result>): Promise<Result> {
  const { availability, probe } = guard;
  if (probe) await probe("before", step);
  const result = await availability.watch(work);
  if (probe) await probe("after", step);
  return result;
}
