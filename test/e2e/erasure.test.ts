import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardContactDocument,
  CreateCardContactDocument,
  CreateVirtualCardDocument,
  RevealCardDocument,
} from "../generated/graphql.js";
import { accountsOf, type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { dataKeyText } from "../support/data-keys.js";
import {
  CUSTOMER,
  everyTable,
  input,
  livedIn,
  orderOf,
  PERSON,
  PLANTED,
  run,
  settled,
} from "../support/planted-person.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";

let postgres: PostgresServer;
let DATABASE_URL: string;
let server: Cardgraph;
let env: Record<string, string>;
let lived: Awaited<ReturnType<typeof livedIn>>;
beforeAll(async () => {
  postgres = await startPostgres();
  DATABASE_URL = await postgres.createDatabase();
  const DATA_KEYS = dataKeyText("k1");
  const pace = { RECONCILE_SCHEDULE_MS: "20", FOLLOW_CARDS_MS: "50" };
  server = await startCardgraph({ env: { ...pace, DATABASE_URL, DATA_KEYS } });
  env = { ...accountsOf(server.prepaidify, server.pagsmile), DATABASE_URL, DATA_KEYS, AUTH: "none" };
  lived = await livedIn(server, "erased");
});
afterAll(async () => {
  await server?.close();
  await postgres?.close();
});
const erase = (...args: readonly string[]) => run(env, "erase", ...args);

describe("erasing a customer", () => {
  it("is not done without being asked twice, nor for whom nobody named", async () => {
    const refusals: readonly (readonly [RegExp, readonly string[]])[] = [
      [/Usage:/, []],
      [/Usage:/, ["--customer", CUSTOMER, "--contact", lived.contactId]],
      [/Usage:/, ["--customer", ""]],
      [/Unknown option/, ["--everybody"]],
      [/Nothing was erased: say --yes/, ["--customer", CUSTOMER, "--with-open-cards"]],
    ];
    for (const [message, args] of refusals) {
      const { code, err } = await erase(...args);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(message) });
    }
    const dry = await erase("--customer", CUSTOMER, "--with-open-cards", "--dry-run");
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("this was a dry run") });
    expect(await erase("--customer", "nobody", "--yes")).toMatchObject({ code: 0 });
    expect((await orderOf(server, "erased"))?.card?.cardHolder.firstName).toBe("Plantedfirst");
  });

  it("keeps what money still depends on, and says so", async () => {
    server.prepaidify.script({ kind: "reset-after-accept" });
    await server.ask(CreateVirtualCardDocument, { input: input("erased-moving") });
    const { code, out, err } = await erase("--customer", CUSTOMER, "--yes");
    expect(code).toBe(1);
    expect(err).toMatch(/Kept: [12]\. Run this again once they are settled/);
    expect(out).toMatch(/erased +COMPLETED, card ACTIVE +kept: its card is open/);
    expect(out).toMatch(/erased-refused +FAILED +to be erased/);
    expect(out).toContain("Erased: 1 orders, 0 cardholders, 0 callbacks, 0 contacts.");
    await settled(server, "erased-moving");
    expect((await orderOf(server, "erased"))?.card?.cardHolder.firstName).toBe("Plantedfirst");
  });

  it("leaves what accounting needs and nobody's name, and a callback brings nothing back", async () => {
    const moving = await orderOf(server, "erased-moving");
    // Opened with this server's own address, so it can still be asked about.
    await server.ask(CreateVirtualCardDocument, { input: input("erased-house", { email: null }) });
    const houseCard = (await settled(server, "erased-house"))?.card?.providerCardId ?? "";
    for (const cardId of [lived.cardId, houseCard, moving?.card?.providerCardId ?? ""]) {
      server.prepaidify.setCardStatus(cardId, "CANCELED");
    }
    for (const name of ["erased", "erased-moving", "erased-house"]) {
      await eventually(
        () => orderOf(server, name),
        (order) => order?.card?.status === "CANCELED",
      );
    }
    const before = await orderOf(server, "erased");
    const { code, out } = await erase("--customer", CUSTOMER, "--yes");
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/Erased: 3 orders, 3 cardholders, \d+ callbacks/),
    });
    const nobody = { firstName: null, lastName: null, holderName: null, street: null, city: null, zipCode: null };
    const after = await orderOf(server, "erased");
    expect(after).toMatchObject({ ...before, card: { ...before?.card, cardHolder: nobody } });

    // The provider tells of the card once more, and describes its holder when it is asked.
    server.prepaidify.setCardStatus(houseCard, "DELETED");
    const sent = server.prepaidify.requests.find(({ body }) => body.includes('"erased-house"'));
    const { callbackUrl } = JSON.parse(sent?.body ?? "{}");
    const data = { orderNo: "erased-house", cardId: houseCard, status: "DELETED" };
    const body = JSON.stringify({ eventType: "CREATE_CARD", eventId: "ev_later", webhookSubscribeId: "wsb_1", data });
    expect(await server.prepaidify.sendCallback(callbackUrl, body)).toBe(200);
    const told = await eventually(
      () => orderOf(server, "erased-house"),
      (order) => order?.card?.status === "DELETED",
    );
    expect(told?.card?.cardHolder).toMatchObject(nobody);

    const again = await erase("--customer", CUSTOMER, "--yes");
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/erased before/) });
    expect(again.out).not.toContain("Erased:");
  });

  it("answers the same order as ever, and never sends it again", async () => {
    const cards = server.prepaidify.cards().length;
    for (const [parts, code] of [
      [{}, null],
      [{ email: null, cardHolder: null }, null],
      [{ deposit: { amountMinor: 1001, currency: "USD" } }, "IDEMPOTENCY_MISMATCH"],
    ] as const) {
      const { createVirtualCard } = await server.ask(CreateVirtualCardDocument, { input: input("erased", parts) });
      expect(createVirtualCard.userErrors.map((error) => error.code)).toEqual(code ? [code] : []);
      expect(createVirtualCard.order?.state ?? null).toBe(code ? null : "COMPLETED");
    }
    expect(server.prepaidify.cards()).toHaveLength(cards);
    const reveal = { cardId: lived.ourCardId, recipientKey: null, reason: "support" };
    const { revealCard } = await server.ask(RevealCardDocument, { input: reveal });
    expect(revealCard.userErrors).toMatchObject([{ code: expect.stringMatching(/INVALID_INPUT|CARD_NOT_OPEN/) }]);
  });

  it("finds contacts by address or number, and they are gone for good", async () => {
    const found = await erase("--mobile", PERSON.mobile, "--dry-run");
    expect(found.out).toContain(lived.contactId);
    const { code, out } = await erase("--email", PERSON.email.toUpperCase(), "--yes");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("1 contacts.") });
    expect((await server.ask(CardContactDocument, { id: lived.contactId })).cardContact).toBeNull();
    const again = { ...PERSON, idempotencyKey: "key-erased" };
    const { createCardContact } = await server.ask(CreateCardContactDocument, { input: again });
    expect(createCardContact).toMatchObject({ contact: null, replayed: true, userErrors: [{ code: "NOT_FOUND" }] });
  });

  it("is written down, without a word of whom", async () => {
    const { out } = await run(env, "audit", "list", "--json");
    const erasures = JSON.parse(out).filter(({ action }: { action: string }) => action === "erasePersonalData");
    expect(erasures).toHaveLength(5);
    expect(erasures.at(-1)).toMatchObject({
      subject: "operator",
      outcome: "erased",
      reason: expect.stringMatching(/^orders 1/),
    });
    expect(await run(env, "audit", "verify")).toMatchObject({ code: 0 });
    const text = await everyTable(DATABASE_URL);
    for (const planted of PLANTED) expect(text).not.toMatch(planted);
  });

  it("asks for the tenant where several have such a customer", async () => {
    const client = new pg.Client(DATABASE_URL);
    await client.connect();
    await client.query("update card_orders set tenant = 'other' where order_no = 'erased-refused'");
    await client.end();
    const { code, err } = await erase("--customer", CUSTOMER, "--dry-run");
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("default, other. Say --tenant.") });
    expect(await erase("--customer", CUSTOMER, "--dry-run", "--tenant", "other")).toMatchObject({ code: 0 });
  });
});
