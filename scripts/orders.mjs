// The operator's view: which orders need a person and why, what is known of one, and settling it by hand.
//
//   npm run orders -- list [--json]
//   npm run orders -- show ORDER [--json]
//   npm run orders -- settle ORDER --failed --reason "what you found"
//   npm run orders -- settle ORDER --card CARD_ID --reason "what you found"
//
// ORDER is the caller's orderNo or our id of the order. It reads the same environment as the server. With PostgreSQL it
// runs beside the servers; the embedded database is held by its server, which has to be stopped first.

import { parseArgs } from "node:util";
import { print, Refused, runForOperator, table } from "./operator-terminal.mjs";

const USAGE = `Usage:
  npm run orders -- list [--json]
  npm run orders -- show ORDER [--json]
  npm run orders -- settle ORDER --failed --reason "what you found"
  npm run orders -- settle ORDER --card CARD_ID --reason "what you found"

ORDER is the caller's orderNo or our id of the order, CARD_ID the provider's id of the card.`;

const MAX_LISTED = 500;
const REASON_LENGTH = { least: 3, most: 500 };

/** Why an order needs a person, and what that person can do. */
const REASONS = {
  NO_EVIDENCE:
    "Nothing that settles it came in time. Look it up with the provider by orderNo: if a card came of it, settle with\n" +
    "--card; if none did, with --failed. What the provider still sends settles it by itself.",
  CARD_MISMATCH:
    "The provider named a card that does not fit the order, or a second one: a deposit may have been spent twice. Look\n" +
    "both up with the provider before you settle.",
  CONTRADICTION:
    "What the provider said at one time contradicts what it said at another. Ask it which is true before you settle.",
};

/** What a settlement that did not come about is told as. */
const REFUSALS = {
  not_in_review: () => "The order does not need review, so there is nothing to settle.",
  contradicts: () =>
    "Refused: it contradicts what is known. The card is another order's, another card is known for this order, the\n" +
    "order's card is open, or the provider describes an earlier state of it. Nothing was changed.",
  no_account: () =>
    "The card cannot be read: the order's provider has no account in this environment (a sandbox lives inside its\n" +
    "server). Nothing was changed.",
  no_answer: ({ because }) => `The provider did not describe that card (${because}). Nothing was changed.`,
};

await runForOperator(() => {
  const { command, name, options } = readArguments();
  return (operator) => command(operator.orders, name, options);
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      failed: { type: "boolean", default: false },
      card: { type: "string" },
      reason: { type: "string" },
    },
  });
  const [verb, name, ...rest] = positionals;
  const command = { list, show, settle }[verb];
  if (!command || rest.length > 0 || (verb === "list") === (name !== undefined)) throw new Refused(USAGE);
  return { command, name, options: values };
}

async function list(orders, _name, { json }) {
  const views = await orders.list(MAX_LISTED);
  if (json) return print(JSON.stringify(views.map(facts), null, 2));
  if (views.length === 0) return print("No order needs review.");
  print(
    table([
      ["ORDER NO", "PROVIDER", "MODE", "DEPOSIT", "SINCE", "CARD", "WHY"],
      ...views
        .map(facts)
        .map((one) => [
          one.orderNo,
          one.provider,
          one.mode,
          one.deposit,
          one.updatedAt,
          one.card ? `${one.card.providerCardId} ${one.card.status}` : "-",
          one.reviewReason,
        ]),
    ]),
  );
  if (views.length === MAX_LISTED) print(`Only the first ${MAX_LISTED} are listed.`);
}

async function show(orders, name, { json }) {
  const dossiers = await orders.show(name);
  if (dossiers.length === 0) throw new Refused("There is no such order.");
  if (json) return print(JSON.stringify(dossiers.map(whole), null, 2));
  print(dossiers.map(sheet).join("\n\n"));
}

async function settle(orders, name, { failed, card, reason }) {
  if (failed === (card !== undefined)) throw new Refused("Say either --failed or --card CARD_ID.");
  const given = reason?.trim() ?? "";
  if (given.length < REASON_LENGTH.least || given.length > REASON_LENGTH.most) {
    throw new Refused(`--reason must be ${REASON_LENGTH.least} to ${REASON_LENGTH.most} characters: what you found.`);
  }
  const [dossier, another] = await orders.show(name);
  if (!dossier) throw new Refused("There is no such order.");
  if (another) throw new Refused("Several orders have that number; name the one you mean by its id (see show).");
  const verdict = failed ? { kind: "failed" } : { kind: "card", providerCardId: card };
  const settlement = await orders.settle(dossier.view.order, verdict, given);
  if (settlement.kind !== "settled") throw new Refused(REFUSALS[settlement.kind](settlement));
  const { order, card: known } = settlement.view;
  print(`${order.orderNo} is ${order.state}${known ? `, card ${known.providerCardId} is ${known.status}` : ""}.`);
}

/** What an operator needs of an order; nothing personal is among it. */
function facts({ order, card }) {
  const { amountMinor, currency } = order.request.deposit;
  return {
    id: order.id,
    tenant: order.tenant,
    orderNo: order.orderNo,
    provider: order.provider,
    mode: order.mode,
    state: order.state,
    reviewReason: order.reviewReason,
    failure: order.failure,
    deposit: `${currency} ${(amountMinor / 100).toFixed(2)}`,
    customerId: order.request.customerId,
    sends: order.sends,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
    card: card && { id: card.id, providerCardId: card.providerCardId, status: card.status, last4: card.last4 },
  };
}

function whole({ view, events, callbacks }) {
  return { ...facts(view), events, callbacks };
}

function sheet({ view, events, callbacks }) {
  const one = facts(view);
  const card = one.card ? `${one.card.providerCardId} ${one.card.status}` : "none is known";
  const lines = [
    `${one.orderNo}  ${one.state}${one.reviewReason ? ` (${one.reviewReason})` : ""}`,
    `  id ${one.id}, tenant ${one.tenant}, ${one.provider} ${one.mode}, deposit ${one.deposit}, sent ${one.sends} time(s)`,
    `  customer ${one.customerId ?? "-"}, card: ${card}`,
    "",
    indent(table([["WHEN", "EVIDENCE", "STATE", "CARD", "NOTE"], ...events.map(eventLine)])),
  ];
  if (callbacks.length > 0) {
    const rows = callbacks.map(({ receivedAt, eventType, providerCardId, verdict }) => [
      receivedAt.toISOString(),
      eventType,
      providerCardId ?? "-",
      verdict ?? "not asked yet",
    ]);
    lines.push("", indent(table([["CALLBACK", "EVENT", "NAMES CARD", "VERDICT"], ...rows])));
  }
  if (one.reviewReason) lines.push("", indent(REASONS[one.reviewReason]));
  return lines.join("\n");
}

function eventLine({ at, evidence, fromState, state, reviewReason, failure, card, note }) {
  const why = reviewReason ?? failure?.code;
  return [
    at.toISOString(),
    evidence,
    `${fromState && fromState !== state ? `${fromState} > ` : ""}${state}${why ? ` (${why})` : ""}`,
    card ? card.status : "-",
    note ?? "",
  ];
}

function indent(text) {
  return text.replace(/^(?=.)/gm, "  ");
}
