import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { secretsKept } from "./planted.js";

/** What a server must not have kept: the exact texts that only this server knows. */
export interface OwnSecrets {
  readonly cardNumbers: readonly string[];
  /** Keys of ours, whole or line by line. */
  readonly keys: readonly string[];
}

/** What is in an embedded database that must not be; only files that were written since then are looked at. */
export function keptInFolder(folder: string, secrets: OwnSecrets, sinceMs: number): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    // The folder's own signing secret is where it belongs.
    .filter((path) => statSync(path).mtimeMs >= sinceMs && !path.endsWith("callback-signing-secret"));
  return [...new Set(files.flatMap((path) => keptIn(readFileSync(path, "latin1"), secrets)))];
}

/** What is in the tables of a PostgreSQL database that must not be; none when it cannot be reached any more. */
export async function keptInPostgres(url: string, secrets: OwnSecrets): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch {
    return [];
  }
  try {
    const { rows: tables } = await client.query("select tablename from pg_tables where schemaname = 'public'");
    const found: string[] = [];
    for (const { tablename } of tables) {
      const { rows } = await client.query(`select t::text as line from "${tablename}" t limit 5000`);
      found.push(...keptIn(rows.map(({ line }) => line).join("\n"), secrets));
    }
    return [...new Set(found)];
  } finally {
    await client.end();
  }
}

function keptIn(text: string, { cardNumbers, keys }: OwnSecrets): readonly string[] {
  const numbers = cardNumbers.some((number) => text.includes(number)) ? ["a card number"] : [];
  const own = keys.some((key) => text.includes(key)) ? ["a key of ours"] : [];
  return [...numbers, ...own, ...secretsKept(text)];
}
