import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { CARD_FIELDS } from "../../src/domain/card-record.js";
import type { CardStatus } from "../../src/domain/card-status.js";
import { type OrderState, publicState } from "../../src/domain/order.js";
import type { CreatedRange, Page } from "../../src/domain/page.js";
import { UNSEALED } from "../../src/domain/personal-data.js";
import { SqlCardStore } from "../../src/store/cards.js";
import { SqlContactStore } from "../../src/store/contacts.js";
import { SqlOrderList } from "../../src/store/order-list.js";
import { inSql, Statement } from "../../src/store/statement.js";
import { APART_MS, type ListedRow, OLDEST_MS, readRows, TENANTS, writeRows } from "./listed-rows.js";
import { explaining, planFaults } from "./query-plans.js";
import { onEveryDatabase, type Stores } from "./stores.js";

const FIRST = 20;
/** Far below the 20,000 rows of the tenant: some stretches, and the rows of the days around a range of times. */
const MAX_ROWS = 1_500;
const BIG = "tenant-big";
/** The rows of the second are older than most of the first's. */
const ASKING = [BIG, "tenant-b"] as const;
const WHOLE = new Set(CARD_FIELDS);
const DAY_MS = 86_400_000;
const MIDDLE_MS = OLDEST_MS + (TENANTS[BIG] / 2) * APART_MS;

// Of each filter: nothing, something common, something rare.
const PROVIDERS = [null, "PAGSMILE"] as const;
const CUSTOMERS = [null, "customer-common", "customer-rare"] as const;
const STATUSES = [null, ["ACTIVE"], ["FREEZE", "CANCELED"]] as const;
const STATES = [null, "COMPLETED", "PENDING", "UNCONFIRMED"] as const;
const RANGES: readonly CreatedRange[] = [
  {},
  { from: new Date(MIDDLE_MS) },
  { before: new Date(OLDEST_MS + 8 * APART_MS) },
  { from: new Date(MIDDLE_MS), before: new Date(MIDDLE_MS + APART_MS) },
];

interface Narrowed {
  readonly tenant: string;
  readonly provider: (typeof PROVIDERS)[number];
  readonly customerId: (typeof CUSTOMERS)[number];
  readonly created: CreatedRange;
}

/** Every combination of the values. */
function product<A, B, C, D>(as: readonly A[], bs: readonly B[], cs: readonly C[], ds: readonly D[]) {
  return as.flatMap((a) => bs.flatMap((b) => cs.flatMap((c) => ds.map((d) => [a, b, c, d] as const))));
}

function fits(row: ListedRow, { tenant, provider, customerId, created }: Narrowed): boolean {
  return (
    row.tenant === tenant &&
    (!provider || row.provider === provider) &&
    (!customerId || row.customerId === customerId) &&
    (!created.from || row.createdAt >= created.from) &&
    (!created.before || row.createdAt < created.before)
  );
}

