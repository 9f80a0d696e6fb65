import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { startPrepaidifySandbox } from "../../../dist/datasources/prepaidify/sandbox/index.js";
import { faultOf, TWIN } from "../faults.mjs";
import { chanceOf } from "../seeded.mjs";
import { announce, answerParent } from "./channel.mjs";

/** More than any run orders. */
const MAX_CARDS = 1_000_000;
/** Just over what a callback may be. */
const OVERSIZED = "x".repeat(70_000);

const UNKNOWN_CARD = "c_0123456789abcdef";
const SETTLED_MS = 15_000;

let sandbox = null;
let servers = [];
let turn = 0;
const attacks = {};
/** Cards by id, as they are judged: kept here because only the sandbox knows what a provider knows. */
const opened = [];
/** When each card came to be, in milliseconds since 1970. */
const acceptedAtMs = new Map();
/** How often each callback address answered with 200, forged callbacks left out. */
const taken = new Map();
subscribe("http.client.response.finish", ({ request, response }) => {
  if (request.method === "POST" && response.statusCode === 200) count(request.path, 1);
});
let hold = null;

/** The provider as the judge: outlives the servers, misbehaves by order number, counts what it opened. */
answerParent(
  {
    start: async ({ seed, faulty, dedupes, attackOnAll, stageMs, lateMs, timestampWindowMs }) => {
      sandbox = await startPrepaidifySandbox({
        clock: { now: () => new Date() },
        // Behind one address there are several servers, and the provider does not choose which one answers.
        publicUrl: () => servers[turn++ % servers.length] ?? "http://127.0.0.1:9",
        stageMs,
        lateMs,
        dedupesOrders: dedupes,
        timestampWindowMs,
        maxCards: MAX_CARDS,
        scenarioOf: faulty ? ({ orderNo }) => faultOf(seed, orderNo).scenario : ({ orderNo }) => scenarioIn(orderNo),
        onAccepted: (card) => accepted({ seed, faulty, attackOnAll }, card),
      });
      const { account, url } = sandbox;
      return { url, accessKey: account.accessKey, secretKey: account.secretKey.reveal() };
    },
    servers: (urls) => {
      servers = urls;
    },
    outage: (durationMs) => sandbox.outage(durationMs),
    /** Keeps every answer back from now on, and announces each; null lets them go. */
    hold: (on) => {
      if (on) hold = Promise.withResolvers();
      else {
        hold?.resolve();
        hold = null;
      }
    },
    /** Cards by order number: what there is, and what of it is live. */
    judge: () =>
      sandbox.cards().map(({ cardId, orderNo, status, callbackUrl }) => ({
        cardId,
        orderNo,
        active: status === "ACTIVE",
        calledBack: (taken.get(new URL(callbackUrl).pathname) ?? 0) > 0,
        acceptedAtMs: acceptedAtMs.get(cardId),
        live: status !== "CREATE_CARD_FAILED_REFUND",
        opening: status.startsWith("INIT"),
      })),
    /** Puts the cards of orders into a status, and calls back about each with an event of its own. */
    move: async (orderNos, status) => {
      for (const { cardId, orderNo, callbackUrl } of sandbox
        .cards()
        .filter((card) => orderNos.includes(card.orderNo))) {
        sandbox.setCardStatus(cardId, status);
        const event = { eventType: "CREATE_CARD", eventId: `${cardId}_${status}`, data: { cardId, orderNo, status } };
        await sandbox.sendCallback(callbackUrl, JSON.stringify(event));
      }
    },
    attacks: () => attacks,
  },
  async () => sandbox?.close(),
);

async function accepted({ seed, faulty, attackOnAll }, card) {
  opened.push(card);
  acceptedAtMs.set(card.cardId, Date.now());
  const { attack } = faulty ? faultOf(seed, card.orderNo, attackOnAll) : { attack: null };
  if (attack) {
    const forged = forge(attack.kind, card, chanceOf(seed, `attack ${card.orderNo}`));
    if (attack.early) await post(attack.kind, forged);
    else setTimeout(() => void post(attack.kind, forged), 250);
  }
  if (!hold) return;
  announce("held", card.orderNo);
  await hold.promise;
}

async function post(kind, { url, body }) {
  const status = await sandbox.sendCallback(url, body).catch(() => 0);
  if (status === 200) count(new URL(url).pathname, -1);
  const counted = attacks[kind] ?? {};
  attacks[kind] = { ...counted, [status]: (counted[status] ?? 0) + 1 };
}

function count(path, by) {
  taken.set(path, (taken.get(path) ?? 0) + by);
}

/** Where faults are not left to chance, the end of an order's number says what happens to it. */
function scenarioIn(orderNo) {
  const kind = /[a-z]+(?:-[a-z]+)*$/.exec(orderNo)?.[0] ?? "approve";
  if (kind.startsWith("slow-")) return { kind: kind.slice("slow-".length), callbacks: "late" };
  return kind === "decline" ? { kind, code: "403101" } : { kind };
}

/** A callback of somebody who knows this order's address, or guesses one. */
function forge(kind, card, chance) {
  const url = card.callbackUrl;
  const claim = (cardId, orderNo = card.orderNo) => {
    const eventId = `forged_${randomBytes(6).toString("hex")}`;
    return JSON.stringify({ eventType: "CREATE_CARD", eventId, data: { cardId, orderNo, status: "ACTIVE" } });
  };
  switch (kind) {
    case "a card that does not fit":
      return { url, body: claim(otherCard(card, (other) => neverFits(card, other))) };
    case "a settled order's card":
      return { url, body: claim(otherCard(card, (other) => fits(card, other) && isSettled(other))) };
    case TWIN:
      return { url, body: claim(otherCard(card, (other) => fits(card, other) && other.readCount === 0)) };
    case "another order's number":
      return {
        url,
        body: claim(
          otherCard(card, () => true),
          `${card.orderNo}x`,
        ),
      };
    case "wrong token":
      return { url: url.replace(/[^/]+$/, randomBytes(18).toString("base64url")), body: claim(card.cardId) };
    case "oversized":
      return { url, body: claim(card.cardId, OVERSIZED) };
    case "malformed":
      return {
        url,
        body: chance.pick(["", "{", "null", "[]", '{"eventType":1}', '{"eventType":"CREATE_CARD","data":7}']),
      };
    default:
      return { url, body: claim(UNKNOWN_CARD) };
  }
}

/** The newest card of another order that is as wanted; one that does not exist where there is none. */
function otherCard(card, isWanted) {
  return opened.findLast((other) => other !== card && isWanted(other))?.cardId ?? UNKNOWN_CARD;
}

/** A card whose deposit was refunded fits whatever was ordered, since nothing is left of the deposit to compare. */
function fits(card, other) {
  return sameCustomer(card, other) && (card.ordered === other.ordered || other.deposit === 0);
}

/** Whatever becomes of the other card: one that is still opening may yet be refunded. */
function neverFits(card, other) {
  return !sameCustomer(card, other) || (card.ordered !== other.ordered && other.status === "ACTIVE");
}

function sameCustomer(card, other) {
  return card.customerId === null || other.customerId === null || card.customerId === other.customerId;
}

/** So long after it was read the merchant knows whose it is. */
function isSettled(card) {
  return card.readCount > 3 && card.status === "ACTIVE" && Date.now() - card.openedAtMs > SETTLED_MS;
}
