import { setTimeout as pause } from "node:timers/promises";
import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { Availability, type AvailabilityReport } from "./availability.js";
import { boundedPing } from "./bounded-ping.js";
import { EmbeddedReason, openEmbedded } from "./embedded.js";
import { EmbeddedDialect } from "./embedded-dialect.js";
import { asUnavailable } from "./failures.js";
import { type DatabaseProbe, guardedDialect } from "./guarded-dialect.js";
import { type ChannelListener, type Listening, listenEmbedded } from "./listening.js";
import { ordersCardsContacts } from "./migrations/0001-orders-cards-contacts.js";
import { eventsAndDeliveries } from "./migrations/0002-events-and-deliveries.js";
import { accountEvents } from "./migrations/0003-account-events.js";
import { lists } from "./migrations/0004-lists.js";
import { apiKeys } from "./migrations/0005-api-keys.js";
import { spending } from "./migrations/0006-spending.js";
import { auditLog } from "./migrations/0007-audit-log.js";
import { personalData } from "./migrations/0008-personal-data.js";
import { leasedFrom, openMigrationPool, openPool, pingOver } from "./postgres.js";
import { listenPostgres } from "./postgres-listening.js";
import type { Tables } from "./tables.js";

/** Forward only, applied in the order of their names. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-orders-cards-contacts": ordersCardsContacts,
  "0002-events-and-deliveries": eventsAndDeliveries,
  "0003-account-events": accountEvents,
  "0004-lists": lists,
  "0005-api-keys": apiKeys,
  "0006-spending": spending,
  "0007-audit-log": auditLog,
  "0008-personal-data": personalData,
};

/** How long a server waits, when it starts, for a database that is starting too. */
const PATIENCE_MS = 10_000;
/** How long it rests between attempts. */
const ATTEMPT_REST_MS = 250;

/** Which database: PostgreSQL at an address, or an embedded one in a folder. */
export type DatabaseConfig =
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "embedded"; readonly dataDir: string };

/** An open database with its tables in place. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Resolves when a trivial statement does, throws otherwise; either within some two seconds. */
  ping(): Promise<void>;
  /**
   * Listens to what is notified on a channel, over a connection of its own that is made again whenever it is lost.
   * Close it before the database. Throws a `RangeError` for a name with anything but small letters and underscores.
   */
  listen(channel: string, listener: ChannelListener): Promise<Listening>;
  close(): Promise<void>;
}

/** Who is told what of a database. */
export interface DatabaseOptions extends AvailabilityReport {
  /** Told what else goes wrong with a connection that nobody is using. */
  readonly onError: (error: Error) => void;
  readonly probe?: DatabaseProbe | undefined;
  /** How long to wait for a PostgreSQL that is not there yet, or is only starting; in milliseconds, 10 s. */
  readonly patienceMs?: number;
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
  try {
    return config.kind === "postgres" ? await openPostgres(config.url, options) : await openInFolder(config, options);
  } catch (error) {
    throw new DatabaseUnavailable(whatWentWrong(config, error));
  }
}

async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const availability = new Availability(options);
  const onError = (error: Error): void => {
    const other = availability.translated(error);
    if (other === error) options.onError(error);
  };
  const pool = { url, parseInt8: safeInteger, onError };
  await patiently(options.patienceMs ?? PATIENCE_MS, () =>
    migrateOver(openMigrationPool({ ...pool, onError: silent })),
  );
  const requests = openPool(pool);
  const dialect = new PostgresDialect({ pool: leasedFrom(requests) });
  const db = new Kysely<Tables>({ dialect: guardedDialect(dialect, { availability, probe: options.probe }) });
  return {
    db,
    ping: boundedPing(() => availability.watch(() => pingOver(requests))),
    listen: (channel, listener) => listenPostgres({ url, channel, listener }),
    close: async () => {
      await db.destroy();
      // Kysely ends only a pool that it has used.
      if (!requests.ending) await requests.end();
    },
  };
}

/** While the server starts it says itself, once, what it is missing. */
const silent = (): void => undefined;

async function openInFolder(
  config: DatabaseConfig & { kind: "embedded" },
  options: DatabaseOptions,
): Promise<Database> {
  const availability = new Availability(options);
  const embedded = await openEmbedded(config.dataDir, safeInteger);
  const { pglite } = embedded;
  const dialect = guardedDialect(new EmbeddedDialect(pglite), { availability, probe: options.probe });
  const db = new Kysely<Tables>({ dialect });
  const close = async (): Promise<void> => {
    await db.destroy();
    await embedded.close();
  };
  try {
    await migrate(db);
  } catch (error) {
    await close().catch(silent);
    throw error;
  }
  return {
    db,
    ping: boundedPing(() => availability.watch(() => pglite.query("select 1"))),
    listen: (channel, listener) => listenEmbedded(pglite, channel, listener),
    close,
  };
}

/** Does the work again for as long as the database is away and patience lasts. */
async function patiently(patienceMs: number, work: () => Promise<void>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (asUnavailable(error) === null || performance.now() > endMs) throw error;
    }
    await pause(ATTEMPT_REST_MS);
  }
}

async function migrateOver(pool: PostgresPool): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db).finally(() => db.destroy());
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
  const code = (asUnavailable(error) ?? (error as { code?: unknown } | null))?.code;
  const reason = error instanceof EmbeddedReason ? error.message : typeof code === "string" ? code : "no answer";
  return `${where} cannot be used: ${reason}.`;
}
