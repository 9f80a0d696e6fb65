// Erases the personal data of one person, for good.
//
//   npm run erase -- --customer ID | --contact CONTACT_ID | --email ADDRESS | --mobile NUMBER
//                    [--tenant NAME] [--with-open-cards] [--dry-run] [--yes] [--json]
//
// It reads the same environment as the server. With PostgreSQL it runs beside the servers; the embedded database is
// held by its server, which has to be stopped first. What it did is in the audit log.

import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { print, Refused, runForOperator, table } from "./operator-terminal.mjs";

const USAGE = `Usage:
  npm run erase -- --customer ID | --contact CONTACT_ID | --email ADDRESS | --mobile NUMBER
                   [--tenant NAME] [--with-open-cards] [--dry-run] [--yes] [--json]

ID is the caller's own id of the customer, CONTACT_ID our id of a contact. By address or number every row of the tenant
is looked through. --dry-run only says what there is.`;

const WHY_NOT = {
  moving: "kept: it is not settled yet",
  open_card: "kept: its card is open (--with-open-cards)",
};

await runForOperator(() => {
  const { request, options } = readArguments();
  return ({ erase }) => run(erase, request, options);
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      customer: { type: "string" },
      contact: { type: "string" },
      email: { type: "string" },
      mobile: { type: "string" },
      tenant: { type: "string" },
      "with-open-cards": { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { customer, contact, email, mobile, tenant = null } = values;
  const given = [customer, contact, email, mobile].filter((value) => value !== undefined);
  if (positionals.length > 0 || given.length !== 1 || given[0] === "") throw new Refused(USAGE);
  const by =
    customer !== undefined
      ? { customerId: customer }
      : contact !== undefined
        ? { contactId: contact }
        : { person: { email: email ?? null, mobile: mobile ?? null } };
  return { request: { tenant, by, withOpenCards: values["with-open-cards"] }, options: values };
}

async function run(erase, request, { "dry-run": isDryRun, yes, json }) {
  const plan = await erase.plan(request);
  const tenants = new Set([...plan.orders, ...plan.contacts].map(({ tenant }) => tenant));
  // Every tenant names its customers as it likes: the same id may be another person.
  if ("customerId" in request.by && tenants.size > 1) {
    throw new Refused(`Several tenants have such a customer: ${[...tenants].sort().join(", ")}. Say --tenant.`);
  }
  const rows = linesOf(plan);
  const [due, kept] = [rows.filter(({ isDue }) => isDue), rows.filter(({ isKept }) => isKept)];
  if (!json) tell(rows, plan);
  if (due.length > 0 && !isDryRun) await confirm(due.length, yes);
  const nothing = { orders: 0, cardHolders: 0, callbacks: 0, contacts: 0 };
  const erased = isDryRun || due.length === 0 ? nothing : await erase.carryOut(plan, request.withOpenCards);
  if (json) print(JSON.stringify({ rows: rows.map(({ id, what }) => ({ id, what })), erased }, null, 2));
  else if (isDryRun) print("Nothing was erased: this was a dry run.");
  else if (due.length > 0) {
    const { orders, cardHolders, callbacks, contacts } = erased;
    print(`Erased: ${orders} orders, ${cardHolders} cardholders, ${callbacks} callbacks, ${contacts} contacts.`);
  }
  if (kept.length > 0) throw new Refused(`Kept: ${kept.length}. Run this again once they are settled.`);
  if (!isDryRun && erased.orders + erased.contacts < due.length) {
    throw new Refused("Some of it has moved meanwhile and was kept. Run this again.");
  }
}

function linesOf({ orders, contacts }) {
  return [
    ...orders.map(({ id, orderNo, state, cardStatus, isErased, hindrance }) => ({
      ...{ id, name: orderNo, state: cardStatus ? `${state}, card ${cardStatus}` : state },
      what: isErased ? "erased before" : hindrance ? WHY_NOT[hindrance] : "to be erased",
      isDue: !isErased && !hindrance,
      isKept: !isErased && hindrance !== null,
    })),
    ...contacts.map(({ id, isMoving, isErased }) => ({
      ...{ id, name: "-", state: "contact" },
      what: isErased ? "erased before" : isMoving ? WHY_NOT.moving : "to be erased",
      isDue: !isErased && !isMoving,
      isKept: !isErased && isMoving,
    })),
  ];
}

function tell(rows, { unreadable }) {
  if (rows.length === 0) print("There is nothing of that person here.");
  else {
    const lines = rows.map(({ id, name, state, what }) => [id, name, state, what]);
    print(table([["ID", "ORDER NO", "STATE", "WHAT"], ...lines]));
  }
  if (unreadable > 0) print(`No key opens ${unreadable} rows: whether they are that person's cannot be told.`);
}

async function confirm(count, yes) {
  if (yes) return;
  if (!process.stdin.isTTY) throw new Refused("Nothing was erased: say --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Erase these ${count} for good? Type yes: `).finally(() => terminal.close());
  if (answer.trim() !== "yes") throw new Refused("Nothing was erased.");
}
