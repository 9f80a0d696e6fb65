import { describe, expect, it } from "vitest";
import type { CardOrder } from "../../src/domain/order.js";
import { PersonalDataUnreadable } from "../../src/domain/personal-data.js";
import { fresh } from "../store/stores.js";
import { vaultOf } from "../support/data-keys.js";
import { onStage } from "./stage.js";

const DAY_MS = 86_400_000;
const stage = onStage();

/** The order, sealed under a key that this server does not have. */
async function lost({ id, tenant }: CardOrder): Promise<CardOrder> {
  const sealed = vaultOf("lost").seal({ table: "card_orders", id, tenant }, { cardHolder: null, email: "a@b.example" });
  await stage().run(`update card_orders set personal = '${sealed}' where id = '${id}'`);
  return stage().orderOf(id);
}

const told = () => stage().journal.filter(({ event }) => event === "personal_data_unreadable");

describe("an order whose personal data cannot be read", () => {
  it("is not sent, neither for its caller nor by itself, and stays what it is", async () => {
    const order = await lost(await stage().intent());
    const sending = stage().sendOrder.send(order, stage().provider);
    await expect(sending).rejects.toThrow(PersonalDataUnreadable);
    expect(await stage().takeUp(order)).toMatchObject({ state: "INTENT", sends: 0, lease_s: null });
    expect(stage().provider.created).toEqual([]);
    expect(told()).toEqual([
      { event: "personal_data_unreadable", orderId: order.id, keyId: "lost", outcome: "unknown_key" },
    ]);
    expect(stage().errors).toEqual([]);
  });

  it("is never called failed for that, however long it waits, and goes out once the key is back", async () => {
    const order = await lost(await stage().intent());
    expect(await stage().takeUp(order, { waitedMs: 9 * DAY_MS })).toMatchObject({
      state: "INTENT",
      failure_code: null,
    });
    await stage().run(`update card_orders set personal = '{"cardHolder":null,"email":null}' where id = '${order.id}'`);
    expect(await stage().takeUp(order)).toMatchObject({ sends: 1 });
  });

  it("is not sent again where that would be allowed", async () => {
    stage().provider.refusesRepeatedOrderNo = true;
    const order = await lost(await stage().unconfirmed());
    expect(await stage().takeUp(order)).toMatchObject({ state: "UNCONFIRMED", sends: 1 });
    expect(stage().provider.created).toEqual([]);
  });

  it("asks nobody about its card, and is for a person when nothing settles it in time", async () => {
    const order = await lost(await stage().withCard("INIT", fresh("prv")));
    expect(await stage().takeUp(order)).toMatchObject({ state: "ACCEPTED", lease_s: null });
    expect(stage().provider.reads).toEqual([]);
    expect(await stage().takeUp(order, { waitedMs: 2 * DAY_MS })).toMatchObject({ state: "NEEDS_REVIEW" });
    expect(told()).toHaveLength(2);
  });

  it("takes over what is learnt of it all the same", async () => {
    const order = await lost(await stage().sending());
    const applied = await stage().orders.apply(order.id, { kind: "unclear", call: 1 });
    expect(applied).toMatchObject({ changed: true, order: { state: "UNCONFIRMED" } });
  });
});
