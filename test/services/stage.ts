import { rmSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, inject } from "vitest";
import { ProviderDirectory } from "../../src/domain/directory.js";
import { type DuePolicy, nextLookMs } from "../../src/domain/due-policy.js";
import { systemIds } from "../../src/domain/ids.js";
import type { JournalEntry } from "../../src/domain/journal.js";
import type { CardOrder } from "../../src/domain/order.js";
import type { NewOrder, OrderQueue, Pace } from "../../src/domain/order-store.js";
import { UNSEALED } from "../../src/domain/personal-data.js";
import { ReconcileOrders } from "../../src/services/reconcile-orders.js";
import { SendOrder } from "../../src/services/send-order.js";
import { SqlAccountInbox } from "../../src/store/account-inbox.js";
import { type Database, openDatabase } from "../../src/store/database.js";
import { SqlInboxStore } from "../../src/store/inbox.js";
import { SqlOrderQueue } from "../../src/store/order-queue.js";
import { SqlOrderStore } from "../../src/store/orders.js";
import { callback, newOrder } from "../store/stores.js";
import { freshDataDir } from "../support/template-database.js";
import { ScriptedProvider } from "./scripted-provider.js";

/** Bound on one provider call in these tests. */
export const TIMEOUT_MS = 10_000;
const DAY_MS = 86_400_000;

/** When orders are looked at again in these tests: without any spread. */
const POLICY: DuePolicy = {
  scheduleMs: [5_000, 15_000, 60_000, 300_000],
  reviewAfterMs: DAY_MS,
  followMs: 21_600_000,
  random: () => 0.5,
};

/** What is kept of an order, as far as these tests look behind the stores. */
export interface Line {
  readonly state: string;
  readonly review_reason: string | null;
  readonly failure_code: string | null;
  readonly sends: number;
  readonly attempts: number;
  readonly may_resend: boolean;
  /** In how many seconds it is due and its lease ends; null: never, or there is none. */
  readonly due_s: number | null;
  readonly lease_s: number | null;
}

/** How a test finds an order when it is taken up. */
export interface Due {
  readonly waitedMs?: number;
  /** How often it was taken up before, since it last moved. */
  readonly attempts?: number;
  readonly pace?: Pace;
}

/** The services that move orders, over a real database, in front of a provider that does as it is told. */
export class Stage {
  readonly provider = new ScriptedProvider();
  readonly directory: ProviderDirectory;
  readonly journal: JournalEntry[] = [];
  /** What kept single orders from being taken up. */
  readonly errors: unknown[] = [];
  /** How often more may have been due than was taken up. */
  backlogs = 0;
  readonly orders: SqlOrderStore;
  readonly inbox: SqlInboxStore;
  readonly accountInbox: SqlAccountInbox;
  /** The real queue, but for the time that orders have waited, which is what a test says. */
  readonly queue: OrderQueue;
  /** For how long orders were claimed. */
  readonly claimsMs: number[] = [];
  readonly sendOrder: SendOrder;
  readonly reconcile: ReconcileOrders;
  /** What the services are made of. */
  readonly parts;
  readonly #db: Database["db"];
  #waitedMs: number | null = null;

  constructor({ db }: Database) {
    this.#db = db;
    const capabilities = ["createVirtualCard", "readCard"] as const;
    const { code } = this.provider;
    this.directory = new ProviderDirectory([
      { code, name: "Scripted", mode: "LIVE", capabilities, adapter: this.provider },
    ]);
    const dueAfterMove = nextLookMs.bind(null, POLICY);
    this.orders = new SqlOrderStore({
      db,
      ids: systemIds,
      vault: UNSEALED,
      dueAfterMove,
      onAnnounceable: () => undefined,
      spendLimitMinor: null,
    });
    this.inbox = new SqlInboxStore(db, systemIds);
    this.accountInbox = new SqlAccountInbox(db, systemIds);
    this.queue = this.#timed(new SqlOrderQueue(db, UNSEALED));
    const { directory, orders, queue } = this;
    const journal = { record: (entry: JournalEntry) => void this.journal.push(entry) };
    const onBacklog = (): void => void this.backlogs++;
    const onError = (error: unknown): void => void this.errors.push(error);
    const common = { directory, orders, queue, journal, timeoutMs: TIMEOUT_MS, policy: POLICY, onError, onBacklog };
    this.sendOrder = new SendOrder(common);
    this.parts = { ...common, sendOrder: this.sendOrder };
    this.reconcile = new ReconcileOrders(this.parts);
  }

  /** An order that was committed and not sent. */
  async intent(parts: Partial<NewOrder> = {}): Promise<CardOrder> {
    return (await this.orders.place(newOrder(parts))).order;
  }

