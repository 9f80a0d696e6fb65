import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CardOrderDocument, CreateVirtualCardDocument, type CreateVirtualCardInput } from "../generated/graphql.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let orders = 0;
beforeAll(async () => {
  server = await startCardgraph({
    env: { PROVIDER_TIMEOUT_MS: "1500", RECONCILE_SCHEDULE_MS: "20" },
    pagsmile: {},
  });
});
afterAll(() => server.close());

const newOrder = (changes: Partial<CreateVirtualCardInput> = {}): CreateVirtualCardInput => ({
  orderNo: `order-${++orders}`,
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
  cardHolder: { firstName: "Milton", lastName: "Schmitt" },
  customerId: "user_id_123",
  ...changes,
});
const create = async (input: CreateVirtualCardInput) =>
  (await server.ask(CreateVirtualCardDocument, { input })).createVirtualCard;
const read = async (orderNo: string) => (await server.ask(CardOrderDocument, { orderNo })).cardOrder;
const settled = (orderNo: string, state: string) =>
  eventually(
    () => read(orderNo),
    (order) => order?.state === state,
  );
const cardsOf = (orderNo: string): number => server.prepaidify.cardsByOrderNo().get(orderNo) ?? 0;
const creates = () => server.prepaidify.requests.filter(({ path }) => path === "/open/api/card/create");
const createsOf = (orderNo: string) => creates().filter(({ body }) => JSON.parse(body).orderNo === orderNo);

describe("an order that goes well", () => {
  it("is answered with the card as it is opening, placeholders as null", async () => {
    const { order, card, replayed, userErrors } = await create(newOrder({ orderNo: "v_5bc814" }));
    expect(userErrors).toEqual([]);
    expect(replayed).toBe(false);
    expect(order).toMatchObject({ orderNo: "v_5bc814", state: "ACCEPTED", provider: "PREPAIDIFY", failure: null });
    expect(order?.id).toMatch(/^ord_[0-9a-f]{32}$/);
    expect(card).toMatchObject({
      status: "INIT",
      lifecycle: "OPENING",
      providerStatus: "INIT",
      bin: null,
      last4: null,
      expMonth: null,
      expYear: null,
      openedAt: null,
      customerId: "user_id_123",
      deposit: { amountMinor: 1000, currency: "USD", formatted: "10.00" },
      consume: { amountMinor: 0, formatted: "0.00" },
      balance: { amountMinor: 1000, formatted: "10.00" },
      cardHolder: { firstName: "Milton", lastName: "Schmitt", holderName: "Milton Schmitt", country: "US" },
    });
  });

  it("becomes COMPLETED once the callback is confirmed, with the card ACTIVE", async () => {
    const order = await settled("v_5bc814", "COMPLETED");
    expect(order?.card).toMatchObject({ status: "ACTIVE", lifecycle: "ACTIVE", bin: "400000" });
    expect(order?.card?.last4).toMatch(/^\d{4}$/);
    expect(order?.card?.expMonth).toBeGreaterThan(0);
    expect(order?.card?.openedAt).toMatch(/^\d{4}-\d{2}-\d{2}T/);
    expect(cardsOf("v_5bc814")).toBe(1);
  });

  it("was sent as the provider's page shows it, with our own callback address and the configured e-mail", () => {
    const [request] = createsOf("v_5bc814");
    const { callbackUrl, ...body } = JSON.parse(request?.body ?? "{}");
    expect(body).toEqual({
      cardHolder: { firstName: "Milton", lastName: "Schmitt" },
      customerId: "user_id_123",
      deposit: "1000",
      orderNo: "v_5bc814",
      vid: "vab_069af8a792ad",
    });
    expect(callbackUrl).toMatch(new RegExp(`^${server.url}/callbacks/prepaidify/events/[A-Za-z0-9_-]{24}$`));
    expect(request?.headers.email).toBe("cards@merchant.example");
  });

  it("lets the provider choose the cardholder, and takes the end user's own e-mail where it is given", async () => {
    const { orderNo } = newOrder();
    const { card } = await create(newOrder({ orderNo, cardHolder: null, email: "end.user@customer.example" }));
    expect(card?.cardHolder.holderName).toBeTruthy();
    expect(createsOf(orderNo)[0]?.headers.email).toBe("end.user@customer.example");
    await settled(orderNo, "COMPLETED");
  });
});

