import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { KnownTexts } from "../../src/http/known-texts.js";

const QUERY = "{ cards { edges { node { id } } } }";
const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");
const named = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256Of(text) } });

/** A request with a text, after it was named. */
function asked(texts: KnownTexts, query: string | undefined, extensions?: Record<string, unknown>) {
  const request = { query, variables: { first: 1 }, extensions } as Parameters<KnownTexts["nameIn"]>[0];
  texts.nameIn(request);
  return request;
}

async function found(texts: KnownTexts, text: string): Promise<KnownTexts> {
  await texts.set(`apq:${sha256Of(text)}`, text);
  return texts;
}

describe("a text of a document", () => {
  it("is named, and stays until it is known to be valid", () => {
    const texts = new KnownTexts();
    for (const _ of [1, 2]) {
      expect(asked(texts, QUERY)).toEqual({ query: QUERY, variables: { first: 1 }, extensions: named(QUERY) });
    }
  });

  it("that is known is left out, and found by its name", async () => {
    const texts = await found(new KnownTexts(), QUERY);
    expect(asked(texts, QUERY, { trace: true })).toEqual({
      query: undefined,
      variables: { first: 1 },
      extensions: { trace: true, ...named(QUERY) },
    });
    expect(await texts.get(`apq:${sha256Of(QUERY)}`)).toBe(QUERY);
    expect(await texts.get(`apq:${sha256Of("{ x }")}`)).toBeUndefined();
  });

  it("that differs by a blank is another one", async () => {
    const texts = await found(new KnownTexts(), QUERY);
    expect(asked(texts, `${QUERY} `)).toMatchObject({ query: `${QUERY} `, extensions: named(`${QUERY} `) });
  });

  it.each([
    ["no text", undefined, undefined],
    ["an empty text", "", undefined],
    ["a name of its own", QUERY, { persistedQuery: { version: 2, sha256Hash: "0".repeat(64) } }],
    ["a name of its own that is none", QUERY, { persistedQuery: "x" }],
    ["a text of 20,001 characters", `${QUERY}${"#".repeat(20_001 - QUERY.length)}`, undefined],
  ] as const)("is left as it came with %s", async (_name, query, extensions) => {
    const texts = await found(new KnownTexts(), QUERY);
    expect(asked(texts, query, extensions)).toEqual({ query, variables: { first: 1 }, extensions });
  });

  it("that was not used for the longest time is forgotten when there are more than 500", async () => {
    const texts = await found(new KnownTexts(), QUERY);
    for (let index = 0; index < 499; index += 1) await found(texts, `{ a${index}: __typename }`);
    expect(await texts.get(`apq:${sha256Of(QUERY)}`)).toBe(QUERY);
    await found(texts, "{ one: __typename }");
    expect(asked(texts, QUERY).query).toBeUndefined();
    expect(asked(texts, "{ a1: __typename }").query).toBeUndefined();
    expect(asked(texts, "{ a0: __typename }").query).toBe("{ a0: __typename }");
    expect(await texts.get(`apq:${sha256Of("{ a0: __typename }")}`)).toBeUndefined();
  });

  it("is forgotten when that is asked for, and one that is too long is never remembered", async () => {
    const texts = await found(new KnownTexts(), QUERY);
    await texts.delete(`apq:${sha256Of(QUERY)}`);
    expect(asked(texts, QUERY).query).toBe(QUERY);
    const long = `${QUERY}${"#".repeat(20_000)}`;
    expect(await (await found(texts, long)).get(`apq:${sha256Of(long)}`)).toBeUndefined();
  });
});
