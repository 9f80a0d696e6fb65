/** More statements than this product has; beyond them nothing gets a name, so that no server collects them for ever. */
const MAX_NAMES = 500;

/**
 * Names for statements that a server is to parse once: the same text always has the same name. Values never stand in
 * a text, so there are only as many texts as there are statements.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** The name of a statement; none for one without parameters, such as `begin`, which gains nothing by having one. */
  of(text: string, parameters: readonly unknown[]): string | undefined {
    if (parameters.length === 0) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_NAMES) return known;
    const name = `s${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}
