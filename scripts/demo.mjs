// Shows the product at work, with both providers as sandboxes: a card contact, and a card on its way to ACTIVE.
//
//   npm run demo
//
// Starts a server of its own in a temporary folder and takes everything away again at the end.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startServer } from "../bench/lib/server-process.mjs";
import { bar, openScreen } from "../bench/lib/terminal.mjs";
import { askGraphql } from "./ask-graphql.mjs";

const SERVER = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const TIME_LIMIT_MS = 60_000;
const POLL_MS = 50;
const BAR_WIDTH = 25;
/** Columns that an answer may take, and where inputs and the values of answers begin. */
const WIDTH = 100;
const INPUT_INDENT = 4;
const ROW_INDENT = 15;
/** The order in which a card opens; it may be too quick for one of them to be seen. */
const STAGES = ["INIT", "INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"];
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 };

const CONTACT = { firstName: "xxe", lastName: "xxxx", mobile: "+861234789999", email: "122@12.com" };
const ORDER = {
  orderNo: "v_5bc814",
  cardRangeId: "vab_069af8a792ad",
  deposit: { amountMinor: 1000 },
  cardHolder: { firstName: "Milton", lastName: "Schmitt" },
  customerId: "user_id_123",
};

const CREATE_CONTACT = `mutation ($input: CreateCardContactInput!) {
  createCardContact(input: $input) {
    contact { id provider providerContactId }
    userErrors { code message field }
  }
}`;
const CREATE_CARD = `mutation ($input: CreateVirtualCardInput!) {
  createVirtualCard(input: $input) {
    order { orderNo state }
    card { id status lifecycle deposit { formatted currency } cardHolder { holderName } }
    replayed
    userErrors { code message field retryable }
  }
}`;
const READ_ORDER = `query ($orderNo: String!) {
  cardOrder(orderNo: $orderNo) {
    state
    failure { code message }
    card { status lifecycle bin last4 expMonth expYear balance { formatted currency } }
  }
}`;
const COUNT_CARDS = "{ cards(first: 10) { edges { node { id } } } }";

const screen = openScreen(process.stdout);
const { line, paint } = screen;
const ending = new AbortController();
let exitCode = 0;
for (const [name, code] of Object.entries(SIGNAL_CODES)) {
  process.on(name, () => {
    exitCode = code;
    ending.abort(new Error("interrupted"));
  });
}
// Whoever reads the output may stop reading; the server has to be stopped all the same.
process.stdout.on("error", () => ending.abort(new Error("nobody reads the output")));
const outOfTime = setTimeout(
  () => ending.abort(new Error(`it took longer than ${TIME_LIMIT_MS / 1000} s`)),
  TIME_LIMIT_MS,
);

let folder = null;
let server = null;
try {
  if (Number(process.versions.node.split(".")[0]) < 24) throw new Error("start it with `npm run demo`, on Node 24");
  folder = mkdtempSync(join(tmpdir(), "cardgraph-demo-"));
  await show();
} catch (error) {
  screen.clear();
  exitCode ||= 1;
  const reason = ending.signal.aborted ? ending.signal.reason.message : error.message;
  console.error(exitCode === 1 ? `The demo failed: ${reason}` : "Interrupted.");
} finally {
  clearTimeout(outOfTime);
  await server?.stop();
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);

