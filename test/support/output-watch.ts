import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { secretsShown } from "./planted.js";

/** Where the text that is looked through came from. */
export type Place = "log" | "error" | "metrics";

/** How much is collected before it is looked through, in characters. */
const LOOK_AT = 262_144;

/** Looks through everything that the servers of the tests say, and keeps nothing of it but what was found. */
export class OutputWatch {
  readonly #folder: string;
  readonly #label: () => string;
  readonly #waiting = new Map<Place, string[]>();
  #length = 0;

  /** `folder` is where findings are kept; `label` says which test is under way. */
  constructor(folder: string, label: () => string) {
    this.#folder = folder;
    this.#label = label;
  }

  /** Takes a whole line, or a whole answer. */
  take(place: Place, text: string): void {
    const waiting = this.#waiting.get(place) ?? [];
    waiting.push(text);
    this.#waiting.set(place, waiting);
    this.#length += text.length;
    if (this.#length > LOOK_AT) this.look();
  }

  /** Looks through what was taken since the last time. */
  look(): void {
    for (const [place, texts] of this.#waiting) {
      const all = texts.join("\n");
      const found = secretsShown(all).map((what) => `${what} in the ${place} of ${this.#label()}\n`);
      if (found.length > 0) appendFileSync(join(this.#folder, "found"), found.join(""));
      appendFileSync(join(this.#folder, "seen"), `${place} ${all.length}\n`);
    }
    this.#waiting.clear();
    this.#length = 0;
  }
}

/** Throws when anything was found by the watches of a folder. */
export function failOnFindings(folder: string): void {
  if (!readdirSync(folder).includes("found")) return;
  const found = new Set(readFileSync(join(folder, "found"), "utf8").trim().split("\n"));
  throw new Error(`A server of the tests has shown what it must not:\n${[...found].join("\n")}`);
}

/** How much was looked through by the watches of a folder, in characters. */
export function seenBy(folder: string): Readonly<Partial<Record<Place, number>>> {
  const seen: Partial<Record<Place, number>> = {};
  if (!readdirSync(folder).includes("seen")) return seen;
  for (const line of readFileSync(join(folder, "seen"), "utf8").trim().split("\n")) {
    const [place, length] = line.split(" ") as [Place, string];
    seen[place] = (seen[place] ?? 0) + Number(length);
  }
  return seen;
}

/** The errors of an answer, those that are part of the schema among them; an empty text when there are none. */
export function errorsOf(answer: string): string {
  if (!/"(?:errors|userErrors)":\[\{|"failure":\{|"type":"error"/.test(answer)) return "";
  const found: unknown[] = [];
  try {
    JSON.parse(answer, (key, value) => {
      if (["errors", "userErrors", "failure"].includes(key)) found.push(value);
      return value;
    });
  } catch {
    return answer;
  }
  return JSON.stringify(found);
}
