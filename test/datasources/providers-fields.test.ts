import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toWireContact } from "../../src/datasources/pagsmile/mapping.js";
import { WIRE_SCHEMAS as PAGSMILE, type WireRequest } from "../../src/datasources/pagsmile/wire.js";
import { toWireCreateCard } from "../../src/datasources/prepaidify/mapping.js";
import { WIRE_SCHEMAS as PREPAIDIFY } from "../../src/datasources/prepaidify/wire.js";
import { partsOf } from "../schema/schema-reading.js";

/** A schema of zod as far as its fields are looked for. */
interface Shape {
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, Shape>>;
    readonly innerType?: Shape;
    readonly element?: Shape;
    readonly in?: Shape;
    readonly out?: Shape;
    readonly options?: readonly Shape[];
  };
}

/** Every field that a schema reads, each by its way: `card`, `card.cardId`. */
function fieldsOf(schema: unknown, way = ""): readonly string[] {
  const { shape = {}, innerType, element, in: input, out, options = [] } = (schema as Shape).def;
  const own = Object.entries(shape).flatMap(([name, field]) => [`${way}${name}`, ...fieldsOf(field, `${way}${name}.`)]);
  const within = [innerType, element, input, out, ...options].flatMap((inner) => (inner ? fieldsOf(inner, way) : []));
  return [...new Set([...own, ...within])];
}

/** The envelope's fields; a new one is missing here for the compiler first. */
const ENVELOPE: Readonly<Record<keyof WireRequest, true>> = {
  app_id: true,
  partner_id: true,
  sub_partner_id: true,
  request_id: true,
  timestamp: true,
  format: true,
  version: true,
  random_key: true,
  sign_type: true,
  biz_data: true,
};
const CONTACT = { firstName: "Leon", lastName: "Smith", mobile: "+861234789999", email: "leon@person.example" };
const ORDER = {
  orderNo: "order-1",
  cardRangeId: "100",
  deposit: { amountMinor: 1_000, currency: "USD" },
  cardHolder: { firstName: "Leon", lastName: "Smith" },
  email: "leon@person.example",
  customerId: "customer-1",
};

/**
 * What each table has to have: what the code sends or reads, and what the provider's page has besides.
 * Source: Pagsmile, Create Card Contact; Prepaidify, API For Creating Virtual Card.
 */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  "Pagsmile: request envelope": Object.keys(ENVELOPE),
  "Pagsmile: request fields": Object.keys(toWireContact({ ...CONTACT, language: "en" })),
  "Pagsmile: answer envelope": [...fieldsOf(PAGSMILE.response), "total", "sign_type"],
  "Pagsmile: answer fields": fieldsOf(PAGSMILE.contact),
  "Prepaidify: request fields": [
    ...Object.keys(toWireCreateCard(ORDER as Parameters<typeof toWireCreateCard>[0], "https://hooks.example")),
    ...Object.keys(ORDER.cardHolder).map((name) => `cardHolder.${name}`),
  ],
  "Prepaidify: answer envelope": [...fieldsOf(PREPAIDIFY.envelope), "msg"],
  "Prepaidify: card": [...fieldsOf(PREPAIDIFY.cardModel), "card.cvc", "card.number"],
  "Prepaidify: card ranges": fieldsOf(PREPAIDIFY.cardRanges),
  "Prepaidify: callbacks": [...fieldsOf(PREPAIDIFY.callback), "data.number", "data.numbers", "data.cvc"],
};

const PAGE = readFileSync("docs/providers-fields.md", "utf8");
const COORDINATES = new Set(
  partsOf(parse(readFileSync("src/schema/schema.graphql", "utf8"))).flatMap(
    ({ place }) => /^\w+\.\w+/.exec(place)?.[0] ?? [],
  ),
);

/** The rows below a heading of the page: field, where it goes, how. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

describe("the page of the providers' fields", () => {
  it("has a table for each of these messages, and no other", () => {
    const headings = [...PAGE.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(Object.keys(TABLES));
  });

  it.each(Object.entries(TABLES))("has every field of %s, once, and no other", (heading, fields) => {
    expect(fields.length).toBeGreaterThan(0);
    expect(
      rowsOf(heading)
        .map(([field]) => field)
        .sort(),
    ).toEqual(fields.map((field) => `\`${field}\``).sort());
  });

  it.each(
    Object.keys(TABLES),
  )("says where every field of %s goes, to a field that there is, or why nowhere", (heading) => {
    for (const [field, goes = "", how = ""] of rowsOf(heading)) {
      const coordinate = /^`(\w+\.\w+)`$/.exec(goes)?.[1];
      expect([field, goes === "nowhere" || COORDINATES.has(coordinate ?? "")]).toEqual([field, true]);
      expect([field, how.length > 3]).toEqual([field, true]);
    }
  });

  it("names no part of the schema that is not there", () => {
    const named = [...PAGE.matchAll(/`([A-Z]\w+\.\w+)`/g)].map(([, coordinate = ""]) => coordinate);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((coordinate) => !COORDINATES.has(coordinate))).toEqual([]);
  });
});

describe("the fields of a schema", () => {
  it("are found through everything that can stand around an object", () => {
    const inner = z.object({ deep: z.string() });
    const schema = z.object({
      plain: z.string().nullish().catch(null),
      list: z.array(inner).nullish(),
      read: z.preprocess((value) => value, inner.optional()),
      made: inner.refine(() => true).transform((value) => value),
      either: z.union([inner, z.string()]),
    });
    const within = ["list", "read", "made", "either"].flatMap((name) => [name, `${name}.deep`]);
    expect(fieldsOf(schema)).toEqual(["plain", ...within]);
  });
});