/** The whole demonstration, from starting the server to what to look at next. */
async function show() {
  line(`${paint("bold", "Cardgraph")}  both providers are sandboxes, no money moves`);
  screen.status("starting the server");
  const startedMs = performance.now();
  server = await startServer({
    script: SERVER,
    env: { PORT: "0", DATA_DIR: folder, RECONCILE_SCHEDULE_MS: "200", LOG_LEVEL: "silent" },
    signal: ending.signal,
  });
  line(`${paint("green", "ready")}      ${server.url}/graphql ${paint("dim", `after ${since(startedMs)}`)}`);

  heading("A card contact, through Pagsmile");
  const { contact } = await mutate("createCardContact", CREATE_CONTACT, CONTACT);
  if (contact === null) throw new Error("no contact was made");

  heading("A virtual card, through Prepaidify");
  const first = await mutate("createVirtualCard", CREATE_CARD, ORDER);
  if (first.card === null) throw new Error("no card was made");
  await follow(first.card.status);

  heading("The same request again: the same order, and nothing is spent twice");
  const again = await mutate("createVirtualCard", CREATE_CARD, ORDER, "with the same input");
  const { cards } = await ask(COUNT_CARDS, {});
  row("cards", cards.edges.length);
  if (!again.replayed || again.card?.id !== first.card.id || cards.edges.length !== 1) {
    throw new Error("the repeated request did not give the first order again");
  }

  heading("Next");
  line(`  npm start   then open ${paint("cyan", "http://127.0.0.1:4000/graphiql")}`);
  line("  README.md   Try what goes wrong, Configuration, Going live");
}

/** Sends one mutation, and shows its input and its answer. */
async function mutate(name, document, input, said = json(input, INPUT_INDENT)) {
  line(`  ${paint("cyan", name)}\n    ${said}`);
  const startedMs = performance.now();
  const payload = (await ask(document, { input }))[name];
  line(paint("dim", `  answered in ${since(startedMs)}`));
  for (const [field, value] of Object.entries(payload)) row(field, value);
  if (payload.userErrors.length > 0) throw new Error(`${name} was refused`);
  return payload;
}

/** Shows the card's stages until it is ACTIVE: one line that changes in a terminal, otherwise a line a stage. */
async function follow(firstStage) {
  const startedMs = performance.now();
  let stage = null;
  const enter = (next) => {
    if (next === stage) return;
    stage = next;
    if (!screen.isLive) line(`    ${since(startedMs).padStart(6)}     ${stage}`);
  };
  const progress = () => {
    const share = (STAGES.indexOf(stage) + 1) / STAGES.length;
    return `    ${paint(stage === "ACTIVE" ? "green" : "yellow", bar(share, BAR_WIDTH))}  ${stage}  ${since(startedMs)}`;
  };
  enter(firstStage);
  for (;;) {
    const order = (await ask(READ_ORDER, { orderNo: ORDER.orderNo })).cardOrder;
    if (order.failure || !STAGES.includes(order.card?.status)) {
      throw new Error(order.failure?.message ?? "the card left the way to ACTIVE");
    }
    enter(order.card.status);
    screen.status(progress());
    if (stage === "ACTIVE" && order.state === "COMPLETED") {
      if (screen.isLive) line(progress());
      row("order", { orderNo: ORDER.orderNo, state: order.state });
      row("card", order.card);
      return;
    }
    await pause(POLL_MS, undefined, { signal: ending.signal });
  }
}

function ask(document, variables) {
  return askGraphql(`${server.url}/graphql`, document, variables, ending.signal);
}

function heading(text) {
  line();
  line(paint("bold", text));
}

function row(name, value) {
  line(`    ${paint("dim", name.padEnd(10))} ${json(value, ROW_INDENT)}`);
}

/** JSON with blanks where people put them; an object that is too wide goes on in further lines below itself. */
function json(value, indent) {
  const whole = onOneLine(value);
  if (indent + whole.length <= WIDTH || typeof value !== "object") return whole;
  const lines = [""];
  for (const [name, member] of Object.entries(value)) {
    const text = `${JSON.stringify(name)}: ${onOneLine(member)},`;
    const last = lines.at(-1);
    if (last === "") lines[lines.length - 1] = text;
    else if (indent + last.length + text.length > WIDTH) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  }
  return `{ ${lines.join(`\n${" ".repeat(indent + 2)}`).slice(0, -1)} }`;
}

function onOneLine(value) {
  return JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
}

function since(startedMs) {
  const ms = performance.now() - startedMs;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
