import { rmSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject } from "vitest";
import type { CardSnapshot } from "../../src/domain/card.js";
import type { CardStatus } from "../../src/domain/card-status.js";
import { systemIds } from "../../src/domain/ids.js";
import type { OrderState } from "../../src/domain/order.js";
import type { NewOrder } from "../../src/domain/order-store.js";
import type { Evidence } from "../../src/domain/order-transition.js";
import type { PersonalDataVault } from "../../src/domain/personal-data.js";
import type { ReceivedEvent } from "../../src/domain/registration.js";
import { SqlAccountInbox } from "../../src/store/account-inbox.js";
import type { AvailabilityReport } from "../../src/store/availability.js";
import { SqlCardStore } from "../../src/store/cards.js";
import { SqlContactStore } from "../../src/store/contacts.js";
import { type Database, type DatabaseConfig, openDatabase } from "../../src/store/database.js";
import type { DatabaseProbe } from "../../src/store/guarded-dialect.js";
import { SqlInboxStore } from "../../src/store/inbox.js";
import { SqlOrderQueue } from "../../src/store/order-queue.js";
import { SqlOrderStore } from "../../src/store/orders.js";
import { snapshot } from "../domain/order-facts.js";
import { vaultOf } from "../support/data-keys.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";

/** When an order is due after a move, in these tests: far away, so that nothing is due by chance. */
const DUE_MS: Readonly<Record<OrderState, number | null>> = {
  INTENT: 600_000,
  SENDING: null,
  UNCONFIRMED: 600_000,
  ACCEPTED: 600_000,
  COMPLETED: null,
  FAILED: null,
  NEEDS_REVIEW: null,
};

/** Every store over one database, and a look behind them. */
export interface Stores {
  readonly config: DatabaseConfig;
  readonly database: Database;
  readonly orders: SqlOrderStore;
  readonly cards: SqlCardStore;
  readonly contacts: SqlContactStore;
  readonly inbox: SqlInboxStore;
  readonly accountInbox: SqlAccountInbox;
  readonly queue: SqlOrderQueue;
  /** The rows of a statement. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
}

/** Personal data are sealed in these tests, as they are in production. */
export const VAULT = vaultOf("tests");

/** Every store over an open database. */
export function storesOver(
  config: DatabaseConfig,
  database: Database,
  parts: { readonly spendLimitMinor?: number; readonly vault?: PersonalDataVault } = {},
): Stores {
  const { db } = database;
  const { vault = VAULT } = parts;
  return {
    config,
    database,
    orders: new SqlOrderStore({
      db,
      ids: systemIds,
      vault,
      dueAfterMove: ({ state }) => DUE_MS[state],
      onAnnounceable: () => undefined,
      spendLimitMinor: parts.spendLimitMinor ?? null,
    }),
    cards: new SqlCardStore(db, vault),
    contacts: new SqlContactStore(db, vault),
    inbox: new SqlInboxStore(db, systemIds),
    accountInbox: new SqlAccountInbox(db, systemIds),
    queue: new SqlOrderQueue(db, vault),
    rows: async (statement) => (await sql.raw<Record<string, unknown>>(statement).execute(db)).rows,
  };
}

/** Opens a database; what its connections report goes where the test says. */
export function open(
  config: DatabaseConfig,
  errors: Error[] = [],
  probe?: DatabaseProbe,
  report: AvailabilityReport = {},
): Promise<Database> {
  return openDatabase(config, { ...report, onError: (error) => void errors.push(error), probe });
}

/** Both, unless mutation testing, which runs the specs once for every mutant, asks for one. */
const DATABASES = (process.env.TEST_DATABASES ?? "embedded postgres").split(" ");

/** The same specs over the embedded database and over a real PostgreSQL, each once for a file. */
export function onEveryDatabase(specs: (stores: () => Stores) => void): void {
  describe.each(DATABASES)("on %s", (kind) => {
    let server: PostgresServer | null = null;
    let stores: Stores | null = null;
    const errors: Error[] = [];

    beforeAll(async () => {
      if (kind === "postgres") server = await startPostgres();
      const config: DatabaseConfig = server
        ? { kind: "postgres", url: await server.createDatabase() }
        : { kind: "embedded", dataDir: freshDataDir(inject("templateDataDir")) };
      stores = storesOver(config, await open(config, errors));
    });

    afterAll(async () => {
      const reported = [...errors];
      await stores?.database.close();
      await server?.close();
      if (stores?.config.kind === "embedded") rmSync(stores.config.dataDir, { recursive: true, force: true });
      expect(reported).toEqual([]);
    });

    specs(() => {
      if (!stores) throw new Error("no database");
      return stores;
    });
  });
}

/** The providers that a queue serves in these tests. */
export const SERVED = [{ code: "PREPAIDIFY", mode: "LIVE" }] as const;

let made = 0;

/** Something that no other test uses. */
export function fresh(prefix: string): string {
  return `${prefix}-${++made}`;
}

/** An order that nobody has placed before. */
export function newOrder(parts: Partial<NewOrder> = {}): NewOrder {
  return {
    id: systemIds.order(),
    tenant: "tenant-a",
    provider: "PREPAIDIFY",
    mode: "LIVE",
    orderNo: fresh("order"),
    fingerprint: "fingerprint",
    callbackToken: fresh("token"),
    by: { subject: "key:tests", requestId: "request-1" },
    ...parts,
    request: {
      cardRangeId: "100",
      deposit: { amountMinor: 1_000, currency: "USD" },
      cardHolder: { firstName: "Leon", lastName: "Smith" },
      email: "leon@person.example",
      customerId: "customer-1",
      callbackUrl: "https://hooks.example/cards",
      ...parts.request,
    },
  };
}

/** A placed order, moved by evidence to where a test wants it. */
export async function orderAt({ orders }: Stores, state: "INTENT" | "SENDING" | "UNCONFIRMED", parts = {}) {
  const order = newOrder(parts);
  await orders.place(order);
  if (state !== "INTENT") await orders.startSending(order.id, "sending", 60_000);
  if (state === "UNCONFIRMED") await orders.apply(order.id, { kind: "unclear", call: 1 });
  return order;
}

/** The provider's description of an order's card. */
export function described(
  providerCardId: string,
  status: CardStatus,
  parts: Partial<CardSnapshot> = {},
): Evidence & { readonly kind: "card" } {
  return { kind: "card", source: "poll", card: snapshot({ providerCardId, status, ...parts }) };
}

/** A callback to an order's address. */
export function callback(order: Omit<NewOrder, "by">, parts: Partial<ReceivedEvent> = {}): ReceivedEvent {
  return {
    provider: order.provider,
    token: order.callbackToken,
    dedupeKey: fresh("event"),
    eventType: "CARD_STATUS",
    orderNo: order.orderNo,
    providerCardId: `prv-${order.orderNo}`,
    payload: { status: "ACTIVE", nested: { list: [1, "2"] } },
    ...parts,
  };
}
