import type { ConfigFault, Environment } from "./domain/registration.js";

/** Values that one variable may list. */
const MAX_LISTED = 20;

/** The configuration is wrong; the message lists every fault and repeats no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(["The configuration is wrong:", ...faults.map(({ name, rule }) => `  ${name} ${rule}`)].join("\n"));
    this.faults = faults;
  }
}

/** Reads variables one by one and collects what is wrong with them. An empty variable is an absent one. */
export class EnvironmentReader {
  readonly env: Environment;
  readonly #faults: ConfigFault[] = [];

  constructor(env: Environment) {
    this.env = env;
  }

  fault(name: string, rule: string): void {
    this.#faults.push({ name, rule });
  }

  throwFaults(): void {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
  }

  text(name: string, fallback: string): string {
    return this.env[name] || fallback;
  }

  required(name: string, why: string): string {
    const text = this.env[name] ?? "";
    if (!text) this.fault(name, `is required ${why}`);
    return text;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.env[name];
    if (value && value !== "true" && value !== "false") this.fault(name, "must be true or false");
    return value ? value === "true" : fallback;
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const text = this.env[name];
    if (!text) return fallback;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.fault(name, `must be an integer from ${least} to ${most}`);
    return fallback;
  }

  durations(name: string, fallback: readonly number[]): readonly number[] {
    const text = this.env[name];
    if (!text) return fallback;
    const values = text.split(",").map((part) => (/^ *\d{1,9} *$/.test(part) ? Number(part) : Number.NaN));
    if (values.length <= 20 && values.every((value) => value >= 1)) return values;
    this.fault(name, "must be 1 to 20 delays in milliseconds, separated by commas");
    return fallback;
  }

  /** At most {@link MAX_LISTED} values, separated by commas. */
  list(name: string, isRight: (value: string) => boolean, rule: string): readonly string[] {
    const text = this.env[name];
    if (!text) return [];
    const values = text.split(",").map((value) => value.trim());
    if (values.length <= MAX_LISTED && values.every(isRight)) return values;
    this.fault(name, `${rule}, at most ${MAX_LISTED}, separated by commas`);
    return [];
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.env[name];
    if (!text) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) this.fault(name, `must be one of ${choices.join(", ")}`);
    return choice ?? fallback;
  }

  url(name: string): string | null {
    const text = this.env[name];
    if (!text) return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    const usable = url && /^https?:$/.test(url.protocol) && !/[?#\s]/.test(text) && !url.username && !url.password;
    if (usable) return text.replace(/\/+$/, "");
    this.fault(name, "must be an http or https address without credentials, query or fragment");
    return null;
  }
}
