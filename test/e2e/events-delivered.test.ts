import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { SECRET_FILE } from "../../src/delivery/signing-secret.js";
import { CardOrderDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, type CardgraphOptions, eventually, startCardgraph } from "../support/cardgraph.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { type AnswerMessage, type ReceivedMessage, type Receiver, startReceiver } from "../support/receiver.js";
import { freshDataDir } from "../support/template-database.js";

const INSIDE = { CALLBACK_PRIVATE_NETWORKS: "127.0.0.0/8", RECONCILE_SCHEDULE_MS: "20" };
const EMAIL = "planted.person@secret.example";
const PATH = "/cards?token=planted-token";

let orders = 0;
const inputOf = (callbackUrl: string | null, orderNo = `events-${++orders}`) => ({
  orderNo,
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000, currency: "USD" },
  cardHolder: { firstName: "Planted", lastName: "Person" },
  email: EMAIL,
  callbackUrl,
});
const create = async (server: Cardgraph, input: ReturnType<typeof inputOf>) =>
  (await server.ask(CreateVirtualCardDocument, { input })).createVirtualCard;
const completed = (server: Cardgraph, orderNo: string) =>
  eventually(
    async () => (await server.ask(CardOrderDocument, { orderNo })).cardOrder,
    (order) => order?.state === "COMPLETED",
  );

interface Event {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly sequence: number };
}
const eventOf = ({ body }: ReceivedMessage): Event => JSON.parse(body);
const idOf = ({ headers }: ReceivedMessage): string => String(headers["webhook-id"]);

async function serving(options: CardgraphOptions): Promise<Cardgraph> {
  const server = await startCardgraph(options);
  onTestFinished(() => server.close());
  return server;
}
async function receiving(answer?: AnswerMessage): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

describe("a server with the embedded database", () => {
  it("sends every visible change of an order, signed with the secret of its data folder", async () => {
    const receiver = await receiving();
    const server = await serving({ env: INSIDE, callbackCa: receiver.ca });
    const input = inputOf(receiver.url + PATH);
    const { order } = await create(server, input);
    const { card } = (await completed(server, input.orderNo)) ?? {};
    const messages = await eventually(
      async () => receiver.messages,
      (all) => all.some((message) => eventOf(message).data.state === "COMPLETED"),
    );
    const secret = readFileSync(join(server.dataDir, SECRET_FILE), "utf8").trim();
    for (const message of messages) {
      expect(new Webhook(secret).verify(message.body, message.headers as never)).toEqual(eventOf(message));
      expect(message.path).toBe(PATH);
    }
    const events = messages.map(eventOf);
    expect(events[0]?.data).toMatchObject({ state: "ACCEPTED", orderId: order?.id, orderNo: input.orderNo });
    expect(events.at(-1)).toEqual({
      type: "card_order.updated",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        eventId: expect.stringMatching(/^evt_\d+$/),
        sequence: expect.any(Number),
        orderId: order?.id,
        orderNo: input.orderNo,
        state: "COMPLETED",
        failure: null,
        card: { id: card?.id, status: "ACTIVE", lifecycle: "ACTIVE" },
      },
    });
    const sequences = events.map(({ data }) => data.sequence);
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
    expect(new Set(messages.map(idOf)).size).toBe(messages.length);
  });

  it("sends no personal data, and logs neither address nor secret", async () => {
    const receiver = await receiving();
    const server = await serving({ env: INSIDE, callbackCa: receiver.ca });
    const input = inputOf(receiver.url + PATH);
    server.prepaidify.script({ kind: "decline", code: "200002" });
    await create(server, input);
    await create(server, { ...input, orderNo: `${input.orderNo}-b` });
    await completed(server, `${input.orderNo}-b`);
    const sent = await eventually(
      async () => receiver.messages.map(({ body }) => body).join("\n"),
      (text) => text.includes("FAILED") && text.includes("COMPLETED"),
    );
    expect(sent).not.toMatch(/planted|person|example/i);
    const logged = await eventually(
      async () => server.log.join("\n") + (await (await fetch(`${server.url}/metrics`)).text()),
      (text) => text.includes("event_delivery"),
    );
    expect(logged).toContain("delivered");
    const { port } = new URL(receiver.url);
    for (const hidden of ["planted-token", `:${port}`, "whsec_"]) expect(logged).not.toContain(hidden);
  });

  it("refuses an order whose address is not public, before anything is sent", async () => {
    const receiver = await receiving();
    const server = await serving({ env: { RECONCILE_SCHEDULE_MS: "20" }, callbackCa: receiver.ca });
    for (const callbackUrl of [receiver.url, "https://localhost/x", "https://[::1]/", "HTTPS://hooks.example/"]) {
      const input = inputOf(callbackUrl);
      const { order, userErrors } = await create(server, input);
      expect(order).toBeNull();
      expect(userErrors).toEqual([expect.objectContaining({ code: "INVALID_INPUT", field: ["callbackUrl"] })]);
      expect((await server.ask(CardOrderDocument, { orderNo: input.orderNo })).cardOrder).toBeNull();
    }
    expect(server.prepaidify.cards()).toEqual([]);
    expect(receiver.connections()).toBe(0);
  });

  it("answers with an order that stands although its address has become one that is refused", async () => {
    const dataDir = freshDataDir(inject("templateDataDir"));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const receiver = await receiving();
    const first = await startCardgraph({ env: INSIDE, callbackCa: receiver.ca, dataDir });
    const input = inputOf(receiver.url);
    const { order } = await create(first, input);
    await first.close();
    const second = await serving({ env: { RECONCILE_SCHEDULE_MS: "20" }, dataDir });
    expect(await create(second, input)).toMatchObject({ order: { id: order?.id }, replayed: true, userErrors: [] });
    expect(second.prepaidify.cards()).toEqual([]);
  });
});

