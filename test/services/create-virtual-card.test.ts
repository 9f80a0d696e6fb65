import { describe, expect, it } from "vitest";
import type { ActingCaller } from "../../src/domain/audit.js";
import { PLAIN_FINGERPRINTS } from "../../src/domain/fingerprint.js";
import { systemIds } from "../../src/domain/ids.js";
import type { CardOrder } from "../../src/domain/order.js";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { userError } from "../../src/domain/user-error.js";
import {
  CreateVirtualCard,
  type CreateVirtualCardCommand,
  type CreateVirtualCardParts,
} from "../../src/services/create-virtual-card.js";
import type { SendOrder } from "../../src/services/send-order.js";
import { snapshot } from "../domain/order-facts.js";
import { fresh } from "../store/stores.js";
import { providerError } from "./scripted-provider.js";
import { onStage } from "./stage.js";

const stage = onStage();

function command(parts: Partial<CreateVirtualCardCommand> = {}): CreateVirtualCardCommand {
  return {
    orderNo: fresh("order"),
    cardRangeId: "100",
    deposit: { amountMinor: 1_000, currency: "USD" },
    cardHolder: { firstName: "Leon", lastName: "Smith" },
    email: null,
    customerId: "customer-1",
    callbackUrl: "https://hooks.example/cards",
    provider: null,
    ...parts,
  };
}

const BY: ActingCaller = {
  tenant: "tenant-a",
  scopes: new Set(["cards:write"]),
  actor: { subject: "key:tests", requestId: "request-1" },
};

function createVirtualCard(parts: Partial<CreateVirtualCardParts> = {}): CreateVirtualCard {
  const callerAddress = { check: async () => null };
  const newToken = () => fresh("token");
  return new CreateVirtualCard({
    ...stage().parts,
    fingerprints: PLAIN_FINGERPRINTS,
    ids: systemIds,
    callerAddress,
    newToken,
    ...parts,
  });
}

const execute = (input: CreateVirtualCardCommand, caller = BY) => createVirtualCard().execute(input, caller);

