import { print } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RevealCardDocument, type RevealCardInput } from "../generated/graphql.js";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { makeKeyPair, openCard } from "../support/revealing.js";

const ENV = { RECONCILE_SCHEDULE_MS: "20", PROVIDER_TIMEOUT_MS: "500", REVEALS_PER_MINUTE: "1000" };
/** No account at all: the server runs its own sandboxes. */
const NO_ACCOUNTS = Object.fromEntries(
  [
    ...["PREPAIDIFY_BASE_URL", "PREPAIDIFY_ACCESS_KEY", "PREPAIDIFY_SECRET_KEY", "PREPAIDIFY_DEFAULT_EMAIL"],
    ...["PAGSMILE_BASE_URL", "PAGSMILE_APP_ID", "PAGSMILE_PARTNER_ID", "PAGSMILE_PUBLIC_KEY", "PAGSMILE_PRIVATE_KEY"],
  ].map((name) => [name, ""]),
);
const reason = "the holder asked to see it";

let server: Cardgraph;
let orders: CardOrders;
const start =
  (env: Record<string, string> = {}) =>
  async () => {
    server = await startCardgraph({ env: { ...ENV, ...env } });
    orders = cardOrdersOf(server, "reveal");
  };
const stop = () => server.close();
const reveal = async (input: RevealCardInput) => (await server.ask(RevealCardDocument, { input })).revealCard;
const refusal = (code: string, field: readonly string[] | null = ["cardId"], retryable = false) => ({
  sealed: null,
  clear: null,
  userErrors: [expect.objectContaining({ code, field, retryable, message: expect.any(String) })],
});

describe("a real card", () => {
  beforeAll(start());
  afterAll(stop);

  it("is revealed to the caller's key alone: number, CVC, expiry and name as the provider has them", async () => {
    const [{ cardId, theirs }, mine, others] = [await openCard(orders), await makeKeyPair(), await makeKeyPair()];
    const { sealed, clear, userErrors } = await reveal({ cardId, recipientKey: mine.recipientKey, reason });
    expect({ clear, userErrors }).toEqual({ clear: null, userErrors: [] });
    const card = server.prepaidify.cards().find((one) => one.cardId === theirs);
    const { number, cvc, expMonth, expYear } = card ?? {};
    expect(number).toMatch(/^400000\d{10}$/);
    const holderName = `${card?.firstName} ${card?.lastName}`;
    expect(await mine.open(sealed)).toEqual({ number, cvc, expMonth, expYear, holderName });
    await expect(others.open(sealed)).rejects.toThrow();
  });

  it("is answered in a way that no cache keeps", async () => {
    const [{ cardId }, { recipientKey }] = [await openCard(orders), await makeKeyPair()];
    const variables = { input: { cardId, recipientKey, reason } };
    const answer = await server.post({ query: print(RevealCardDocument), variables });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({ data: { revealCard: { userErrors: [] } } });
  });

  it("is read anew each time", async () => {
    const [{ cardId, theirs }, { recipientKey }] = [await openCard(orders), await makeKeyPair()];
    const before = orders.readsOf(theirs);
    await reveal({ cardId, recipientKey, reason });
    await reveal({ cardId, recipientKey, reason });
    expect(orders.readsOf(theirs)).toBe(before + 2);
  });

  it("is never shown in clear to a caller without a key, nor to one with a bad one, and nobody is asked", async () => {
    const { cardId, theirs } = await openCard(orders);
    const before = orders.readsOf(theirs);
    expect(await reveal({ cardId, reason })).toEqual(refusal("INVALID_INPUT", ["recipientKey"]));
    for (const recipientKey of ["{}", "no JSON", '{"kty":"oct","k":"c2VjcmV0"}']) {
      expect(await reveal({ cardId, recipientKey, reason })).toEqual(refusal("INVALID_INPUT", ["recipientKey"]));
    }
    expect(orders.readsOf(theirs)).toBe(before);
  });

  it("tells a caller who sends a private key that it is known now, and does not repeat it", async () => {
    const { cardId } = await openCard(orders);
    const d = "cGxhbnRlZC1wcml2YXRlLXBhcnQtb2YtdGhlLWtleQ";
    const recipientKey = JSON.stringify({ kty: "OKP", crv: "X25519", x: "A".repeat(43), d });
    const { userErrors } = await reveal({ cardId, recipientKey, reason });
    expect(userErrors[0]?.message).toContain("private key");
    expect(JSON.stringify(userErrors) + server.log.join()).not.toContain(d);
  });

  it.each([
    ["a reason too short", { reason: "ab" }, "reason"],
    ["a reason too long", { reason: "x".repeat(201) }, "reason"],
    ["a blank reason", { reason: "     " }, "reason"],
    ["a key too long", { recipientKey: `{"kid":"${"x".repeat(1_024)}"}` }, "recipientKey"],
    ["no id", { cardId: "" }, "cardId"],
  ])("is not revealed for %s", async (_name, change, field) => {
    const { recipientKey } = await makeKeyPair();
    const input = { cardId: `card_${"0".repeat(32)}`, recipientKey, reason, ...change };
    expect(await reveal(input)).toEqual(refusal("INVALID_INPUT", [field]));
  });

  it.each([`card_${"0".repeat(32)}`, "no-such-card"])("has to be there: %s", async (cardId) => {
    const { recipientKey } = await makeKeyPair();
    expect(await reveal({ cardId, recipientKey, reason })).toEqual(refusal("NOT_FOUND"));
  });

  it("is revealed while it is frozen, and not once it is closed, though that was not heard of yet", async () => {
    const [{ cardId, theirs }, mine] = [await openCard(orders), await makeKeyPair()];
    const input = { cardId, recipientKey: mine.recipientKey, reason };
    server.prepaidify.setCardStatus(theirs, "FREEZE");
    expect((await reveal(input)).sealed).toBeTruthy();
    server.prepaidify.setCardStatus(theirs, "CANCELED");
    expect(await reveal(input)).toEqual(refusal("CARD_NOT_OPEN"));
  });

  it("is asked for again when the provider does not answer", async () => {
    const [{ cardId }, { recipientKey }] = [await openCard(orders), await makeKeyPair()];
    const back = server.prepaidify.outage(400);
    const input = { cardId, recipientKey, reason };
    expect(await reveal(input)).toEqual(refusal("PROVIDER_UNAVAILABLE", null, true));
    await back;
    expect((await reveal(input)).sealed).toBeTruthy();
  });
});

