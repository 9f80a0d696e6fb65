import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { asUnavailable } from "./failures.js";
import { PreparedStatements } from "./prepared-statement.js";
import { StatementNames } from "./statement-names.js";
import { parseTimestamp } from "./timestamps.js";

/** Connections to PostgreSQL that one process holds at most. */
const POOL_SIZE = 16;
/** How long a request waits for a connection before it is told that the database is unavailable. */
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes longer than a few milliseconds; one that does is stuck. The server ends it. */
const STATEMENT_TIMEOUT_MS = 5_000;
/**
 * A server that has not even ended the statement by then is no longer there, whatever the connection looks like. Less
 * than the patience with which an answer of a provider is written, so that a dead connection leaves a second attempt.
 */
export const ANSWER_TIMEOUT_MS = 6_000;
/** How long a connection may be idle before it is given back. */
const IDLE_TIMEOUT_MS = 30_000;
/** How long a connection is silent before the operating system asks whether the other end lives. */
const KEEPALIVE_DELAY_MS = 10_000;
/** How long a connection may take to answer when it is asked only whether it lives. */
const PING_TIMEOUT_MS = 2_000;
/** How long a migration may take; it may have to build an index. Long enough for other processes to wait for it. */
const MIGRATION_TIMEOUT_MS = 600_000;
/** Migrating takes a connection for the lock and, before that, one for looking. */
const MIGRATION_POOL_SIZE = 2;

/** Parses a bigint column. */
export type ParseInt8 = (text: string) => number;

/** How a pool of connections is made. */
export interface PostgresOptions {
  readonly url: string;
  readonly parseInt8: ParseInt8;
  /** Told of every connection that breaks, whether somebody is using it or not. */
  readonly onError: (error: Error) => void;
  /** How long a statement may take, in milliseconds; a bound for the server and a later one for ourselves. */
  readonly statementMs?: { readonly server: number; readonly answer: number };
}

/** A query whose answer the driver waits for no longer; its types leave that out. */
function bounded(query: pg.QueryConfig, answerMs: number): pg.QueryConfig & { readonly query_timeout: number } {
  return { ...query, query_timeout: answerMs };
}

/** The pool that serves requests. Waiting for a connection is bounded here, waiting for an answer by what is leased. */
export function openPool({ url, parseInt8, onError, statementMs }: PostgresOptions): pg.Pool {
  const server = statementMs?.server ?? STATEMENT_TIMEOUT_MS;
  return watched(onError, {
    ...connectionOf(url, parseInt8),
    max: POOL_SIZE,
    statement_timeout: server,
    idle_in_transaction_session_timeout: server,
  });
}

/** A pool for migrations alone, which may take far longer than a request and wait for another process's. */
export function openMigrationPool({ url, parseInt8, onError }: PostgresOptions): pg.Pool {
  return watched(onError, {
    ...connectionOf(url, parseInt8),
    max: MIGRATION_POOL_SIZE,
    query_timeout: MIGRATION_TIMEOUT_MS,
  });
}

function connectionOf(url: string, parseInt8: ParseInt8): pg.PoolConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, parseInt8);
  types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTimestamp);
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    application_name: "cardgraph",
    types,
  };
}

/** Without a listener an idle or checked-out client takes the process with it when the server goes away. */
function watched(onError: (error: Error) => void, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", onError));
  return pool;
}

/** Asks the server whether it answers. A connection that does not is thrown away, whether it is old or new. */
export async function pingOver(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(bounded({ text: "select 1" }, PING_TIMEOUT_MS));
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * The pool as Kysely wants it: each connection prepares a statement once, under a name, and is thrown away as soon as
 * one statement lost its answer.
 */
export function leasedFrom(pool: pg.Pool, answerMs = ANSWER_TIMEOUT_MS): PostgresPool {
  const leases = new WeakMap<pg.PoolClient, Lease>();
  const names = new StatementNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      const lease = leases.get(client) ?? new Lease(client, names, answerMs);
      leases.set(client, lease);
      return lease;
    },
  };
}

/**
 * A connection that somebody has taken out of the pool. A statement that ran out of time on our side may still run on
 * the server's: whatever is sent next would wait behind it, and in its transaction.
 */
class Lease implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;
  readonly #prepared: PreparedStatements;
  readonly #answerMs: number;
  /** An answer did not come: whatever is sent next might wait behind it. */
  #lost = false;
  /** Its prepared statements are of tables that have changed since. */
  #outdated = false;

  constructor(client: pg.PoolClient, names: StatementNames, answerMs: number) {
    this.#client = client;
    this.#names = names;
    this.#prepared = new PreparedStatements(client, answerMs);
    this.#answerMs = answerMs;
  }

  query<Row>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query<Row>(
    statement: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof statement !== "string") throw new Error("cursors are not supported");
    return this.#run<Row>(statement, parameters);
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy || this.#lost || this.#outdated);
  }

  async #run<Row>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    if (this.#lost) throw new StoreUnavailable("connection_lost");
    const name = this.#outdated ? undefined : this.#names.of(statement, parameters);
    try {
      return await this.#query<Row>(name, statement, parameters);
    } catch (error) {
      if (endsConnection(error)) this.#lost = true;
      if (name === undefined || !isOutdated(error)) throw error;
      this.#outdated = true;
      // Refused before it did anything. A transaction has failed by this, and is done again by whoever may repeat it.
      if (this.#client.getTransactionStatus() !== "I") throw new StoreUnavailable("contended", OUTDATED);
      return this.#query<Row>(undefined, statement, parameters);
    }
  }

  async #query<Row>(
    name: string | undefined,
    text: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>> {
    const running =
      name === undefined
        ? this.#client.query(bounded({ text, values: parameters as unknown[] }, this.#answerMs))
        : this.#prepared.run(name, text, parameters);
    return (await running) as unknown as PostgresQueryResult<Row>;
  }
}

/** SQLSTATE `feature_not_supported`: among others of a prepared statement whose rows would not be as they were. */
const OUTDATED = "0A000";

/** A migration, of a newer version beside this one, has changed the columns of what a statement was prepared for. */
function isOutdated(error: unknown): boolean {
  const { code, routine } = error as { readonly code?: unknown; readonly routine?: unknown };
  return code === OUTDATED && routine === "RevalidateCachedQuery";
}

/** What the server said itself, and which leaves its connection as good as it was. */
const STAYS: ReadonlySet<string | null> = new Set(["57014", "40001", "40P01", "55P03"]);

function endsConnection(error: unknown): boolean {
  const failure = asUnavailable(error);
  return failure !== null && !STAYS.has(failure.code);
}