describe("ordering a card", () => {
  it("commits the order with a token of its own, sends it, and gives it as it stands", async () => {
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    const input = command();
    const { view, replayed, userErrors } = await execute(input);
    const { orderNo, provider: _, ...request } = input;
    expect(view).toMatchObject({
      order: { tenant: "tenant-a", orderNo, request, provider: "PREPAIDIFY", mode: "LIVE", state: "COMPLETED" },
      card: { status: "ACTIVE" },
    });
    expect([replayed, userErrors]).toEqual([false, []]);
    const again = await execute(command());
    expect(again.view?.order.callbackToken).not.toBe(view?.order.callbackToken);
  });

  it("gives the earlier order as it stands for the same number and input, and sends nothing", async () => {
    const { provider } = stage();
    const input = command();
    const first = await execute(input);
    expect(first.view?.order.state).toBe("UNCONFIRMED");
    const second = await execute(input);
    expect(second.view?.order).toEqual(first.view?.order);
    expect([second.replayed, second.userErrors]).toEqual([true, []]);
    expect(provider.created).toHaveLength(1);
  });

  it.each([
    ["another range", { cardRangeId: "200" }],
    ["another deposit", { deposit: { amountMinor: 1_001, currency: "USD" } }],
    ["another holder", { cardHolder: null }],
    ["another address", { email: "ada@person.example" }],
    ["another customer", { customerId: null }],
    ["another address for events", { callbackUrl: null }],
  ])("is a mismatch for the same number and %s, and the earlier order is untouched", async (_name, parts) => {
    const input = command();
    const first = await execute(input);
    expect(await execute({ ...input, ...parts })).toEqual({
      view: null,
      replayed: false,
      userErrors: [
        {
          code: "IDEMPOTENCY_MISMATCH",
          message: expect.stringContaining("was used before with another input"),
          field: ["orderNo"],
          retryable: false,
          providerCode: null,
        },
      ],
    });
    expect((await stage().orders.byOrderNo("tenant-a", input.orderNo))?.order).toEqual(first.view?.order);
    expect(stage().provider.created).toHaveLength(1);
  });

  it("under another tenant's number is a mismatch too, and tells nothing of that order", async () => {
    const input = command();
    const first = await execute(input);
    const theirs = await execute(input, { ...BY, tenant: "tenant-b" });
    expect(theirs).toMatchObject({ view: null, replayed: false, userErrors: [{ code: "IDEMPOTENCY_MISMATCH" }] });
    expect(JSON.stringify(theirs)).not.toContain(first.view?.order.id);
    expect(stage().provider.created).toHaveLength(1);
  });

  it("that cannot be committed is no mismatch but an error, and nothing is sent", async () => {
    const { orders, provider } = stage();
    const failure = new StoreUnavailable("unreachable");
    const place = () => Promise.reject(failure);
    const away = Object.assign(Object.create(orders) as typeof orders, { place });
    await expect(createVirtualCard({ orders: away }).execute(command(), BY)).rejects.toBe(failure);
    expect(provider.created).toEqual([]);
  });

  it("that was refused tells why, and tells it again when it is repeated", async () => {
    stage().provider.answer = () => providerError("rejected", { providerCode: "300002" });
    const input = command();
    const first = await execute(input);
    const refusal = { code: "PROVIDER_REJECTED", providerCode: "300002", retryable: false };
    expect(first).toMatchObject({ view: { order: { state: "FAILED" } }, replayed: false, userErrors: [refusal] });
    const again = await execute(input);
    expect(again.view?.order).toEqual(first.view?.order);
    expect([again.replayed, again.userErrors]).toEqual([true, first.userErrors]);
  });

  it("whose provider cannot be reached stands, and the same request tries at once", async () => {
    const { provider } = stage();
    provider.answer = () => providerError("unavailable");
    const input = command();
    const unavailable = {
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("nothing was sent"),
      field: null,
      retryable: true,
      providerCode: null,
    };
    const first = await execute(input);
    expect(first).toMatchObject({ view: { order: { state: "INTENT" } }, replayed: false });
    expect(first.userErrors).toEqual([unavailable]);
    provider.answer = () => snapshot({ providerCardId: fresh("prv") });
    const again = await execute(input);
    expect(again).toMatchObject({ view: { order: { state: "ACCEPTED" } }, replayed: true, userErrors: [] });
    expect(provider.created).toHaveLength(2);
  });

  it("while another request is sending it gives the order as that one has left it", async () => {
    const input = command();
    const inner: unknown[] = [];
    stage().provider.answer = async () => {
      inner.push(await execute(input));
      return snapshot({ providerCardId: fresh("prv") });
    };
    await execute(input);
    expect(inner).toMatchObject([{ view: { order: { state: "SENDING" } }, replayed: true, userErrors: [] }]);
  });

  it("that was sent before does not so much as try to send it", async () => {
    const input = command();
    await execute(input);
    const send = () => Promise.reject(new Error("not to be sent"));
    const unused = Object.assign(Object.create(stage().sendOrder) as SendOrder, { send });
    expect(await createVirtualCard({ sendOrder: unused }).execute(input, BY)).toMatchObject({
      replayed: true,
      userErrors: [],
    });
  });

  it("that somebody else sends in the very moment gives the order as it stands", async () => {
    const { sendOrder, orders } = stage();
    const send = async (order: CardOrder): Promise<null> => {
      await orders.startSending(order.id, "sending", 60_000);
      return null;
    };
    const late = Object.assign(Object.create(sendOrder) as SendOrder, { send });
    const { view, replayed, userErrors } = await createVirtualCard({ sendOrder: late }).execute(command(), BY);
    expect(view?.order).toMatchObject({ state: "SENDING", sends: 1 });
    expect([replayed, userErrors]).toEqual([false, []]);
  });
});