onEveryDatabase((stores) => {
  /** Runs a list with a combination of filters, and says what is wrong with its answer and its plan. */
  type Check = (parts: ReturnType<typeof listsOf>, narrowed: Narrowed, page: Page) => Promise<readonly string[]>;

  const listsOf = ({ database }: Stores) => {
    const { db, takePlan } = explaining(database.db);
    const [cards, orders] = [new SqlCardStore(db, UNSEALED), new SqlOrderList(db, UNSEALED)];
    return { cards, orders, contacts: new SqlContactStore(db, UNSEALED), takePlan };
  };
  let cards: readonly ListedRow[] = [];
  let orders: readonly ListedRow[] = [];
  let contacts: readonly ListedRow[] = [];

  beforeAll(async () => {
    await writeRows(stores());
    cards = await readRows(stores(), "cards");
    orders = await readRows(stores(), "card_orders");
    contacts = (await readRows(stores(), "card_contacts")).filter(({ state }) => state === "COMPLETED");
  });

  const compare = (found: readonly { readonly id: string }[], rows: readonly ListedRow[], page: Page) => {
    const after = rows.filter(({ id }) => page.after === null || id < page.after);
    const wanted = after.slice(0, page.first + 1).map(({ id }) => id);
    return JSON.stringify(found.map(({ id }) => id)) === JSON.stringify(wanted) ? [] : ["shows other rows"];
  };
  const pagesOf = (rows: readonly ListedRow[], { tenant, created }: Narrowed): readonly Page[] => [
    { first: FIRST, after: null },
    ...(tenant === BIG && !created.from ? [{ first: FIRST, after: rows[TENANTS[BIG] / 4]?.id ?? "" }] : []),
  ];
  const checkCards =
    (statuses: readonly CardStatus[] | null): Check =>
    async (lists, narrowed, page) => {
      const found = await lists.cards.list(narrowed.tenant, page, { ...narrowed, statuses }, WHOLE);
      const rows = cards.filter(
        (row) => fits(row, narrowed) && (!statuses || statuses.includes(row.state as CardStatus)),
      );
      return [...compare(found, rows, page), ...planFaults(lists.takePlan(), MAX_ROWS)];
    };
  const checkOrders =
    (state: (typeof STATES)[number]): Check =>
    async (lists, narrowed, page) => {
      const found = await lists.orders.list(narrowed.tenant, page, { ...narrowed, state });
      const rows = orders.filter(
        (row) => fits(row, narrowed) && (!state || publicState(row.state as OrderState, row.sends) === state),
      );
      return [
        ...compare(
          found.map(({ order }) => order),
          rows,
          page,
        ),
        ...planFaults(lists.takePlan(), MAX_ROWS),
      ];
    };
  const checkContacts: Check = async (lists, narrowed, page) => {
    const found = await lists.contacts.list(narrowed.tenant, page, narrowed);
    const rows = contacts.filter((row) => fits(row, narrowed));
    return [...compare(found, rows, page), ...planFaults(lists.takePlan(), MAX_ROWS)];
  };

  const faultsOf = async (
    checks: readonly (readonly [string, Check])[],
    rows: readonly ListedRow[],
    customers: readonly Narrowed["customerId"][] = CUSTOMERS,
  ) => {
    const lists = listsOf(stores());
    const found: string[] = [];
    for (const [[name, check], provider, customerId, created] of product(checks, PROVIDERS, customers, RANGES)) {
      for (const tenant of ASKING) {
        const narrowed = { tenant, provider, customerId, created };
        for (const page of pagesOf(rows, narrowed)) {
          const faults = await check(lists, narrowed, page);
          if (faults.length > 0) found.push(JSON.stringify({ name, ...narrowed, page, faults }));
        }
      }
    }
    return found;
  };

  describe.each([
    ["before the database has counted its rows", null],
    ["once it has", "analyze"],
  ])("a list of 20,000 rows, narrowed by every combination, %s", (_name, prepare) => {
    beforeAll(async () => {
      if (prepare) await stores().rows(prepare);
    });

    it("of cards shows the right ones and reads only what it needs", async () => {
      const checks = STATUSES.map((statuses) => [`cards ${statuses}`, checkCards(statuses)] as const);
      expect(await faultsOf(checks, cards)).toEqual([]);
    });

    it("of orders shows the right ones and reads only what it needs", async () => {
      const checks = STATES.map((state) => [`orders ${state}`, checkOrders(state)] as const);
      expect(await faultsOf(checks, orders)).toEqual([]);
    });

    it("of contacts shows the right ones and reads only what it needs", async () => {
      expect(await faultsOf([["contacts", checkContacts]], contacts, [null])).toEqual([]);
    });
  });

  describe("a statement that no index serves", () => {
    it.each([
      ["a rare value without an index", "select * from cards where status_text = 'rare' limit 5", /reads all of cards/],
      ["an order without an index", "select * from cards where tenant = 'tenant-big' order by bin limit 5", /sorts/],
      [
        "a walk that passes over most rows",
        "select * from cards where tenant = 'tenant-big' and bin = '1' order by id desc limit 5",
        /reads \d{4,} rows/,
      ],
    ])("would be noticed: %s", async (_name, text, fault) => {
      const { db, takePlan } = explaining(stores().database.db);
      await new Statement(inSql(sql.raw(text))).run(db, {});
      expect(planFaults(takePlan(), MAX_ROWS).join()).toMatch(fault);
    });
  });

  it("shows a row whose id was made by a clock that is hours from the database's", async () => {
    const tenant = "tenant-skewed";
    for (const [index, hours] of [-14, 14].entries()) {
      const idMs = (MIDDLE_MS + (hours * DAY_MS) / 24).toString(16).padStart(12, "0");
      await stores().rows(`insert into card_contacts (id, tenant, provider, state, fingerprint, first_name, last_name,
          mobile, email, provider_contact_id, created_at)
        values ('cct_${idMs}${String(index).padStart(20, "0")}', '${tenant}', 'PAGSMILE', 'COMPLETED', 'f', 'Leon',
          'Smith', '+861234789999', 'leon@person.example', '${index}', to_timestamp(${MIDDLE_MS} / 1000.0))`);
    }
    const list = (created: CreatedRange) => stores().contacts.list(tenant, { first: FIRST, after: null }, { created });
    const at = new Date(MIDDLE_MS);
    expect(await list({ from: at, before: new Date(MIDDLE_MS + 1) })).toHaveLength(2);
    expect(await list({ before: at })).toEqual([]);
    expect(await list({ from: new Date(MIDDLE_MS + 1) })).toEqual([]);
  });

  it("takes the first and the last moment that a client can name", async () => {
    const range = { from: new Date("0000-01-01T00:00:00Z"), before: new Date("9999-12-31T23:59:59.999Z") };
    const list = (created: CreatedRange) =>
      stores().cards.list("tenant-b", { first: 100, after: null }, { created }, WHOLE);
    expect(await list(range)).toHaveLength(101);
    expect(await list({ from: range.before })).toEqual([]);
    expect(await list({ before: range.from })).toEqual([]);
  });
});