  /** An order that is being sent. */
  async sending(): Promise<CardOrder> {
    const { id } = await this.intent();
    await this.orders.startSending(id, "sending", 60_000);
    return this.orderOf(id);
  }

  /** An order that went out once and whose answer was unclear. */
  async unconfirmed(): Promise<CardOrder> {
    const { id } = await this.sending();
    return (await this.orders.apply(id, { kind: "unclear", call: 1 })).order;
  }

  /** An order with a card in a state, as the provider described and describes it. */
  async withCard(status: "INIT" | "ACTIVE" | "CANCELED", providerCardId: string): Promise<CardOrder> {
    const { id } = await this.sending();
    this.provider.has(providerCardId, { status });
    const card = await this.provider.readCard?.({ providerCardId, email: null });
    this.provider.reads.length = 0;
    if (!card) throw new Error("the scripted provider reads cards");
    return (await this.orders.apply(id, { kind: "card", source: "answer", card })).order;
  }

  /** A callback that names a card as the order's. */
  async callbackNames(order: CardOrder, providerCardId: string | null): Promise<void> {
    const event = callback(order, { providerCardId, orderNo: order.orderNo });
    expect(await this.inbox.receive(event)).toBe("stored");
  }

  /** Lets an order's time come, and nobody else's, and takes it up. */
  async takeUp({ id }: CardOrder, { waitedMs = 60_000, attempts = 0, pace = "under_way" }: Due = {}): Promise<Line> {
    await this.run(`update card_orders set next_at = null where id <> '${id}'`);
    await this.run(`update card_orders set next_at = now() - interval '1 second', lease_until = null,
      attempts = ${attempts} where id = '${id}'`);
    this.#waitedMs = waitedMs;
    expect(await this.reconcile.runOnce(pace)).toBe(1);
    return this.lineOf(id);
  }

  async lineOf(id: string): Promise<Line> {
    const [line] = await this.run<Line>(`select state, review_reason, failure_code, sends, attempts, may_resend,
      extract(epoch from next_at - now())::float8 as due_s,
      extract(epoch from lease_until - now())::float8 as lease_s from card_orders where id = '${id}'`);
    if (!line) throw new Error("no such order");
    return line;
  }

  async orderOf(id: CardOrder["id"]): Promise<CardOrder> {
    const [view] = await this.orders.byIds("tenant-a", [id]);
    if (!view) throw new Error("no such order");
    return view.order;
  }

  /** What came of the callbacks of an order, oldest first. */
  async verdictsOf({ id }: CardOrder): Promise<readonly unknown[]> {
    const rows = await this.run(`select verdict from inbox where order_id = '${id}' order by id`);
    return rows.map(({ verdict }) => verdict);
  }

  /** What moved an order, oldest first, as its history tells it. */
  async historyOf({ id }: CardOrder): Promise<readonly unknown[]> {
    const rows = await this.run(`select evidence from order_events where order_id = '${id}' order by id`);
    return rows.map(({ evidence }) => evidence);
  }

  /** What the journal says of an order's moves. */
  get moves(): readonly string[] {
    return this.journal.flatMap((entry) =>
      entry.event === "order_moved"
        ? `${entry.from} > ${entry.to} by ${entry.evidence}`
        : entry.event === "order_needs_review"
          ? `review: ${entry.reason}`
          : [],
    );
  }

  #timed(queue: SqlOrderQueue): OrderQueue {
    return {
      claimDue: async (served, pace, limit, leaseMs) => {
        this.claimsMs.push(leaseMs);
        const due = await queue.claimDue(served, pace, limit, leaseMs);
        return due.map((one) => ({ ...one, waitedMs: this.#waitedMs ?? one.waitedMs }));
      },
      reschedule: (...args) => queue.reschedule(...args),
      hasten: (...args) => queue.hasten(...args),
      judgeClaim: (...args) => queue.judgeClaim(...args),
    };
  }

  async run<Row = Record<string, unknown>>(statement: string): Promise<readonly Row[]> {
    return (await sql.raw<Row>(statement).execute(this.#db)).rows;
  }
}

/** About so many seconds: time goes by while a test runs, and none of the delays is this close to another one. */
export function about(seconds: number): unknown {
  return expect.closeTo(seconds, -1);
}

/** One database for a test file, and a new stage upon it for every test. */
export function onStage(): () => Stage {
  const dataDir = freshDataDir(inject("templateDataDir"));
  let database: Database | null = null;
  let stage: Stage | null = null;
  beforeAll(async () => {
    database = await openDatabase({ kind: "embedded", dataDir }, { onError: () => undefined });
  });
  beforeEach(() => {
    stage = database && new Stage(database);
  });
  afterAll(async () => {
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return () => {
    if (!stage) throw new Error("no database");
    return stage;
  };
}