describe("the end user's address", () => {
  it("is what configuration says where the caller gives none, and a replay stays one when that changes", async () => {
    const { provider } = stage();
    provider.emailPolicy = { required: true, fallback: "cards@merchant.example" };
    const input = command();
    expect((await execute(input)).view?.order.request.email).toBe("cards@merchant.example");
    provider.emailPolicy = { required: true, fallback: "other@merchant.example" };
    const again = await execute(input);
    expect(again).toMatchObject({ replayed: true, view: { order: { request: { email: "cards@merchant.example" } } } });
  });

  it("is the caller's where there is one", async () => {
    stage().provider.emailPolicy = { required: true, fallback: "cards@merchant.example" };
    const { view } = await execute(command({ email: "ada@person.example" }));
    expect(view?.order.request.email).toBe("ada@person.example");
  });

  it("may be missing where the provider does not ask for it", async () => {
    expect((await execute(command())).view?.order.request.email).toBeNull();
  });

  it("is asked for where the provider wants one and there is none: nothing is committed or sent", async () => {
    const { provider, orders } = stage();
    provider.emailPolicy = { required: true, fallback: null };
    const input = command();
    expect(await execute(input)).toEqual({
      view: null,
      replayed: false,
      userErrors: [
        {
          code: "INVALID_INPUT",
          message: expect.stringContaining("email is required"),
          field: ["email"],
          retryable: false,
          providerCode: null,
        },
      ],
    });
    expect(await orders.byOrderNo("tenant-a", input.orderNo)).toBeNull();
    expect(provider.created).toEqual([]);
  });
});

describe("the address that an order's events are to go to", () => {
  const FORBIDDEN = userError("INVALID_INPUT", "not there", { field: ["callbackUrl"] });
  const refusing = () => createVirtualCard({ callerAddress: { check: async () => FORBIDDEN } });

  it("is refused where it may not be, and nothing is committed or sent", async () => {
    const input = command();
    expect(await refusing().execute(input, BY)).toEqual({ view: null, replayed: false, userErrors: [FORBIDDEN] });
    expect(await stage().orders.byOrderNo("tenant-a", input.orderNo)).toBeNull();
    expect(stage().provider.created).toEqual([]);
  });

  it("is no matter for an order that stands, nor for one that gives none", async () => {
    const input = command();
    const { view } = await execute(input);
    expect(await refusing().execute(input, BY)).toMatchObject({
      replayed: true,
      userErrors: [],
      view: { order: { id: view?.order.id } },
    });
    const silent = await refusing().execute(command({ callbackUrl: null }), BY);
    expect(silent).toMatchObject({ replayed: false, userErrors: [], view: { order: { state: "UNCONFIRMED" } } });
  });
});

describe("a provider that cannot open cards", () => {
  it("is refused before anything is committed", async () => {
    const input = command({ provider: "PAGSMILE" });
    expect(await execute(input)).toMatchObject({
      view: null,
      replayed: false,
      userErrors: [{ code: "CAPABILITY_NOT_SUPPORTED", field: ["provider"] }],
    });
    expect(await stage().orders.byOrderNo("tenant-a", input.orderNo)).toBeNull();
  });
});

describe("an order that stands, when the configuration has changed since", () => {
  it("is answered all the same; another order is refused", async () => {
    const { provider } = stage();
    provider.answer = () => snapshot({ providerCardId: fresh("prv"), status: "ACTIVE" });
    const input = command();
    const { view } = await execute(input);
    provider.emailPolicy = { required: true, fallback: null };
    const again = await execute(input);
    expect(again).toMatchObject({ replayed: true, userErrors: [], view: { order: { id: view?.order.id } } });
    expect((await execute({ ...input, customerId: "another" })).userErrors).toMatchObject([{ field: ["email"] }]);
    expect((await execute(command())).userErrors).toMatchObject([{ field: ["email"] }]);
  });

  it("is answered when it names its own provider, and not when it asks for another one", async () => {
    const { provider } = stage();
    const input = command();
    const { view } = await execute(input);
    provider.emailPolicy = { required: true, fallback: null };
    const again = await execute({ ...input, provider: "PREPAIDIFY" });
    expect(again).toMatchObject({ replayed: true, view: { order: { id: view?.order.id } } });
    const another = await execute({ ...input, provider: "PAGSMILE" });
    expect(another).toMatchObject({ view: null, userErrors: [{ code: "CAPABILITY_NOT_SUPPORTED" }] });
  });
});
