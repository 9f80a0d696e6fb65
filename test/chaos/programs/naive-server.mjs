import { createServer } from "node:http";
import pg from "pg";
import { readConfig } from "../../../dist/config.js";
import { prepaidify } from "../../../dist/datasources/prepaidify/index.js";
import { REGISTRY } from "../../../dist/datasources/registry.js";
import { announce, answerParent } from "./channel.mjs";

/**
 * The control: the same adapter behind the server that is usually written. It looks whether the order is there, calls
 * the provider, tries again when the call fails, and then writes the row. What it does wrong is what the product is
 * for; the harness is only worth something if it sees it.
 */
const TRIES = 3;

const config = readConfig(process.env, REGISTRY);
const account = config.providers.find(({ registration }) => registration.code === "PREPAIDIFY")?.account;
const clock = { now: () => new Date() };
const publicUrl = () => `http://127.0.0.1:${config.port}`;
const parts = { clock, journal: { record: () => undefined }, timeoutMs: config.providerTimeoutMs, publicUrl };
const adapter = prepaidify.create(account, parts);
const routes = prepaidify.callbackRoutes(account, parts);
const rows = config.database.kind === "postgres" ? await postgresRows(config.database.url) : await embeddedRows();
const ordered = new Set();

const desk = {
  isSending: async (_provider, _operation, orderNo) => ordered.has(orderNo),
  receive: async ({ orderNo, providerCardId, payload }) => {
    if (orderNo && providerCardId) {
      const state = payload.eventType === "CREATE_CARD_FAIL" ? "FAILED" : "COMPLETED";
      await rows.put(orderNo, state, providerCardId);
    }
    return true;
  },
};

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const url = request.url ?? "";
  const [path] = url.split("?");
  try {
    if (path === "/graphql") return send(response, 200, JSON.stringify({ data: await graphql(JSON.parse(body)) }));
    const [, , , kind, last] = path.split("/");
    const route = routes.find((one) => one.path.includes(`/${kind}/`));
    const query = Object.fromEntries(new URL(url, "http://host").searchParams);
    const answer = await route.handle({ url, params: { operation: last, token: last }, query, body }, desk);
    send(response, answer.status, answer.body, answer.headers);
  } catch {
    send(response, 500, "{}");
  }
});
server.listen(config.port, "127.0.0.1", () => announce("listening", publicUrl()));
answerParent({});

function send(response, status, body, headers = {}) {
  response.writeHead(status, headers).end(body);
}

async function graphql({ variables }) {
  if (variables.input) return { createVirtualCard: await create(variables.input) };
  const found = await Promise.all(
    Object.entries(variables).map(async ([name, orderNo]) => [name, await rows.get(orderNo)]),
  );
  return Object.fromEntries(found);
}

async function create(input) {
  const known = await rows.get(input.orderNo);
  if (known) return { replayed: true, order: known, userErrors: [] };
  ordered.add(input.orderNo);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const card = await adapter.createVirtualCard({
        cardHolder: null,
        customerId: null,
        callbackToken: input.orderNo,
        ...input,
      });
      await rows.put(input.orderNo, "ACCEPTED", card.providerCardId);
      return { replayed: false, order: await rows.get(input.orderNo), userErrors: [] };
    } catch (error) {
      if (attempt < TRIES && error.kind !== "rejected") continue;
      await rows.put(input.orderNo, "FAILED", null);
      return { replayed: false, order: await rows.get(input.orderNo), userErrors: [] };
    }
  }
}

async function postgresRows(connectionString) {
  const pool = new pg.Pool({ connectionString });
  await pool.query("create table if not exists naive (order_no text primary key, state text not null, card_id text)");
  return rowsOver((text, values) => pool.query(text, values));
}

async function embeddedRows() {
  const { PGlite } = await import("@electric-sql/pglite");
  const pglite = await PGlite.create(`${config.database.dataDir}/naive`);
  await pglite.exec("create table if not exists naive (order_no text primary key, state text not null, card_id text)");
  return rowsOver((text, values) => pglite.query(text, values));
}

function rowsOver(query) {
  return {
    get: async (orderNo) => {
      const [row] = (await query("select * from naive where order_no = $1", [orderNo])).rows;
      if (!row) return null;
      const card = row.card_id === null ? null : { providerCardId: row.card_id, status: "ACTIVE" };
      return { orderNo, state: row.state, card };
    },
    put: (orderNo, state, cardId) =>
      query(
        `insert into naive (order_no, state, card_id) values ($1, $2, $3)
         on conflict (order_no) do update set state = case when naive.state = 'COMPLETED' then naive.state else $2 end,
           card_id = coalesce($3, naive.card_id)`,
        [orderNo, state, cardId],
      ),
  };
}
