// The audit log: who did what, and whether anybody has changed it since.
//
//   npm run audit -- verify [--noted HASH]
//   npm run audit -- list [--tenant NAME] [--card CARD_ID] [--json]
//
// It reads the same environment as the server. With PostgreSQL it runs beside the servers; the embedded database is
// held by its server, which has to be stopped first.

import { parseArgs } from "node:util";
import { print, Refused, runForOperator, table } from "./operator-terminal.mjs";

const USAGE = `Usage:
  npm run audit -- verify [--noted HASH]
  npm run audit -- list [--tenant NAME] [--card CARD_ID] [--json]

CARD_ID is our id of the card; HASH is what an earlier verify ended with.`;

const MAX_LISTED = 1_000;
const HASH = /^[0-9a-f]{64}$/;

await runForOperator(() => {
  const { command, options } = readArguments();
  return (operator) => command(operator.audit, options);
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      tenant: { type: "string" },
      card: { type: "string" },
      noted: { type: "string" },
    },
  });
  const [verb, ...rest] = positionals;
  const command = { verify, list }[verb];
  if (!command || rest.length > 0) throw new Refused(USAGE);
  if (values.noted !== undefined && !HASH.test(values.noted)) throw new Refused(`--noted takes a hash.\n\n${USAGE}`);
  return { command, options: values };
}

async function verify(audit, { noted }) {
  const verdict = await audit.verify(noted ?? null);
  switch (verdict.kind) {
    case "ok":
      return print(`ok: ${verdict.count} rows, the last one's hash is ${verdict.head}`);
    case "broken":
      throw new Refused(
        verdict.id === null
          ? `Row ${verdict.position} of the chain is missing.`
          : `Row ${verdict.position} of the chain (id ${verdict.id}) does not fit: it, or what stood before it, was changed.`,
      );
    case "cut":
      throw new Refused(
        `The ${verdict.count} rows fit each other, but the noted hash is not among theirs: rows were removed from the ` +
          "end, or the chain was made anew.",
      );
  }
}

async function list(audit, { tenant, card, json }) {
  const rows = await audit.list({ tenant: tenant ?? null, cardId: card ?? null }, MAX_LISTED);
  if (json) return print(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return print("Nothing was done.");
  const lines = rows.map((row) => [
    row.at.toISOString(),
    row.tenant,
    row.subject,
    row.action,
    row.target,
    row.outcome,
    row.reason ?? "-",
  ]);
  print(table([["AT", "TENANT", "WHO", "WHAT", "TO", "OUTCOME", "REASON"], ...lines]));
  if (rows.length === MAX_LISTED) print(`Only the newest ${MAX_LISTED} are listed.`);
}
