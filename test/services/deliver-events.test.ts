import { beforeEach, expect, it } from "vitest";
import type { DeliveryOutcome, OutgoingMessage } from "../../src/domain/delivery.js";
import type { JournalEntry } from "../../src/domain/journal.js";
import type { NewOrder } from "../../src/domain/order-store.js";
import { DeliverEvents } from "../../src/services/deliver-events.js";
import { SqlDeliveryQueue } from "../../src/store/deliveries.js";
import { described, fresh, onEveryDatabase, orderAt } from "../store/stores.js";

const URL = "https://planted.example/cards?token=planted";
const FAILED = { kind: "failed", reason: "refused by status", status: 503 } as const;

onEveryDatabase((stores) => {
  let sent: OutgoingMessage[];
  let journalled: JournalEntry[];
  beforeEach(async () => {
    [sent, journalled] = [[], []];
    await stores().rows("delete from deliveries");
  });

  /** The service over the real queue, with a receiver that answers as told, the last answer repeating. */
  function delivering(...outcomes: readonly DeliveryOutcome[]): DeliverEvents {
    return new DeliverEvents({
      queue: new SqlDeliveryQueue(stores().database.db),
      sender: { send: async (message) => outcomes[Math.min(sent.push(message), outcomes.length) - 1] ?? FAILED },
      journal: { record: (entry) => void journalled.push(entry) },
      deadlineMs: 15_000,
      random: () => 0.5,
    });
  }

  /** An order with one event that is owed. */
  async function owing(): Promise<NewOrder> {
    const order = await orderAt(stores(), "SENDING", { request: { callbackUrl: URL } });
    await stores().orders.apply(order.id, described(fresh("prv"), "INIT"));
    return order;
  }
  const untilDue = () => stores().rows("update deliveries set next_at = now() where state = 'PENDING'");
  const states = async () =>
    (await stores().rows("select state, attempts from deliveries order by event_id")) as object[];

  it("does nothing when nothing is due", async () => {
    expect(await delivering(FAILED).runOnce()).toBe(0);
    expect(sent).toEqual([]);
  });

  it("sends an event as it was, and the same bytes under the same id at every attempt", async () => {
    const order = await owing();
    const deliver = delivering(FAILED, FAILED, { kind: "delivered", status: 200 });
    for (const _ of [1, 2]) {
      expect(await deliver.runOnce()).toBe(1);
      expect(await deliver.runOnce()).toBe(0);
      await stores().rows(`update cards set status = 'ACTIVE' where order_id = '${order.id}'`);
      await untilDue();
    }
    expect(await deliver.runOnce()).toBe(1);
    const [first, ...rest] = sent;
    expect(sent).toHaveLength(3);
    for (const message of rest) expect({ ...message, at: first?.at }).toEqual(first);
    const [database] = await stores().rows("select clock_timestamp() as now");
    const times = [...sent.map(({ at }) => at), database?.now as Date].map((at) => at.getTime());
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(new Set(times).size).toBe(times.length);
    expect(first).toMatchObject({ url: URL, messageId: expect.stringMatching(/^msg_/) });
    expect(JSON.parse(first?.body ?? "")).toMatchObject({
      type: "card_order.updated",
      data: { orderId: order.id, orderNo: order.orderNo, state: "ACCEPTED", card: { status: "INIT" } },
    });
    expect(await states()).toEqual([{ state: "DELIVERED", attempts: 3 }]);
  });

  it("gives up after the last attempt of the schedule", async () => {
    await owing();
    const deliver = delivering(FAILED);
    for (let attempt = 1; attempt <= 13; attempt++) {
      expect(await deliver.runOnce()).toBe(1);
      await untilDue();
    }
    expect(await deliver.runOnce()).toBe(0);
    expect(await states()).toEqual([{ state: "GIVEN_UP", attempts: 13 }]);
    const outcomes = journalled.map((entry) => "outcome" in entry && entry.outcome);
    expect(outcomes).toEqual([...Array(12).fill("failed"), "given_up"]);
  });

  it("sends nothing more of an order whose caller answered 410, and goes on with others", async () => {
    const order = await owing();
    const deliver = delivering({ kind: "gone", status: 410 }, { kind: "delivered", status: 200 });
    expect(await deliver.runOnce()).toBe(1);
    const [row] = await stores().rows(`select provider_card_id from cards where order_id = '${order.id}'`);
    await stores().orders.apply(order.id, described(String(row?.provider_card_id), "ACTIVE"));
    const other = await owing();
    while ((await deliver.runOnce()) > 0);
    expect(sent.map(({ body }) => JSON.parse(body).data.orderId)).toEqual([order.id, other.id]);
  });

  it("journals every outcome, without an address", async () => {
    const outcomes = [FAILED, { kind: "refused_address" }, { kind: "delivered", status: 200 }] as const;
    const orders = [await owing(), await owing(), await owing()];
    const deliver = delivering(...outcomes);
    for (const _ of outcomes) await deliver.runOnce();
    expect(journalled).toEqual([
      {
        event: "event_delivery",
        orderId: orders[0]?.id,
        outcome: "failed",
        attempts: 1,
        reason: "refused by status",
        status: 503,
      },
      { event: "event_delivery", orderId: orders[1]?.id, outcome: "refused_address", attempts: 1 },
      { event: "event_delivery", orderId: orders[2]?.id, outcome: "delivered", attempts: 1 },
    ]);
    expect(JSON.stringify(journalled)).not.toContain("planted");
    expect((await states()).map((row) => (row as { state: string }).state)).toEqual([
      "PENDING",
      "REFUSED",
      "DELIVERED",
    ]);
  });

  it("removes deliveries that ended a month ago, and the rest in later turns", async () => {
    const order = await owing();
    const [{ event_id } = {}] = await stores().rows(`select event_id from deliveries where order_id = '${order.id}'`);
    await stores().rows(`insert into deliveries (id, event_id, order_id, url, host, state, finished_at)
      select 'old-' || nth, ${event_id}, '${order.id}', '', '', 'DELIVERED', now() - interval '31 days'
      from generate_series(1, 700) nth`);
    const deliver = delivering(FAILED);
    const left = async () => Number((await stores().rows("select count(*) as n from deliveries"))[0]?.n);
    await deliver.runOnce();
    expect(await left()).toBe(201);
    await deliver.runOnce();
    expect(await left()).toBe(1);
  });
});
