import { inspect } from "node:util";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/domain/secret.js";

const VALUE = "sk-planted-value";
const secret = new Secret(VALUE);

describe("a secret", () => {
  it.each<readonly [string, (value: Secret<string>) => string]>([
    ["String()", (value) => String(value)],
    ["a template", (value) => `${value}`],
    ["joining", (value) => [value].join()],
    ["adding", (value) => `key: ${value.toString()}`],
    ["JSON", (value) => JSON.stringify(value)],
    ["JSON of what holds it", (value) => JSON.stringify({ account: { key: value } })],
    ["util.inspect", (value) => inspect(value)],
    ["util.inspect of what holds it", (value) => inspect({ deep: { deeper: { key: value } } }, { depth: null })],
    ["util.inspect with everything shown", (value) => inspect(value, { showHidden: true, depth: null })],
    ["an error's message", (value) => new Error(`bad ${value}`).message],
  ])("prints redacted through %s", (_name, print) => {
    expect(print(secret)).toContain("[redacted]");
    expect(print(secret)).not.toContain("planted");
  });

  it("prints redacted through a logger", () => {
    const lines: string[] = [];
    pino({}, { write: (line: string) => void lines.push(line) }).info(
      { secret, account: { secret } },
      `with ${secret}`,
    );
    expect(lines.join("")).toContain('"secret":"[redacted]"');
    expect(lines.join("")).not.toContain("planted");
  });

  it("has no member that holds the value, and is gone when it is copied", () => {
    expect(Object.keys(secret)).toEqual([]);
    expect(Reflect.ownKeys(secret)).toEqual([]);
    expect(JSON.stringify({ ...secret })).toBe("{}");
    expect(JSON.stringify(structuredClone({ ...secret }))).toBe("{}");
  });

  it("is given back only where it is asked for by name", () => expect(secret.reveal()).toBe(VALUE));
});
