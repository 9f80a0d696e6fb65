import { inspect } from "node:util";

const REDACTED = "[redacted]";

/**
 * A value that prints `[redacted]` whatever prints it: string conversion, JSON, `util.inspect`, a logger.
 * Only {@link Secret.reveal} gives it back, so every place that uses it can be found by name.
 */
export class Secret<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself. Call it where the value is used, never where it is passed on. */
  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
