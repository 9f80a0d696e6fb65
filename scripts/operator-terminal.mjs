// What the operator's commands have in common: the way to the database, refusals in words, and tables.
import { readConfig } from "../dist/config.js";
import { REGISTRY } from "../dist/datasources/registry.js";
import { openOperator } from "../dist/operator.js";

/** A command that is not carried out, in words for the operator. */
export class Refused extends Error {}

/** Runs a command with what an operator looks after. A stack trace helps nobody here: what goes wrong is said in words. */
export async function runForOperator(readCommand) {
  try {
    const command = readCommand();
    const operator = await openOperator(readConfig(process.env, REGISTRY));
    try {
      await command(operator);
    } finally {
      await operator.close();
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Columns as wide as their widest cell. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

export function print(text) {
  process.stdout.write(`${text}\n`);
}
