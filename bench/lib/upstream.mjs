// Both providers' sandboxes, in a process of their own. They check every signature and decrypt every envelope, and
// Prepaidify's asks the server back (reverse validation) before it answers; where there are several servers, in turn,
// as a balancer in front of them would have it.

import { startPagsmileSandbox } from "../../dist/datasources/pagsmile/sandbox/start-sandbox.js";
import { startPrepaidifySandbox } from "../../dist/datasources/prepaidify/sandbox/index.js";
import { answerParent } from "./child-program.mjs";

/** Cards stay as they are made: their way to ACTIVE would cost the server CPU that belongs to no request. */
const STAGE_MS = 3_600_000;
/** Fewer than the server may ask for at once would do; this many are remembered. */
const MAX_CARDS = 2_000;

let serverUrls = [];
let asked = 0;
const clock = { now: () => new Date() };
const prepaidify = await startPrepaidifySandbox({
  clock,
  publicUrl: () => serverUrls[asked++ % serverUrls.length],
  stageMs: STAGE_MS,
  maxCards: MAX_CARDS,
});
const pagsmile = await startPagsmileSandbox({ clock });

answerParent(async (request) => {
  switch (request.kind) {
    case "accounts":
      return { ...accountOfPrepaidify(), ...accountOfPagsmile() };
    case "serve":
      serverUrls = request.serverUrls;
      return null;
    case "activate":
      return activateCards();
    default:
      throw new Error(`unknown request ${request.kind}`);
  }
});

/** Opens every card that there is, and calls the server back about each. */
async function activateCards() {
  for (const { cardId, status } of prepaidify.cards()) {
    if (status !== "INIT") continue;
    prepaidify.setCardStatus(cardId, "ACTIVE");
    const answered = await prepaidify.resendCallback(cardId);
    if (answered !== 200) throw new Error(`the server answered ${answered} to a callback`);
  }
  return null;
}

function accountOfPrepaidify() {
  const { account, url } = prepaidify;
  return {
    PREPAIDIFY_BASE_URL: url,
    PREPAIDIFY_ACCESS_KEY: account.accessKey,
    PREPAIDIFY_SECRET_KEY: account.secretKey.reveal(),
    PREPAIDIFY_DEFAULT_EMAIL: "cards@merchant.example",
  };
}

function accountOfPagsmile() {
  const { account, url } = pagsmile;
  return {
    PAGSMILE_BASE_URL: url,
    PAGSMILE_APP_ID: account.appId,
    PAGSMILE_PARTNER_ID: account.partnerId,
    PAGSMILE_PUBLIC_KEY: account.publicKey.export({ type: "spki", format: "pem" }),
    PAGSMILE_PRIVATE_KEY: account.privateKey.reveal().export({ type: "pkcs8", format: "pem" }),
  };
}
