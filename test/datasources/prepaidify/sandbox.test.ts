import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/datasources/prepaidify/crypto.js";
import { startPrepaidifySandbox } from "../../../src/datasources/prepaidify/sandbox/index.js";
import { passesLuhn } from "../../../src/domain/card-number.js";
import { systemClock } from "../../../src/domain/clock.js";
import { FORM, send } from "./sandbox-request.js";
import { eventually, failureOf, order, world } from "./support.js";

describe("the sandbox", () => {
  it("answers an order as the provider's page shows", async () => {
    const { sandbox } = await world();
    const { status, json } = await send(sandbox, { form: { ...FORM, customerId: "user_id_123" } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: true,
      error: false,
      msg: "成功",
      code: 0,
      traceId: expect.any(Number),
      model: {
        cardHolder: { firstName: "Ada", lastName: "Lovelace", street: "1010 Pine St LOT 12-E", zipCode: "31092" },
        card: {
          customerId: "user_id_123",
          userId: expect.stringMatching(/^u_/),
          cardHolderId: expect.stringMatching(/^ch_/),
          cardId: expect.stringMatching(/^c_/),
          holderName: "Ada Lovelace",
          deposit: 5000,
          consume: 0,
          balance: 5000,
          cvc: "-",
          number: "-",
          cardBin: "-",
          last4: "-",
          status: "INIT",
          expYear: 0,
          expMonth: 0,
          gmtCreate: null,
        },
        tags: ["test"],
      },
    });
  });

  it("chooses a cardholder where none is named", async () => {
    const { sandbox } = await world();
    const { json } = await send(sandbox, { form: { ...FORM, cardHolder: null } });
    expect(json).toMatchObject({ model: { card: { holderName: "Milton Schmitt" } } });
  });

  it("gives an open card a number with its range's BIN and a valid check digit, for its own user only", async () => {
    const { sandbox } = await world();
    await send(sandbox);
    const card = await eventually(() => sandbox.cards().find(({ status }) => status === "ACTIVE"));
    expect(card.number).toMatch(/^400000\d{10}$/);
    expect(passesLuhn(card.number)).toBe(true);
    expect(card.cvc).toMatch(/^\d{3}$/);
    const info = { path: "/open/api/card/info", form: { cardId: card.cardId } };
    expect(await send(sandbox, info)).toMatchObject({
      json: { code: 0, model: { card: { number: card.number, cvc: card.cvc, last4: card.number.slice(-4) } } },
    });
    const stranger = await send(sandbox, { ...info, headers: { email: "someone@example.com" } });
    expect(stranger.json).toMatchObject({ code: "403009", success: false, model: null });
  });

  it("walks a card through every stage of opening", async () => {
    const { sandbox } = await world({ stageMs: 25 });
    await send(sandbox);
    const seen = new Set<string>();
    await eventually(() => seen.add(sandbox.cards()[0]?.status ?? "").has("ACTIVE"));
    expect([...seen]).toEqual(["INIT", "INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"]);
  });
});

describe("running the sandbox", () => {
  it("keeps no more cards than it may, and no requests unless asked", async () => {
    const { sandbox, provider, desk } = await world({ maxCards: 2, recordRequests: false });
    for (const orderNo of ["a", "b", "c"]) {
      desk.sending.add(`PREPAIDIFY create ${orderNo}`);
      await provider.createVirtualCard(order({ orderNo }));
    }
    expect(sandbox.cards().map(({ orderNo }) => orderNo)).toEqual(["b", "c"]);
    expect([...sandbox.cardsByOrderNo().keys()]).toEqual(["b", "c"]);
    expect(sandbox.requests).toEqual([]);
  });

  it("shows requests as they arrived, if asked, without a card number in them", async () => {
    const { sandbox } = await world();
    await send(sandbox, { headers: { language: "EN" } });
    expect(sandbox.requests).toMatchObject([
      { method: "POST", path: "/open/api/card/create", body: canonicalJson(FORM), headers: { language: "EN" } },
    ]);
  });

  it("leaves a card in the status that it was put into", async () => {
    const { sandbox, provider, desk } = await world({ stageMs: 20 });
    const held = await provider.createVirtualCard(order());
    sandbox.setCardStatus(held.providerCardId, "FREEZE");
    desk.sending.add("PREPAIDIFY create order-2");
    await provider.createVirtualCard(order({ orderNo: "order-2" }));
    // The card that came later has been through every stage by then.
    await eventually(() => desk.events.length === 1);
    expect(sandbox.cards().map(({ status }) => status)).toEqual(["FREEZE", "ACTIVE"]);
    expect(() => sandbox.setCardStatus("c_none", "ACTIVE")).toThrow();
  });

  it("opens no card any further once it has ended", async () => {
    const ended = await world({ stageMs: 20 });
    await ended.provider.createVirtualCard(order());
    await ended.sandbox.close();
    const later = await world({ stageMs: 20 });
    await later.provider.createVirtualCard(order());
    await eventually(() => later.desk.events.length === 1);
    expect(ended.sandbox.cards()[0]?.status).not.toBe("ACTIVE");
    expect(ended.desk.events).toEqual([]);
  });

  it("ends at once, with orders hanging, cards opening and callbacks waiting", async () => {
    const { sandbox, provider } = await world({ stageMs: 60_000, timeoutMs: 30_000 });
    sandbox.script({ kind: "hang" });
    const hanging = failureOf(provider.createVirtualCard(order()));
    await eventually(() => sandbox.cards()[0]);
    const startedMs = performance.now();
    await sandbox.close();
    await sandbox.close();
    expect((await hanging).kind).toBe("outcome_unknown");
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  it("makes up keys of its own that nobody else has", async () => {
    const publicUrl = (): string => "http://127.0.0.1:9";
    const [first, second] = await Promise.all([
      startPrepaidifySandbox({ clock: systemClock, publicUrl }),
      startPrepaidifySandbox({ clock: systemClock, publicUrl }),
    ]);
    expect(first.account.accessKey).not.toBe(second.account.accessKey);
    expect(first.account.secretKey.reveal()).not.toBe(second.account.secretKey.reveal());
    expect(first.url).not.toBe(second.url);
    await Promise.all([first.close(), second.close()]);
  });

  it("fails to start on a port that is taken", async () => {
    const { sandbox } = await world();
    const port = Number(new URL(sandbox.url).port);
    await expect(startPrepaidifySandbox({ clock: systemClock, publicUrl: () => "", port })).rejects.toThrow(
      "EADDRINUSE",
    );
  });
});
