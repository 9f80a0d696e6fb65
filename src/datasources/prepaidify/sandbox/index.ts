import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../domain/clock.js";
import type { RunningSandbox } from "../../../domain/registration.js";
import { Secret } from "../../../domain/secret.js";
import { DEFAULT_CARD_RANGES_PATH, type PrepaidifyAccount } from "../config.js";
import { signingKey } from "../crypto.js";
import { CardShelf, type RandomBytes, type SandboxCard, type SandboxOrder } from "./cards.js";
import { Desk } from "./desk.js";
import { type Arrived, TIMESTAMP_WINDOW_MS } from "./gate.js";
import { Lifecycle } from "./lifecycle.js";
import { deliver } from "./reply.js";
import { checkInReverse } from "./reverse-check.js";
import { riskControlBody } from "./risk-control.js";
import type { Scenario } from "./scenario.js";
import { Timers } from "./timers.js";

/** How a sandbox is set up. Everything but the clock and the address has a default. */
export interface PrepaidifySandboxOptions {
  readonly clock: Clock;
  /** How the merchant's server is reached for reverse validation, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Time from one stage of opening to the next, in milliseconds (800). */
  readonly stageMs?: number;
  /** Random unless given. */
  readonly accessKey?: string;
  /** Random unless given. */
  readonly secretKey?: string;
  /** Whether a repeated order number is refused with 300001 (true). */
  readonly dedupesOrders?: boolean;
  /** Whether the query belongs to the path that is signed in reverse validation (true). */
  readonly reverseSignQuery?: boolean;
  /** Where risk control events go, the address that staff would set up; nowhere unless given. */
  readonly accountCallbackUrl?: () => string;
  /** Whether cards are called back at all (true). */
  readonly callbacks?: boolean;
  /** Whether requests are kept in `requests`, the newest 10,000 of them (false). */
  readonly recordRequests?: boolean;
  /** How many cards are kept, the oldest dropped first (10,000). */
  readonly maxCards?: number;
  /** Chooses the scenario of an order that none was scripted for; undefined: its deposit decides. */
  readonly scenarioOf?: (order: SandboxOrder) => Scenario | undefined;
  /** Told of each card that was accepted, before its answer, which waits for it. */
  readonly onAccepted?: (card: Readonly<SandboxCard>) => void | Promise<void>;
  /** By when a caller has given up, in milliseconds (12,000): longer than this server waits unless told otherwise. */
  readonly lateMs?: number;
  /** How far a timestamp may be from the sandbox's clock, in milliseconds (60,000). */
  readonly timestampWindowMs?: number;
  /** Source of ids, numbers and keys; the machine's cryptographic one unless given. */
  readonly random?: RandomBytes;
}

/** A running sandbox, with what a test or a demonstration may do to it. */
export interface PrepaidifySandbox extends RunningSandbox<PrepaidifyAccount> {
  /** Queues scenarios for the next orders, first come first served; after that deposits decide again. */
  script(...scenarios: readonly Scenario[]): void;
  /** How many cards were opened for each order number: the judge of duplicates. */
  cardsByOrderNo(): ReadonlyMap<string, number>;
  /** The cards, oldest first, with their made-up number and CVC. */
  cards(): readonly Readonly<SandboxCard>[];
  /** Requests that arrived, if they are recorded. */
  readonly requests: readonly Arrived[];
  /** Puts a card into any status and stops its opening. Throws for a card that does not exist. */
  setCardStatus(cardId: string, status: string): void;
  /** Freezes a card and says so at the account's address. Resolves to the HTTP status; 0 where there is no address. */
  freezeCard(cardId: string): Promise<number>;
  /** Freezes all cards of a user and says so, naming the user alone. Resolves as above. */
  freezeUser(userId: string): Promise<number>;
  /** Sends a card's callback again, as it would be now. Resolves to the HTTP status. */
  resendCallback(cardId: string): Promise<number>;
  /** Posts any text to an address, as a callback. Resolves to the HTTP status. */
  sendCallback(url: string, body: string): Promise<number>;
  /** Breaks every connection and refuses new ones for a time in milliseconds; cards go on opening meanwhile. */
  outage(durationMs: number): Promise<void>;
}

const DEFAULT_STAGE_MS = 800;
const DEFAULT_MAX_CARDS = 10_000;
const DEFAULT_LATE_MS = 12_000;
const MAX_RECORDED = 10_000;
const MAX_SCRIPTED = 10_000;
const MAX_BODY_BYTES = 65_536;

/** Longer than a client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 60_000;

/** Stands in where a request of the playground names no end user. */
const SANDBOX_EMAIL = "user@sandbox.example";

/**
 * Starts a server on a loopback port that speaks Prepaidify's wire protocol in full: signed headers, reverse
 * validation, asynchronous opening, callbacks. Cards are made up; nothing is ever spent. Rejects when the port cannot
 * be had.
 */
