// Personal data, sealed anew under the first key of DATA_KEYS.
//
//   npm run reseal [-- --json]
//
// It reads the same environment as the server. With PostgreSQL it runs beside the servers; the embedded database is
// held by its server, which has to be stopped first. It may be stopped at any moment and run again.

import { parseArgs } from "node:util";
import { print, Refused, runForOperator } from "./operator-terminal.mjs";

const USAGE = `Usage:
  npm run reseal [-- --json]

To change keys: 1. give every server the new key after the old one (DATA_KEYS=old,new); 2. then before it (new,old);
3. npm run reseal; 4. take the old key away once nothing is sealed under it any more.`;

await runForOperator(() => {
  const options = readArguments();
  return ({ reseal }) => run(reseal, options);
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  if (positionals.length > 0) throw new Refused(USAGE);
  return values;
}

async function run(reseal, { json }) {
  if (!reseal) throw new Refused("There is no key to seal with: set DATA_KEYS.");
  const report = await reseal.run();
  const { resealed, unreadable, uses, unused } = report;
  if (json) print(JSON.stringify(report, null, 2));
  else {
    print(`Sealed anew: ${resealed} rows.`);
    for (const { keyId, rows } of uses) print(`${keyId === null ? "In clear" : `Under key ${keyId}`}: ${rows} rows.`);
    for (const id of unused)
      print(`Nothing is sealed under key ${id} any more: once no server seals with it, take it away.`);
  }
  if (unreadable > 0) throw new Refused(`No key opens ${unreadable} rows; they were left as they are.`);
}