describe("a card that is still being opened", () => {
  beforeAll(async () => {
    server = await startCardgraph({ env: ENV, prepaidify: { stageMs: 600_000 } });
    orders = cardOrdersOf(server, "reveal-early");
  });
  afterAll(stop);

  it("is not revealed, and the provider is not asked", async () => {
    const { card } = await orders.place();
    const cardId = card?.id ?? "";
    const { recipientKey } = await makeKeyPair();
    expect(await reveal({ cardId, recipientKey, reason })).toEqual(refusal("CARD_NOT_OPEN"));
  });
});

describe("a sandbox's card", () => {
  beforeAll(start(NO_ACCOUNTS));
  afterAll(stop);

  it("is shown in clear to a caller without a key", async () => {
    const { orderNo } = await orders.place();
    const order = await eventually(
      () => orders.read(orderNo),
      (now) => now?.state === "COMPLETED",
    );
    const { sealed, clear, userErrors } = await reveal({ cardId: order?.card?.id ?? "", reason });
    expect({ sealed, userErrors }).toEqual({ sealed: null, userErrors: [] });
    expect(clear).toMatchObject({
      number: expect.stringMatching(/^400000\d{10}$/),
      cvc: expect.stringMatching(/^\d{3}$/),
    });
    expect(clear?.number.slice(-4)).toBe(order?.card?.last4);
  });
});

describe("a server that is told so", () => {
  beforeAll(start({ REVEAL_IN_CLEAR: "true", REVEALS_PER_MINUTE: "3" }));
  afterAll(stop);

  it("shows a real card in clear, but only so often", async () => {
    const { cardId, theirs } = await openCard(orders);
    const number = server.prepaidify.cards().find((one) => one.cardId === theirs)?.number;
    const answers = [];
    // The minute may end in between: among seven in a row one is the fourth of its minute.
    for (let index = 0; index < 7; index += 1) answers.push(await reveal({ cardId, reason }));
    expect(answers[0]?.clear?.number).toBe(number);
    expect(answers).toContainEqual(refusal("RATE_LIMITED", null, true));
  });
});