export async function startPrepaidifySandbox(options: PrepaidifySandboxOptions): Promise<PrepaidifySandbox> {
  const random = options.random ?? randomBytes;
  const accessKey = options.accessKey ?? `sbx_${Buffer.from(random(12)).toString("hex")}`;
  const secretKey = options.secretKey ?? Buffer.from(random(24)).toString("hex");
  const sandbox = assemble(options, random, { accessKey, secretKey });
  await listen(sandbox.server, options.port ?? 0);
  const { port } = sandbox.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const cardOf = (cardId: string): SandboxCard => {
    const card = sandbox.shelf.get(cardId);
    if (!card) throw new Error("the sandbox has no such card");
    return card;
  };
  const freeze = async (type: "FREEZE_CARD" | "FREEZE_ACCOUNT", cards: readonly SandboxCard[]): Promise<number> => {
    for (const card of cards) sandbox.lifecycle.setStatus(hold(card), "FREEZE");
    const target = options.accountCallbackUrl?.();
    const eventId = `ev_${Buffer.from(random(8)).toString("hex")}`;
    const body = riskControlBody(type, cards, eventId, options.clock.now().getTime());
    return target === undefined ? 0 : sandbox.lifecycle.post(target, body);
  };
  return {
    url,
    account: {
      baseUrl: url,
      accessKey,
      secretKey: new Secret(secretKey),
      defaultEmail: SANDBOX_EMAIL,
      cardRangesPath: DEFAULT_CARD_RANGES_PATH,
      reverseSignQuery: options.reverseSignQuery ?? true,
      dedupesOrders: options.dedupesOrders ?? true,
      callbackToken: null,
    },
    requests: sandbox.requests,
    script: (...scenarios) => {
      sandbox.scripted.push(...scenarios.slice(0, MAX_SCRIPTED - sandbox.scripted.length));
    },
    cardsByOrderNo: () => sandbox.shelf.perOrderNo(),
    cards: () => sandbox.shelf.all(),
    setCardStatus: (cardId, status) => sandbox.lifecycle.setStatus(hold(cardOf(cardId)), status),
    freezeCard: async (cardId) => freeze("FREEZE_CARD", [cardOf(cardId)]),
    freezeUser: (userId) => {
      const cards = sandbox.shelf.all().filter((card) => card.userId === userId);
      return freeze("FREEZE_ACCOUNT", cards);
    },
    resendCallback: async (cardId) => sandbox.lifecycle.send(cardOf(cardId)),
    sendCallback: (target, body) => sandbox.lifecycle.post(target, body),
    outage: async (durationMs) => {
      await stopListening(sandbox.server);
      await sandbox.timers.wait(durationMs);
      await listen(sandbox.server, port);
    },
    close: () => closeAll(sandbox.server, sandbox.timers),
  };
}

/** From now on the card walks no further by itself. */
function hold(card: SandboxCard): SandboxCard {
  card.held = true;
  return card;
}

interface Assembled {
  readonly server: Server;
  readonly timers: Timers;
  readonly shelf: CardShelf;
  readonly lifecycle: Lifecycle;
  readonly scripted: Scenario[];
  readonly requests: Arrived[];
}

function assemble(
  options: PrepaidifySandboxOptions,
  random: RandomBytes,
  { accessKey, secretKey }: { readonly accessKey: string; readonly secretKey: string },
): Assembled {
  const { clock, publicUrl, stageMs = DEFAULT_STAGE_MS, callbacks = true, dedupesOrders = true } = options;
  const timers = new Timers();
  const shelf = new CardShelf(options.maxCards ?? DEFAULT_MAX_CARDS);
  const lifecycle = new Lifecycle({ clock, timers, random, stageMs, callbacks });
  const { timestampWindowMs = TIMESTAMP_WINDOW_MS, lateMs = DEFAULT_LATE_MS } = options;
  const keys = { accessKey, key: signingKey(secretKey), timestampWindowMs };
  const reverse = { ...keys, clock, publicUrl, signsQuery: options.reverseSignQuery ?? true, signal: timers.signal };
  const scripted: Scenario[] = [];
  const requests: Arrived[] = [];
  const desk = new Desk({
    clock,
    random,
    keys,
    shelf,
    lifecycle,
    dedupesOrders,
    checkInReverse: (orderNo) => checkInReverse(orderNo, reverse),
    scenarioOf: (order) => scripted.shift() ?? options.scenarioOf?.(order),
    waitUntilLate: () => timers.wait(lateMs),
    onAccepted: options.onAccepted ?? (() => undefined),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (incoming, response) => {
    const body = await readBody(incoming).catch(() => null);
    if (body === null) return void response.socket?.destroy();
    const arrived = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
    if (options.recordRequests) requests.push(arrived);
    if (requests.length > MAX_RECORDED) requests.shift();
    const reply = await desk.handle(arrived).catch(() => ({ kind: "reset" }) as const);
    deliver(reply, response, timers);
  });
  return { server, timers, shelf, lifecycle, scripted, requests };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new Error("request too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Ends what waits, what is under way and every connection, then the server. May be called twice. */
function closeAll(server: Server, timers: Timers): Promise<void> {
  timers.close();
  return stopListening(server);
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
