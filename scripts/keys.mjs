// API keys, for servers with AUTH=keys.
//
//   npm run keys -- create --tenant NAME --scopes cards:read,cards:write --label "what it is for" [--days 90]
//   npm run keys -- list [--json]
//   npm run keys -- revoke ID
//
// It reads the same environment as the server. With PostgreSQL it runs beside the servers; the embedded database is
// held by its server, which has to be stopped first. A key is shown once; kept of it is a hash.

import { parseArgs } from "node:util";
import { isScope, SCOPES } from "../dist/domain/scope.js";
import { print, Refused, runForOperator, table } from "./operator-terminal.mjs";

const USAGE = `Usage:
  npm run keys -- create --tenant NAME --scopes SCOPE,SCOPE --label "what it is for" [--days 90]
  npm run keys -- list [--json]
  npm run keys -- revoke ID

SCOPE is one of ${SCOPES.join(", ")}. Without --days a key opens until it is revoked.`;

const MAX_LISTED = 1_000;
const MAX_DAYS = 3_650;
const DAY_MS = 86_400_000;

await runForOperator(() => {
  const { command, id, options } = readArguments();
  return (operator) => command(operator.keys, options, id);
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      tenant: { type: "string" },
      scopes: { type: "string" },
      label: { type: "string" },
      days: { type: "string" },
    },
  });
  const [verb, id, ...rest] = positionals;
  const command = { create, list, revoke }[verb];
  if (!command || rest.length > 0 || (verb === "revoke") === (id === undefined)) throw new Refused(USAGE);
  return { command, id, options: values };
}

async function create(keys, { tenant, scopes, label, days }) {
  if (!tenant || !scopes || !label) throw new Refused(`--tenant, --scopes and --label are needed.\n\n${USAGE}`);
  const wanted = scopes.split(",").map((scope) => scope.trim());
  const unknown = wanted.filter((scope) => !isScope(scope));
  if (unknown.length > 0) throw new Refused(`There is no such scope: ${unknown.join(", ")}.\n\n${USAGE}`);
  const expiresAt = days === undefined ? null : new Date(Date.now() + daysOf(days) * DAY_MS);
  const { id, text } = await keys.create({ tenant, label, scopes: wanted, expiresAt });
  process.stderr.write(
    `Key ${id} of tenant ${tenant} is made${expiresAt ? `, good until ${expiresAt.toISOString()}` : ""}. ` +
      "It is shown this once:\n",
  );
  print(text.reveal());
}

function daysOf(text) {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_DAYS) throw new Refused(`--days must be 1 to ${MAX_DAYS}.`);
  return days;
}

async function list(keys, { json }) {
  const records = (await keys.list(MAX_LISTED)).map(facts);
  if (json) return print(JSON.stringify(records, null, 2));
  if (records.length === 0) return print("There are no keys.");
  const rows = records.map((key) => [
    key.id,
    key.tenant,
    key.state,
    key.scopes.join(","),
    key.createdAt,
    key.expiresAt ?? "-",
    key.label,
  ]);
  print(table([["ID", "TENANT", "STATE", "SCOPES", "CREATED", "EXPIRES", "LABEL"], ...rows]));
  if (records.length === MAX_LISTED) print(`Only the newest ${MAX_LISTED} are listed.`);
}

async function revoke(keys, _options, id) {
  if (!(await keys.revoke(id))) throw new Refused("There is no such key, or it was revoked before.");
  print(`Key ${id} is revoked. Servers that have seen it believe it for up to ten seconds more.`);
}

/** Everything but the hash, which is of no use to anybody. */
function facts({ id, tenant, label, scopes, createdAt, expiresAt, revokedAt }) {
  const state = revokedAt ? "revoked" : expiresAt && expiresAt <= new Date() ? "expired" : "good";
  return {
    ...{ id, tenant, label, scopes, state },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
