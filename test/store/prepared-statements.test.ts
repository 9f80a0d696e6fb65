import { type Kysely, sql } from "kysely";
import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { param, Statement } from "../../src/store/statement.js";
import { StatementNames } from "../../src/store/statement-names.js";
import type { Tables } from "../../src/store/tables.js";
import { fresh, onEveryDatabase } from "./stores.js";

onEveryDatabase((stores) => {
  const db = (): Kysely<Tables> => stores().database.db;
  /** How often a connection has run the statements that it has prepared, of those whose text has a part. */
  const preparedWith = async (connection: Kysely<Tables>, part: string): Promise<readonly number[]> => {
    const { rows } = await sql<{ runs: number }>`select (generic_plans + custom_plans)::int as runs
      from pg_prepared_statements where statement like ${`%${part}%`} and statement not like '%pg_prepared%'`.execute(
      connection,
    );
    return rows.map(({ runs }) => runs);
  };

  describe("a statement with parameters", () => {
    it("is parsed once by each connection, and then only run", async () => {
      const tag = fresh("once");
      const statement = new Statement<{ given: number }>(() => ({
        compile: () => sql`select ${param("given")}::int as given, ${sql.lit(tag)} as tag`.compile(db()) as never,
      }));
      await db()
        .connection()
        .execute(async (connection) => {
          for (const given of [1, 2, 3]) expect(await statement.first(connection, { given })).toEqual({ given, tag });
          expect(await preparedWith(connection, tag)).toEqual([3]);
        });
    });

    it("that has failed works the next time, with the same error for the same fault", async () => {
      const dividing = (by: number) => sql<{ half: number }>`select 10 / ${by}::int as half`.execute(db());
      for (const _ of [1, 2]) await expect(dividing(0)).rejects.toMatchObject({ code: "22012" });
      expect((await dividing(2)).rows).toEqual([{ half: 5 }]);
    });

    it("that cannot be understood is refused each time, and nothing else is in the way of it", async () => {
      const faulty = () => sql`select ${1}::int from no_such_table`.execute(db());
      for (const _ of [1, 2]) await expect(faulty()).rejects.toMatchObject({ code: "42P01" });
      await sql`select ${1}::int`.execute(db());
    });

    it("carries every kind of value there and back", async () => {
      const at = new Date("2026-02-03T04:05:06.789Z");
      const texts = ["plain", 'with "quotes", {braces} and \\', "NULL", ""];
      const { rows } = await sql`select ${"text"}::text as text, ${null}::text as nothing, ${7}::int as small,
        ${9_007_199_254_740_991}::bigint as big, ${true}::boolean as yes, ${1.5}::float8 as part,
        ${at}::timestamptz as at, ${texts}::text[] as texts, ${[1, 2]}::int[] as numbers,
        ${JSON.stringify({ a: [1] })}::jsonb as json`.execute(db());
      expect(rows).toEqual([
        {
          ...{ text: "text", nothing: null, small: 7, big: 9_007_199_254_740_991, yes: true, part: 1.5 },
          ...{ at, texts, numbers: [1, 2], json: { a: [1] } },
        },
      ]);
    });
  });

  describe("a statement whose table another version has given a column meanwhile", () => {
    const table = async (): Promise<{
      read: (from: Kysely<Tables>) => Promise<unknown>;
      widen: () => Promise<unknown>;
    }> => {
      const name = sql.table(fresh("widened").replaceAll("-", "_"));
      await sql`create table ${name} (id int)`.execute(db());
      await sql`insert into ${name} values (1)`.execute(db());
      return {
        read: async (from) => (await sql`select * from ${name} where id = ${1}`.execute(from)).rows,
        widen: () => sql`alter table ${name} add column more text`.execute(db()),
      };
    };

    it("is answered as if nothing had been", async () => {
      const { read, widen } = await table();
      // The embedded database is this process's alone, and is migrated before anything is prepared.
      if (stores().config.kind === "embedded") return;
      await db()
        .connection()
        .execute(async (connection) => {
          expect(await read(connection)).toEqual([{ id: 1 }]);
          await widen();
          expect(await read(connection)).toEqual([{ id: 1, more: null }]);
        });
    });

    it("inside a transaction fails as what may be tried again, and is well after that", async () => {
      const { read, widen } = await table();
      if (stores().config.kind === "embedded") return;
      for (const _ of Array(20)) await read(db());
      await widen();
      const reading = db().transaction().execute(read);
      await expect(reading).rejects.toThrow(StoreUnavailable);
      await expect(reading).rejects.toMatchObject({ reason: "contended" });
      expect(await db().transaction().execute(read)).toEqual([{ id: 1, more: null }]);
    });
  });
});

describe("the names of statements", () => {
  it("are one for each text with parameters, and come to an end", () => {
    const names = new StatementNames();
    expect(names.of("begin", [])).toBeUndefined();
    expect([names.of("a $1", [1]), names.of("b $1", [1]), names.of("a $1", [2])]).toEqual(["s1", "s2", "s1"]);
    for (let more = 0; more < 600; more += 1) names.of(`more ${more} $1`, [1]);
    expect(names.of("too many $1", [1])).toBeUndefined();
    expect(names.of("a $1", [3])).toBe("s1");
  });
});
