import { randomBytes } from "node:crypto";
import { startPrepaidifySandbox } from "../../../dist/datasources/prepaidify/sandbox/index.js";
import { faultOf } from "../faults.mjs";
import { chanceOf } from "../seeded.mjs";
import { announce, answerParent } from "./channel.mjs";

/** More than any run orders. */
const MAX_CARDS = 1_000_000;
/** Just over what a callback may be. */
const OVERSIZED = "x".repeat(70_000);

let sandbox = null;
let servers = [];
let turn = 0;
const attacks = {};
/** Cards by id, as they are judged: kept here because only the sandbox knows what a provider knows. */
const opened = [];
let hold = null;

/** The provider as the judge: outlives the servers, misbehaves by order number, counts what it opened. */
answerParent(
  {
    start: async ({ seed, faulty, dedupes, stageMs, lateMs, timestampWindowMs }) => {
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
        onAccepted: (card) => accepted(seed, faulty, card),
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
      sandbox.cards().map(({ cardId, orderNo, status }) => ({
        cardId,
        orderNo,
        live: status !== "CREATE_CARD_FAILED_REFUND",
        opening: status.startsWith("INIT"),
      })),
    resend: async (orderNo) => {
      const card = sandbox.cards().find((one) => one.orderNo === orderNo);
      return card ? sandbox.resendCallback(card.cardId) : null;
    },
    attacks: () => attacks,
  },
  async () => sandbox?.close(),
);

async function accepted(seed, faulty, card) {
  opened.push(card);
  const { attack } = faulty ? faultOf(seed, card.orderNo) : { attack: null };
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
  const counted = attacks[kind] ?? {};
  attacks[kind] = { ...counted, [status]: (counted[status] ?? 0) + 1 };
}

/** Where faults are not left to chance, the end of an order's number says what happens to it. */
function scenarioIn(orderNo) {
  const [kind] = orderNo.match(/[a-z-]+$/) ?? ["approve"];
  const plain = kind.replace(/^-+/, "");
  return plain === "decline" ? { kind: plain, code: "403101" } : { kind: plain || "approve" };
}

/** A callback of somebody who knows this order's address, or guesses one. */
function forge(kind, card, chance) {
  const url = card.callbackUrl;
  const event = (data) =>
    JSON.stringify({ eventType: "CREATE_CARD", eventId: `forged_${randomBytes(6).toString("hex")}`, data });
  const other = opened[chance.integer(Math.max(0, opened.length - 50), opened.length - 1)];
  switch (kind) {
    case "unknown card":
      return { url, body: event({ cardId: "c_0123456789abcdef", orderNo: card.orderNo, status: "ACTIVE" }) };
    case "another order's card":
      return { url, body: event({ cardId: other.cardId, orderNo: card.orderNo, status: "ACTIVE" }) };
    case "another order's number":
      return { url, body: event({ cardId: other.cardId, orderNo: `${card.orderNo}x`, status: "ACTIVE" }) };
    case "wrong token":
      return {
        url: url.replace(/[^/]+$/, randomBytes(18).toString("base64url")),
        body: event({ cardId: card.cardId, orderNo: card.orderNo, status: "ACTIVE" }),
      };
    case "oversized":
      return { url, body: event({ cardId: other.cardId, orderNo: OVERSIZED, status: "ACTIVE" }) };
    default:
      return {
        url,
        body: chance.pick(["", "{", "null", "[]", '{"eventType":1}', '{"eventType":"CREATE_CARD","data":7}']),
      };
  }
}
