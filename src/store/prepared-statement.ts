import pg from "pg";
import { serialize } from "pg-protocol";

/** Turns the text of a value that is not null into the value. */
type ParseValue = (text: string) => unknown;

/** What the rows of a statement are made of. */
interface Layout {
  readonly parsers: readonly ParseValue[];
  readonly names: readonly string[];
  /** A row of nothing, which is copied for each row: an object that has all its properties at once is cheap to fill. */
  readonly empty: Readonly<Record<string, null>>;
}

/** What a statement came to. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: readonly Record<string, unknown>[];
}

/** The driver's own way of writing a value, which its types do not tell of. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

const NO_COLUMNS: Layout = { parsers: [], names: [], empty: {} };
const RUN = Buffer.concat([serialize.execute(), serialize.sync()]);
const DESCRIBE_AND_RUN = Buffer.concat([serialize.describe({ type: "P" }), RUN]);

/**
 * The statements that one connection has prepared. Each is parsed and described once; from then on it is one message
 * out and its rows back, without a word about their columns. The driver itself asks for those at every execution. A
 * table that has changed since makes the server refuse the statement, so what is known of it is never out of date.
 */
export class PreparedStatements {
  readonly #client: pg.PoolClient;
  readonly #answerMs: number;
  readonly #layouts = new Map<string, Layout>();

  /** `answerMs` is how long a statement's answer is waited for. */
  constructor(client: pg.PoolClient, answerMs: number) {
    this.#client = client;
    this.#answerMs = answerMs;
  }

  /**
   * Runs a statement under a name that no other text has. Rejects with the server's or the driver's error, or in the
   * driver's words when no answer came in time. The driver is not left to keep the time: it would hang a function onto
   * the execution, which keeps all that was read for as long as it takes to look through all of the memory.
   */
  run(name: string, text: string, values: readonly unknown[]): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("Query read timeout")), this.#answerMs);
      const execution = new Execution({ name, text }, values, {
        layout: this.#layouts.get(name) ?? null,
        layoutOf: (fields) => this.#layoutOf(fields),
        onEnd: (error, ended) => {
          clearTimeout(timer);
          if (error) return reject(error);
          this.#layouts.set(name, ended.layout);
          resolve(ended.result);
        },
      });
      this.#client.query(execution);
    });
  }

  #layoutOf(fields: readonly pg.FieldDef[]): Layout {
    const names = fields.map(({ name }) => name);
    return {
      parsers: fields.map(({ dataTypeID }) => this.#client.getTypeParser(dataTypeID, "text") as ParseValue),
      names,
      empty: Object.fromEntries(names.map((name) => [name, null])),
    };
  }
}

interface Ended {
  readonly layout: Layout;
  readonly result: StatementResult;
}

interface ExecutionParts {
  /** Null as long as the connection has not executed the statement. */
  readonly layout: Layout | null;
  readonly layoutOf: (fields: readonly pg.FieldDef[]) => Layout;
  readonly onEnd: (error: Error | null, ended: Ended) => void;
}

/** One execution, as the driver wants to be given what it does not make itself: it calls the methods by their names. */
class Execution implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  /** The driver would put a function of its own here if there were none. */
  readonly callback: (error: Error | null, ended: Ended) => void;
  readonly #values: readonly unknown[];
  readonly #parts: ExecutionParts;
  readonly #rows: Record<string, unknown>[] = [];
  #layout: Layout;
  #ending = "";
  #fault: Error | null = null;

  constructor(
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
    parts: ExecutionParts,
  ) {
    this.name = statement.name;
    this.text = statement.text;
    this.callback = parts.onEnd;
    this.#values = values;
    this.#parts = parts;
    this.#layout = parts.layout ?? NO_COLUMNS;
  }

  /** An error that is returned is told by the driver, and nothing has been sent. */
  submit({ stream }: pg.Connection): Error | null {
    const { name, text } = this;
    try {
      const bind = serialize.bind({ statement: name, values: this.#values as unknown[], valueMapper: prepareValue });
      // One that failed when it was first executed may be there all the same: closing what is not there is no error.
      const message =
        this.#parts.layout === null
          ? [serialize.close({ type: "S", name }), serialize.parse({ name, text }), bind, DESCRIBE_AND_RUN]
          : [bind, RUN];
      if (stream.writable) stream.write(Buffer.concat(message));
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#layout = this.#parts.layoutOf(fields);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#fault) return;
    const { parsers, names, empty } = this.#layout;
    const row: Record<string, unknown> = { ...empty };
    try {
      for (let index = 0; index < fields.length; index += 1) {
        const text = fields[index];
        if (text != null) row[names[index] as string] = (parsers[index] as ParseValue)(text);
      }
    } catch (error) {
      // The rest of the answer is still to come.
      this.#fault = error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#ending = text;
  }

  handleEmptyQuery(): void {
    // Nothing was asked, so there are no rows.
  }

  handleError(error: Error): void {
    this.callback(error, this.#ended());
  }

  handleReadyForQuery(): void {
    this.callback(this.#fault, this.#ended());
  }

  /** The server ends an answer with its command and the number of rows, such as `INSERT 0 1` or `UPDATE 3`. */
  #ended(): Ended {
    const [command = "", ...numbers] = this.#ending.split(" ");
    return { layout: this.#layout, result: { command, rowCount: Number(numbers.at(-1) ?? 0), rows: this.#rows } };
  }
}