describe("the same orderNo", () => {
  it("with the same input gives the same order again and sends nothing", async () => {
    const input = newOrder();
    const first = await create(input);
    const again = await create(input);
    expect(again.replayed).toBe(true);
    expect(again.order?.id).toBe(first.order?.id);
    expect(createsOf(input.orderNo)).toHaveLength(1);
  });

  it("with another input is a mismatch and leaves the order alone", async () => {
    const input = newOrder();
    await create(input);
    const { order, userErrors, replayed } = await create({ ...input, deposit: { amountMinor: 1001, currency: "USD" } });
    expect(order).toBeNull();
    expect(replayed).toBe(false);
    expect(userErrors).toMatchObject([{ code: "IDEMPOTENCY_MISMATCH", field: ["orderNo"], retryable: false }]);
    expect((await read(input.orderNo))?.card?.deposit.amountMinor).toBe(1000);
    expect(createsOf(input.orderNo)).toHaveLength(1);
  });

  it("twenty times at once leads to one provider call and one card", async () => {
    const input = newOrder();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(input)));
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await settled(input.orderNo, "COMPLETED");
    expect(createsOf(input.orderNo)).toHaveLength(1);
    expect(cardsOf(input.orderNo)).toBe(1);
  });
});

describe("a definite refusal", () => {
  const refusals = [
    { code: "403101", errorCode: "ISSUER_BALANCE_TOO_LOW" },
    { code: "600001", errorCode: "KYC_REQUIRED" },
    { code: "300006", errorCode: "PROVIDER_REJECTED" },
  ] as const;
  it.each(refusals)("$code fails the order as $errorCode, now and in every replay", async ({ code, errorCode }) => {
    server.prepaidify.script({ kind: "decline", code });
    const input = newOrder();
    for (const replayed of [false, true]) {
      const answer = await create(input);
      expect(answer.replayed).toBe(replayed);
      expect(answer.order?.state).toBe("FAILED");
      expect(answer.card).toBeNull();
      expect(answer.userErrors).toMatchObject([{ code: errorCode, providerCode: code, retryable: false }]);
      expect(answer.order?.failure).toEqual(answer.userErrors[0]);
    }
    expect(createsOf(input.orderNo)).toHaveLength(1);
    expect(cardsOf(input.orderNo)).toBe(0);
  });

  it("of our own account is never shown as the caller's fault", async () => {
    server.prepaidify.script({ kind: "decline", code: "200006" });
    const { order, userErrors } = await create(newOrder());
    expect(order?.state).toBe("FAILED");
    expect(userErrors).toMatchObject([{ code: "PROVIDER_MISCONFIGURED", field: null, providerCode: null }]);
    expect(server.log.some((line) => line.includes("credentials_refused"))).toBe(true);
  });
});

describe("an unclear answer leaves the order UNCONFIRMED, never failed", () => {
  const unclear = [
    "hang",
    "reset-after-accept",
    "cut-body",
    "garbled",
    "server-error",
    "drip",
    "huge-body",
    "unlisted-code",
    "inconsistent",
  ] as const;
  it.each(unclear)("%s: no error is invented, the callback settles it, one card", async (kind) => {
    server.prepaidify.script({ kind });
    const input = newOrder();
    const { order, userErrors } = await create(input);
    // The callback may already have settled it when the deadline is long.
    expect(["UNCONFIRMED", "ACCEPTED", "COMPLETED"]).toContain(order?.state);
    expect(userErrors).toEqual([]);
    await settled(input.orderNo, "COMPLETED");
    expect(createsOf(input.orderNo)).toHaveLength(1);
    expect(cardsOf(input.orderNo)).toBe(1);
  });

  it.each([
    "reset-before-accept",
    "server-error-not-accepted",
    "rate-limited",
  ] as const)("%s: nothing comes of it, and it stays UNCONFIRMED through every replay", async (kind) => {
    server.prepaidify.script({ kind });
    const input = newOrder();
    expect((await create(input)).order?.state).toBe("UNCONFIRMED");
    const again = await create(input);
    expect(again).toMatchObject({ replayed: true, userErrors: [], order: { state: "UNCONFIRMED", failure: null } });
    expect(createsOf(input.orderNo)).toHaveLength(1);
  });

  it("is told apart from a refusal when the provider says that it has the number already", async () => {
    server.prepaidify.script({ kind: "decline", code: "300001" });
    expect((await create(newOrder())).order?.state).toBe("UNCONFIRMED");
  });
});

