import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLogger, describeError } from "../../src/telemetry/logger.js";

const PAN = "4111111111111111";
const EMAIL = "planted@person.example";
const MOBILE = "+8613800138000";

/** What a logger writes while something is done with it. */
function linesOf(use: (logger: ReturnType<typeof createLogger>) => void, level = "trace"): readonly string[] {
  const lines: string[] = [];
  use(createLogger(level, { write: (line: string) => void lines.push(line) }));
  return lines;
}

/** The one line that an entry makes, as an object; fails when it is not valid JSON. */
function entryOf(details: object, message = "event"): Record<string, unknown> {
  const [line = "", ...more] = linesOf((logger) => logger.info(details, message));
  expect(more).toEqual([]);
  expect(line.endsWith("}\n")).toBe(true);
  return JSON.parse(line) as Record<string, unknown>;
}

describe("a log line", () => {
  it("is one JSON object with level, time in ISO form, and its details; nothing of the machine", () => {
    const entry = entryOf({ orderId: "ord_0199a41111111111111111abcdefabcd", durationMs: 12.5 }, "order_moved");
    expect(entry).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      orderId: "ord_0199a41111111111111111abcdefabcd",
      durationMs: 12.5,
      msg: "order_moved",
    });
  });

  it("is not written below the level that is set", () => {
    const all = linesOf((logger) => {
      logger.debug("quiet");
      logger.warn("loud");
    }, "warn");
    expect(all).toHaveLength(1);
  });

  it.each<readonly [string, unknown]>([
    ["plain", PAN],
    ["in blanks", "4111 1111 1111 1111"],
    ["in hyphens", "4111-1111-1111-1111"],
    ["among words", `card ${PAN} was declined`],
    ["on a line of its own", `card\n${PAN}\n`],
    ["in JSON in a text", JSON.stringify({ cardNo: PAN })],
    ["as a bare number", Number(PAN)],
    ["as a bare number in a list", [1, Number(PAN), 2]],
    ["as the only number of a list", [Number(PAN)]],
    ["as a bare number, deep", { wire: { model: { cardNo: Number(PAN) } } }],
    ["as a name", { [PAN]: true }],
  ])("has no card number %s, and is still JSON", (_name, details) => {
    const entry = entryOf({ details });
    expect(JSON.stringify(entry).replaceAll(/[^\d]/g, "")).not.toContain(PAN);
    expect(JSON.stringify(entry)).toContain("[redacted]");
    expect(entry.msg).toBe("event");
  });

  it("has no card number in its message or its bindings either", () => {
    expect(entryOf({}, `card ${PAN}`).msg).toBe("card [redacted]");
    const [line] = linesOf((logger) => logger.child({ card: PAN }).info("event"));
    expect(JSON.parse(line ?? "")).toMatchObject({ card: "[redacted]" });
  });

  it.each([
    ["an e-mail address", EMAIL],
    ["a mobile number", MOBILE],
  ])("has not %s in it, in whatever part", (_name, planted) => {
    const entry = entryOf({ email: planted, deep: { list: [`to ${planted}.`] }, [planted]: 1 }, `for ${planted}`);
    expect(JSON.stringify(entry)).not.toMatch(/planted|8613800138000/);
    expect(entry.msg).toBe("for [redacted]");
  });

  it("has none of the parts of a request that hold what callers send", () => {
    const details = {
      headers: { authorization: "Bearer planted" },
      req: { headers: { cookie: "planted" } },
      variables: { input: { firstName: "planted" } },
      body: "planted",
      upstream: { authorization: "planted" },
    };
    expect(JSON.stringify(entryOf(details))).not.toContain("planted");
  });

  it("keeps numbers that are no card numbers as they are", () => {
    const details = { durationMs: 1234, amountMinor: 500_000, ratio: 0.12345678901234, none: null };
    expect(entryOf(details)).toMatchObject(details);
  });

  it.each([
    ["JSON in a text", JSON.stringify({ cardNo: Number(PAN) })],
    ["a list in a text", `[${PAN}]`],
    ["a number between commas", `a,${PAN},b`],
    ["a time between colons and commas", "at:1735689600001,"],
    ["a negative number", -Number(PAN)],
    ["an address at the start of a line", `to:\n${EMAIL}`],
  ])("is still JSON when it holds %s", (_name, details) => {
    expect(JSON.stringify(entryOf({ details }))).not.toContain(PAN);
  });

  it("is still JSON, whatever is logged", () => {
    const quiet = fc.string({ unit: fc.constantFrom(..."abc \"\\\n{}'@+-") });
    const value = fc.oneof(quiet, fc.integer(), fc.boolean(), fc.constant(null), fc.double(), fc.date());
    fc.assert(
      fc.property(fc.dictionary(quiet, value), quiet, (details, message) => {
        expect(() => entryOf({ details }, message)).not.toThrow();
      }),
      { examples: [[{ "\n@a": 0 }, ""]] },
    );
  });
});

describe("an error that is logged", () => {
  it("is its type, its words and its place", () => {
    const error = new TypeError("not so");
    expect(describeError(error)).toEqual({ type: "TypeError", message: "not so", stack: error.stack });
  });

  it("has its code when that is a text", () => {
    expect(describeError(Object.assign(new Error("x"), { code: "23505" }))).toMatchObject({ code: "23505" });
    expect(describeError(Object.assign(new Error("x"), { code: { planted: 1 } }))).not.toHaveProperty("code");
  });

  it("shows nothing that a library hung onto it", () => {
    const error = Object.assign(new Error("duplicate key value violates unique constraint"), {
      detail: `Key (tenant, email)=(default, ${EMAIL}) already exists.`,
      where: "planted",
      parameters: ["planted"],
      options: { headers: { authorization: "planted" } },
      response: { body: "planted" },
      cause: new Error("planted"),
    });
    const shown = describeError(error);
    expect(Object.keys(shown).sort()).toEqual(["message", "stack", "type"]);
    expect(JSON.stringify(shown)).not.toContain("planted");
  });

  it("is only its type when it is no error at all", () => {
    expect(describeError("planted")).toEqual({ type: "string" });
    expect(describeError({ planted: true })).toEqual({ type: "object" });
    expect(describeError(undefined)).toEqual({ type: "undefined" });
  });
});
