import { type Kysely, sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { GroupedRead } from "../../src/store/grouped-read.js";
import { inSql, param, Statement } from "../../src/store/statement.js";
import type { Tables } from "../../src/store/tables.js";
import { onEveryDatabase } from "./stores.js";

/** A row of the table of these specs, and of how many that its statement found. */
interface Row {
  readonly tenant: string;
  readonly id: string;
  readonly value: number;
  readonly found: number;
}

onEveryDatabase((stores) => {
  const db = (): Kysely<Tables> => stores().database.db;
  const columns = sql`numbers.tenant, numbers.id, 10 / value as value, (count(*) over ())::int as found`;
  const reads = (): GroupedRead<Row> =>
    new GroupedRead<Row>(db(), {
      one: new Statement(
        inSql<Row>(sql`select ${columns} from numbers where tenant = ${param("tenant")} and id = ${param("id")}`),
      ),
      several: new Statement(
        inSql<Row>(sql`select ${columns} from numbers
          join unnest(${param("tenants")}::text[], ${param("ids")}::text[]) as wanted(tenant, id) using (tenant, id)`),
      ),
      keyOf: ({ tenant, id }) => ({ tenant, id }),
    });

  beforeAll(async () => {
    await sql`create table numbers (tenant text, id text, value int)`.execute(db());
    await sql`insert into numbers select 'a', 'id-' || n, 1 from generate_series(1, 150) as n`.execute(db());
    await sql`insert into numbers values ('b', 'id-1', 2), ('b', 'only-b', 2), ('c', 'faulty', 0)`.execute(db());
  });

  describe("rows that are read for whoever asks", () => {
    it("come one by one while nobody else asks", async () => {
      const read = reads();
      expect(await read.row("a", "id-1")).toEqual({ tenant: "a", id: "id-1", value: 10, found: 1 });
      expect(await read.row("b", "id-1")).toEqual({ tenant: "b", id: "id-1", value: 5, found: 1 });
      expect(await read.row("b", "id-2")).toBeNull();
    });

    it("come together when they are asked for at once, to each their own tenant's", async () => {
      const read = reads();
      const asked = ["a id-1", "b id-1", "a id-2", "a only-b", "b only-b", "b id-2", "a id-1"];
      const rows = await Promise.all(asked.map((key) => read.row(...(key.split(" ") as [string, string]))));
      expect(rows.map((row) => row && `${row.tenant} ${row.id} ${row.value}`)).toEqual([
        ...["a id-1 10", "b id-1 5", "a id-2 10", null],
        ...["b only-b 5", null, "a id-1 10"],
      ]);
      // What is asked for twice is found twice.
      expect(rows.map((row) => row?.found ?? null)).toEqual([5, 5, 5, null, 5, null, 5]);
    });

    it("come by the hundred when there are more", async () => {
      const read = reads();
      const rows = await Promise.all(Array.from({ length: 150 }, (_, index) => read.row("a", `id-${index + 1}`)));
      expect(rows.map((row) => row?.id)).toEqual(Array.from({ length: 150 }, (_, index) => `id-${index + 1}`));
      expect(rows.map((row) => row?.found)).toEqual([...Array(100).fill(100), ...Array(50).fill(50)]);
    });

    it("are as they are by then, however often they were asked for before", async () => {
      const read = reads();
      expect((await read.row("a", "id-3"))?.value).toBe(10);
      await sql`update numbers set value = 5 where id = 'id-3'`.execute(db());
      expect((await read.row("a", "id-3"))?.value).toBe(2);
    });

    it("fail for those whose row cannot be read, and for nobody else", async () => {
      const read = reads();
      const asked = [read.row("a", "id-1"), read.row("c", "faulty"), read.row("b", "id-1")];
      const [first, faulty, last] = await Promise.allSettled(asked);
      expect(faulty).toMatchObject({ status: "rejected", reason: { code: "22012" } });
      expect([first, last]).toMatchObject([{ value: { value: 10 } }, { value: { value: 5 } }]);
    });
  });
});
