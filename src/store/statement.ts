import { type Compilable, CompiledQuery, type Kysely, type RawBuilder } from "kysely";
import type { Tables } from "./tables.js";

/** Stands for a value that is given at each execution. */
class Parameter {
  constructor(readonly name: string) {}
}

/** Values by the names that the statement was written with. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Writes a named parameter where Kysely wants a value; its type is whatever the column asks for. */
export function param(name: string): never {
  return new Parameter(name) as never;
}

/** A statement in SQL's own words, where it does several things at once. */
export function inSql<Row>(text: RawBuilder<Row>): (db: Kysely<Tables>) => Compilable {
  return (db) => ({ compile: () => text.compile(db) }) as Compilable;
}

/**
 * A statement that Kysely compiles once, on first use; each execution only fills in its parameters.
 * `Row` is what the statement returns.
 */
export class Statement<Row> {
  readonly #build: (db: Kysely<Tables>) => Compilable;
  #compiled: { readonly sql: string; readonly parameters: readonly unknown[] } | null = null;

  constructor(build: (db: Kysely<Tables>) => Compilable) {
    this.#build = build;
  }

  /** Runs it on a database or inside a transaction. Throws when a named value is missing. */
  async run(db: Kysely<Tables>, values: Parameters): Promise<readonly Row[]> {
    this.#compiled ??= this.#build(db).compile();
    const filled = this.#compiled.parameters.map((parameter) => fill(parameter, values));
    const result = await db.executeQuery<Row>(CompiledQuery.raw(this.#compiled.sql, filled));
    return result.rows;
  }

  /** The first row, or null. */
  async first(db: Kysely<Tables>, values: Parameters): Promise<Row | null> {
    return (await this.run(db, values))[0] ?? null;
  }
}

function fill(parameter: unknown, values: Parameters): unknown {
  if (!(parameter instanceof Parameter)) return parameter;
  const value = values[parameter.name];
  if (value === undefined) throw new Error(`statement parameter ${parameter.name} was not given`);
  return value;
}