describe("a server with PostgreSQL", () => {
  const secrets = [1, 2].map(() => `whsec_${randomBytes(32).toString("base64")}`);
  let postgres: PostgresServer;
  let env: Readonly<Record<string, string>>;
  let client: pg.Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    env = { ...INSIDE, DATABASE_URL: await postgres.createDatabase(), CALLBACK_SIGNING_SECRETS: secrets.join(",") };
    client = new pg.Client({ connectionString: env.DATABASE_URL });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await postgres?.close();
  });

  /** Lets time pass for what waits to be tried again. */
  const hurry = () =>
    client.query("update deliveries set next_at = now() where state = 'PENDING' and lease_until is null");
  const deliveriesOf = async (orderNo: string) => {
    const text = `select deliveries.state, deliveries.attempts from deliveries
      join card_orders on card_orders.id = order_id where order_no = $1 order by event_id`;
    return (await client.query<{ state: string; attempts: number }>(text, [orderNo])).rows;
  };

  it("tries each event again until it is taken, the same under the same id, signed with every secret", async () => {
    const tries = new Map<string, number>();
    const receiver = await receiving((response, _nth, message) => {
      const nth = (tries.get(idOf(message)) ?? 0) + 1;
      tries.set(idOf(message), nth);
      response.writeHead(nth < 3 ? 503 : 200).end();
    });
    const server = await serving({ env, callbackCa: receiver.ca });
    const input = inputOf(receiver.url + PATH);
    await create(server, input);
    await completed(server, input.orderNo);
    const rows = await eventually(
      async () => {
        await hurry();
        return deliveriesOf(input.orderNo);
      },
      (all) => all.length > 0 && all.every(({ state }) => state === "DELIVERED"),
    );
    for (const { attempts } of rows) expect(attempts).toBe(3);
    expect(receiver.messages).toHaveLength(3 * rows.length);
    for (const id of tries.keys()) {
      const same = receiver.messages.filter((message) => idOf(message) === id);
      expect(same).toHaveLength(3);
      expect(new Set(same.map(({ body }) => body)).size).toBe(1);
      for (const { body, headers } of same) {
        for (const secret of secrets) new Webhook(secret).verify(body, headers as never);
      }
    }
  });

  it("sends nothing more of an order to an address that answers 410", async () => {
    const receiver = await receiving((response) => void response.writeHead(410).end());
    const server = await serving({ env, callbackCa: receiver.ca });
    const input = inputOf(receiver.url);
    await create(server, input);
    await completed(server, input.orderNo);
    await eventually(
      async () => {
        await hurry();
        return deliveriesOf(input.orderNo);
      },
      (rows) => rows.length > 0 && rows.every(({ state }) => state === "GONE"),
    );
    expect(receiver.messages).toHaveLength(1);
    // A new order is a new question.
    await create(server, inputOf(receiver.url));
    await eventually(
      async () => receiver.messages.length,
      (count) => count === 2,
    );
    expect((await deliveriesOf(input.orderNo)).every(({ state }) => state === "GONE")).toBe(true);
  });

  it("refuses a callbackUrl when it has nothing to sign with, and takes the order without", async () => {
    const server = await serving({ env: { ...env, CALLBACK_SIGNING_SECRETS: "" } });
    const { order, userErrors } = await create(server, inputOf("https://hooks.example/cards"));
    expect(order).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code: "INVALID_INPUT", field: ["callbackUrl"] })]);
    expect(userErrors[0]?.message).toContain("CALLBACK_SIGNING_SECRETS");
    expect((await create(server, inputOf(null))).order?.state).toBe("ACCEPTED");
  });
});
