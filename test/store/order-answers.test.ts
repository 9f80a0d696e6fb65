import { type KyselyPlugin, sql } from "kysely";
import { describe, expect, it, vi } from "vitest";
import type { CardStatus } from "../../src/domain/card-status.js";
import type { CardOrder } from "../../src/domain/order.js";
import type { NewOrder } from "../../src/domain/order-store.js";
import type { Evidence } from "../../src/domain/order-transition.js";
import type { PersonalTable } from "../../src/domain/personal-data.js";
import { callback, described, fresh, newOrder, onEveryDatabase, orderAt, storesOver, VAULT } from "./stores.js";

const LEASE_MS = 60_000;

onEveryDatabase((stores) => {
  /** A placed order whose first call is under way, as whoever makes that call knows it. */
  const sent = async (parts: Partial<NewOrder> = {}): Promise<CardOrder> => {
    const { order } = await stores().orders.place(newOrder(parts));
    expect(await stores().orders.startSending(order.id, "sending", LEASE_MS)).toBe(1);
    return order;
  };
  const answer = (providerCardId: string, status: CardStatus, parts = {}): Evidence & { readonly kind: "card" } => ({
    ...described(providerCardId, status, parts),
    source: "answer",
  });
  /** Everything that an answer leaves behind, but for times and numbers that are drawn. */
  const left = async ({ id }: { readonly id: string }): Promise<unknown> => {
    const one = async (text: string, table?: PersonalTable): Promise<unknown> =>
      (await stores().rows(text.replace("$1", `'${id}'`))).map((row) => withoutOwn(table ? opened(table, row) : row));
    return {
      order: await one(
        "select *, next_at - moved_at > interval '9 minutes' as later from card_orders where id = $1",
        "card_orders",
      ),
      history: await one("select * from order_events where order_id = $1 order by id"),
      outbox: await one("select o.order_id from outbox o where order_id = $1"),
      owed: await one("select url, host, state, attempts from deliveries where order_id = $1"),
      card: await one("select * from cards where order_id = $1"),
      holder: await one(
        "select h.* from card_holders h join cards on card_holder_id = h.id where order_id = $1",
        "card_holders",
      ),
    };
  };
  const FULL = {
    cardHolder: {
      ...described("", "INIT").card.cardHolder,
      providerCardHolderId: "holder-1",
      firstName: "Leon",
      state: "Bavaria",
      zipCode: "80331",
    },
    ...{ bin: "493875", last4: "1234", expMonth: 2, expYear: 2031, tags: ["a", `b,"c"`] },
    ...{ openedAt: new Date("2026-01-02T03:04:05.678Z"), providerUserId: "user-1", statusText: "on its way" },
  };

  describe("an answer", () => {
    it.each([
      "INIT",
      "ACTIVE",
      "UNRECOGNIZED",
    ] as const)("with a card that is %s leaves what it leaves when it comes some other way", async (status) => {
      const [atOnce, slowly] = [await sent(), await sent()];
      const settled = await stores().orders.settle(atOnce, 1, answer(fresh("prv"), status, FULL));
      await stores().orders.apply(slowly.id, answer(fresh("prv"), status, FULL));
      expect(await left(atOnce)).toEqual(await left(slowly));
      const { order, card } = (await stores().orders.byOrderNo(atOnce.tenant, atOnce.orderNo)) ?? {};
      expect(settled).toEqual({ order, card: { ...settled.card }, changed: true, from: "SENDING" });
      expect(card).toMatchObject({ ...settled.card });
    });

    it.each([
      [
        "refuses it",
        { kind: "refused", call: 1, failure: { code: "PROVIDER_REJECTED", providerCode: "1", field: null } },
      ],
      ["leaves it open", { kind: "unclear", call: 1 }],
      ["never left", { kind: "not_sent", call: 1 }],
      ["undid its card", answer(fresh("prv"), "CREATE_CARD_FAILED_REFUND")],
      ["has another deposit", answer(fresh("prv"), "ACTIVE", { depositMinor: 1 })],
    ] as const)("that %s moves the order as any such word does", async (_what, evidence) => {
      const [settled, applied] = [await sent(), await sent()];
      await stores().orders.settle(settled, 1, evidence);
      const isCard = evidence.kind === "card";
      const other = isCard ? { ...evidence, card: { ...evidence.card, providerCardId: fresh("prv") } } : evidence;
      await stores().orders.apply(applied.id, other);
      expect(await left(settled)).toEqual(await left(applied));
    });

    it("as it should be is one statement, which is a commit of its own", async () => {
      let statements = 0;
      const counting: KyselyPlugin = {
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => {
          statements += 1;
          return result;
        },
      };
      const { config, database } = stores();
      const counted = storesOver(config, { ...database, db: database.db.withPlugin(counting) });
      await counted.orders.settle(await sent(), 1, answer(fresh("prv"), "INIT"));
      expect(statements).toBe(1);
    });

    it("that is written twice moves the order once", async () => {
      const order = await sent();
      const evidence = answer(fresh("prv"), "INIT");
      const first = await stores().orders.settle(order, 1, evidence);
      const second = await stores().orders.settle(order, 1, evidence);
      expect([first.changed, second.changed]).toEqual([true, false]);
      expect(second).toMatchObject({ order: first.order, card: { id: first.card?.id } });
    });

    it("to a call that is over, of an order that was sent again, changes nothing of that call's", async () => {
      const order = await sent();
      await stores().orders.apply(order.id, { kind: "unclear", call: 1 });
      await stores().orders.startSending(order.id, "resending", LEASE_MS);
      await stores().orders.settle(order, 1, { kind: "unclear", call: 1 });
      expect((await stores().orders.byOrderNo(order.tenant, order.orderNo))?.order).toMatchObject({
        state: "SENDING",
        lastCall: 2,
      });
    });

    it("which a callback has come before leaves the order due at once", async () => {
      const order = await sent();
      await stores().inbox.receive(callback(order));
      await stores().orders.settle(order, 1, answer(fresh("prv"), "INIT"));
      const [row] = await stores().rows(`select next_at <= now() as due from card_orders where id = '${order.id}'`);
      expect(row).toEqual({ due: true });
    });

    it("which waits for a callback to be stored leaves the order due at once", async () => {
      const order = await sent();
      const { config, database, orders } = stores();
      const settling = await database.db.transaction().execute(async (trx) => {
        await sql`insert into inbox (id, provider, order_id, dedupe_key, event_type, provider_card_id, payload)
          values (${fresh("inb")}, ${order.provider}, ${order.id}, 'event', 'CARD_STATUS', 'prv', '{}')`.execute(trx);
        await sql`update card_orders set next_at = now(), attempts = 0 where id = ${order.id}`.execute(trx);
        const settled = orders.settle(order, 1, answer(fresh("prv"), "INIT"));
        const waiting = sql`select 1 from pg_locks where not granted`;
        // The embedded database has one connection, so there it waits before it begins.
        if (config.kind === "postgres") await vi.waitUntil(async () => (await waiting.execute(trx)).rows.length > 0);
        return { settled };
      });
      expect(await settling.settled).toMatchObject({ order: { state: "ACCEPTED" } });
      const [row] = await stores().rows(`select next_at <= now() as due from card_orders where id = '${order.id}'`);
      expect(row).toEqual({ due: true });
    });

    it("which somebody else has been quicker than changes nothing that was said later", async () => {
      const order = await sent();
      const prv = fresh("prv");
      await stores().orders.apply(order.id, described(prv, "ACTIVE"));
      const late = await stores().orders.settle(order, 1, answer(prv, "INIT"));
      expect(late).toMatchObject({ changed: false, order: { state: "COMPLETED" }, card: { status: "ACTIVE" } });
    });

    it("that names another order's card is for a person, and that order keeps its card", async () => {
      const owner = await orderAt(stores(), "SENDING");
      const prv = fresh("prv");
      await stores().orders.apply(owner.id, described(prv, "ACTIVE"));
      const order = await sent();
      const settled = await stores().orders.settle(order, 1, answer(prv, "ACTIVE"));
      expect(settled).toMatchObject({ order: { state: "NEEDS_REVIEW", reviewReason: "CARD_MISMATCH" }, card: null });
      expect((await stores().orders.byOrderNo(owner.tenant, owner.orderNo))?.card?.providerCardId).toBe(prv);
    });

    it("comes to one card, however many write it at once", async () => {
      const order = await sent();
      const evidence = answer(fresh("prv"), "INIT");
      const settled = await Promise.all(Array.from({ length: 8 }, () => stores().orders.settle(order, 1, evidence)));
      expect(settled.filter(({ changed }) => changed)).toHaveLength(1);
      expect(new Set(settled.map(({ card }) => card?.id)).size).toBe(1);
    });
  });
});

/** A row without what is its own: ids, times, and what was drawn for it. */
/** The row with what is sealed in it, which is sealed anew each time. */
function opened(table: PersonalTable, row: Record<string, unknown>): Record<string, unknown> {
  const { id, tenant, personal } = row as { readonly id: string; readonly tenant: string; readonly personal: string };
  return { ...row, personal: VAULT.open({ table, id, tenant }, personal) };
}

function withoutOwn(row: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(row).filter(
    ([name]) => !/(^|_)(id|no|token|at|until)$/.test(name) || name === "caller_callback_url" || name === "customer_id",
  );
  return Object.fromEntries(kept);
}
