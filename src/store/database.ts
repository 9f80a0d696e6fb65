import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { EmbeddedReason, openEmbedded } from "./embedded.js";
import { type DatabaseProbe, guardedDialect } from "./guarded-dialect.js";
import { type ChannelListener, type Listening, listenEmbedded } from "./listening.js";
import { ordersCardsContacts } from "./migrations/0001-orders-cards-contacts.js";
import { eventsAndDeliveries } from "./migrations/0002-events-and-deliveries.js";
import { listenPostgres } from "./postgres-listening.js";
import type { Tables } from "./tables.js";

/** Forward only, applied in the order of their names. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-orders-cards-contacts": ordersCardsContacts,
  "0002-events-and-deliveries": eventsAndDeliveries,
};

/** Connections to PostgreSQL that one process holds at most. */
const POOL_SIZE = 16;
/** How long a request waits for a connection before it is told that the database is unavailable. */
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes longer than a few milliseconds; one that does is stuck. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** Which database: PostgreSQL at an address, or an embedded one in a folder. */
export type DatabaseConfig =
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "embedded"; readonly dataDir: string };

/** An open database with its tables in place. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Resolves when a trivial statement does; throws otherwise. */
  ping(): Promise<void>;
  /**
   * Listens to what is notified on a channel, over a connection of its own that is made again whenever it is lost.
   * Close it before the database. Throws a `RangeError` for a name with anything but small letters and underscores.
   */
  listen(channel: string, listener: ChannelListener): Promise<Listening>;
  close(): Promise<void>;
}

/** Who is told what of a database. */
export interface DatabaseOptions {
  /** Told what goes wrong with a connection that nobody is using. */
  readonly onError: (error: Error) => void;
  readonly probe?: DatabaseProbe | undefined;
}

/** The database cannot be used; the message is for the operator and holds no address or credential. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

/**
 * Opens the database and brings its tables up to date.
 * Throws {@link DatabaseUnavailable} when it cannot be reached, is in use, or refuses a migration.
 */
export async function openDatabase(config: DatabaseConfig, options: DatabaseOptions): Promise<Database> {
  const opened =
    config.kind === "postgres" ? openPostgres(config.url, options) : await openEmbeddedSafely(config, options);
  try {
    await migrate(opened.db);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw new DatabaseUnavailable(whatWentWrong(config, error));
  }
  return opened;
}

function openPostgres(url: string, { onError, probe }: DatabaseOptions): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, safeInteger);
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    application_name: "cardgraph",
    types,
  });
  // Without a listener an idle or checked-out client takes the process with it when the server goes away.
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  const db = new Kysely<Tables>({ dialect: guardedDialect(new PostgresDialect({ pool }), { probe }) });
  return {
    db,
    ping: async () => void (await pool.query("select 1")),
    listen: (channel, listener) => listenPostgres({ url, channel, listener }),
    close: () => db.destroy(),
  };
}

async function openEmbeddedSafely(
  config: DatabaseConfig & { kind: "embedded" },
  { probe }: DatabaseOptions,
): Promise<Database> {
  const embedded = await openEmbedded(config.dataDir, safeInteger).catch((error: unknown) => {
    throw new DatabaseUnavailable(whatWentWrong(config, error));
  });
  const { pglite } = embedded;
  const db = new Kysely<Tables>({ dialect: guardedDialect(new PGliteDialect({ pglite }), { probe }) });
  return {
    db,
    ping: async () => void (await pglite.query("select 1")),
    listen: (channel, listener) => listenEmbedded(pglite, channel, listener),
    close: async () => {
      await db.destroy();
      await embedded.close();
    },
  };
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** A bigint column as a number; amounts of money fit many times over. Throws rather than round. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("integer from the database is not a safe integer");
  return value;
}

function whatWentWrong(config: DatabaseConfig, error: unknown): string {
  const where = config.kind === "postgres" ? "PostgreSQL at DATABASE_URL" : "The embedded database in DATA_DIR";
  const code = (error as { code?: unknown } | null)?.code;
  const reason = error instanceof EmbeddedReason ? error.message : typeof code === "string" ? code : "no answer";
  return `${where} cannot be used: ${reason}.`;
}