describe("the provider's news", () => {
  it("a callback that overtakes the answer still ends in COMPLETED", async () => {
    server.prepaidify.script({ kind: "early-callback" });
    const { orderNo, ...rest } = newOrder();
    await create({ orderNo, ...rest });
    expect((await settled(orderNo, "COMPLETED"))?.card?.status).toBe("ACTIVE");
  });

  it("a lost callback is made good by polling", async () => {
    server.prepaidify.script({ kind: "lost-callback" });
    const { orderNo, ...rest } = newOrder();
    await create({ orderNo, ...rest });
    expect((await settled(orderNo, "COMPLETED"))?.card?.status).toBe("ACTIVE");
  });

  it("a callback that comes three times is stored once and changes nothing more", async () => {
    server.prepaidify.script({ kind: "repeated-callback" });
    const { orderNo, ...rest } = newOrder();
    await create({ orderNo, ...rest });
    await settled(orderNo, "COMPLETED");
    const isDuplicate = (line: string) => line.includes('"callback_received"') && line.includes('"duplicate"');
    await eventually(
      async () => server.log.filter(isDuplicate).length,
      (count) => count >= 2,
    );
    expect((await read(orderNo))?.state).toBe("COMPLETED");
  });

  it("a card that could not be opened fails the order, with the refund told", async () => {
    server.prepaidify.script({ kind: "fail-and-refund" });
    const input = newOrder();
    await create(input);
    const order = await settled(input.orderNo, "FAILED");
    expect(order?.failure).toMatchObject({ code: "CARD_CREATION_FAILED", retryable: false });
    expect(order?.card).toMatchObject({ status: "CREATE_CARD_FAILED_REFUND", lifecycle: "FAILED" });
    expect((await create(input)).userErrors).toMatchObject([{ code: "CARD_CREATION_FAILED" }]);
  });

  it("a status that is on no list is shown as UNRECOGNIZED, with its text, and ends nothing", async () => {
    server.prepaidify.script({ kind: "unknown-status" });
    const { orderNo, ...rest } = newOrder();
    await create({ orderNo, ...rest });
    const order = await eventually(
      () => read(orderNo),
      (found) => found?.card?.status === "UNRECOGNIZED",
    );
    expect(order).toMatchObject({ state: "ACCEPTED", card: { lifecycle: "UNKNOWN", providerStatus: "SUSPENDED" } });
    expect(server.log.some((line) => line.includes("unrecognized_card_status"))).toBe(true);
  });
});

describe("bad input", () => {
  it("is refused with every fault at once, each at its field, and nothing is placed or sent", async () => {
    const before = creates().length;
    const { order, card, userErrors } = await create({
      orderNo: "no blanks allowed",
      cardRangeId: "",
      deposit: { amountMinor: 499, currency: "EUR" },
      cardHolder: { firstName: "Al", lastName: "O'Neil-7" },
      email: "not-an-address",
      customerId: "x".repeat(65),
      callbackUrl: "http://plain.example/hook",
    });
    expect([order, card]).toEqual([null, null]);
    expect(userErrors.map(({ field }) => field?.join("."))).toEqual([
      "orderNo",
      "cardRangeId",
      "deposit.amountMinor",
      "deposit.currency",
      "cardHolder.firstName",
      "cardHolder.lastName",
      "email",
      "customerId",
      "callbackUrl",
    ]);
    for (const error of userErrors) {
      expect(error).toMatchObject({ code: "INVALID_INPUT", retryable: false, providerCode: null });
      expect(error.message).not.toMatch(/O'Neil|not-an-address|blanks allowed|plain\.example|xxx/);
    }
    expect(await read("no blanks allowed")).toBeNull();
    expect(creates()).toHaveLength(before);
  });

  it("of a provider that cannot open cards is CAPABILITY_NOT_SUPPORTED", async () => {
    const before = creates().length;
    const { userErrors } = await create(newOrder({ provider: "PAGSMILE" }));
    expect(userErrors).toMatchObject([{ code: "CAPABILITY_NOT_SUPPORTED", field: ["provider"] }]);
    expect(creates()).toHaveLength(before);
  });
});
