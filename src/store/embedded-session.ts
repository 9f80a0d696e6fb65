import { type PGlite, protocol } from "@electric-sql/pglite";
import type { CompiledQuery, QueryResult } from "kysely";
import { StoreUnavailable } from "../domain/store-unavailable.js";
import { StatementNames } from "./statement-names.js";

const { serialize } = protocol;

/**
 * How long a plan is used. The embedded server never learns by itself that its tables have grown, so a plan that was
 * right for an empty table would be used for a full one for as long as the process lives.
 */
const PLANNED_FOR_MS = 60_000;

const SYNC = serialize.sync();
const EXECUTE_AND_SYNC = joined([serialize.execute({}), SYNC]);

/** Turns the text of a value into the value. */
type ParseValue = (text: string, type: number) => unknown;

/** A statement that the server has parsed. */
interface Prepared {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  readonly columns: readonly { readonly name: string; readonly type: number; readonly parse: ParseValue }[];
  readonly preparedMs: number;
}

/** What the server says, as far as it is listened to. */
interface Told {
  readonly name: string;
  readonly dataTypeIDs?: readonly number[];
  readonly fields?: readonly unknown[];
  readonly text?: string;
}

/**
 * Runs statements on the embedded server, which parses each of them once: after that a statement is one call of the
 * server instead of six, and mostly without planning. One at a time, and never between a transaction's own.
 */
export class EmbeddedSession {
  readonly #pglite: PGlite;
  readonly #names = new StatementNames();
  readonly #prepared = new Map<string, Prepared>();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** Whether {@link run} takes the statement: one without parameters gains nothing by being prepared. */
  takes({ sql, parameters }: CompiledQuery): boolean {
    return this.#names.of(sql, parameters) !== undefined;
  }

  /** Rejects with the server's error, or {@link StoreUnavailable} once the database is closed. */
  run<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#pglite.runExclusive(async () => {
      if (!this.#pglite.ready) throw new StoreUnavailable("unreachable");
      const prepared = await this.#prepare(sql, parameters);
      const values = parameters.map((value, index) => this.#textOf(value, prepared.parameterTypes[index] ?? 0));
      const bind = serialize.bind({ statement: prepared.name, values });
      return resultOf<Row>(prepared, await this.#ask(joined([bind, EXECUTE_AND_SYNC])));
    });
  }

  async #prepare(text: string, parameters: readonly unknown[]): Promise<Prepared> {
    const known = this.#prepared.get(text);
    const nowMs = performance.now();
    if (known && nowMs - known.preparedMs < PLANNED_FOR_MS) return known;
    const name = this.#names.of(text, parameters) ?? "";
    this.#prepared.delete(text);
    const told = await this.#ask(
      joined([
        serialize.close({ type: "S", name }),
        serialize.parse({ name, text }),
        serialize.describe({ type: "S", name }),
        SYNC,
      ]),
    );
    const columns = told.find((message) => message.name === "rowDescription")?.fields ?? [];
    const prepared: Prepared = {
      name,
      parameterTypes: told.find((message) => message.name === "parameterDescription")?.dataTypeIDs ?? [],
      columns: (columns as readonly { name: string; dataTypeID: number }[]).map(({ name: column, dataTypeID }) => ({
        name: column,
        type: dataTypeID,
        parse: this.#pglite.parsers[dataTypeID] ?? String,
      })),
      preparedMs: nowMs,
    };
    this.#prepared.set(text, prepared);
    return prepared;
  }

  /** Whatever is asked ends with a sync, so that the server is ready for the next message after an error too. */
  async #ask(message: Uint8Array): Promise<readonly Told[]> {
    return (await this.#pglite.execProtocolStream(message, { syncToFs: false })) as readonly Told[];
  }

  #textOf(value: unknown, type: number): string | null {
    if (value === null || value === undefined) return null;
    const write = this.#pglite.serializers[type];
    return write ? write(value) : String(value);
  }
}

function resultOf<Row>({ columns }: Prepared, told: readonly Told[]): QueryResult<Row> {
  const rows: Row[] = [];
  let affected = 0n;
  for (const message of told) {
    if (message.name === "dataRow") rows.push(rowOf(columns, message.fields as readonly (string | null)[]) as Row);
    else if (message.name === "commandComplete") affected = BigInt(/ (\d+)$/.exec(message.text ?? "")?.[1] ?? 0);
  }
  return { rows, numAffectedRows: affected };
}

function rowOf(columns: Prepared["columns"], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [index, { name, type, parse }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = text === null ? null : parse(text, type);
  }
  return row;
}

function joined(messages: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(messages);
}
