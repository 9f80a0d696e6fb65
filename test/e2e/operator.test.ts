import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardOrderDocument,
  CardOrderUpdatedDocument,
  CreateVirtualCardDocument,
  OrderHistoryDocument,
} from "../generated/graphql.js";
import { accountsOf, type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { dataKeyText } from "../support/data-keys.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { watch } from "../support/watching.js";

const DEPOSIT = { amountMinor: 1000, currency: "USD" };

let postgres: PostgresServer;
let server: Cardgraph;
let env: Record<string, string>;
beforeAll(async () => {
  postgres = await startPostgres();
  env = {
    DATABASE_URL: await postgres.createDatabase(),
    DATA_KEYS: dataKeyText("tests"),
    AUTH: "none",
    RECONCILE_SCHEDULE_MS: "20",
    UNCONFIRMED_REVIEW_AFTER_MS: "1000",
  };
  server = await startCardgraph({ env, prepaidify: { stageMs: 5, callbacks: false } });
  Object.assign(env, accountsOf(server.prepaidify, server.pagsmile));
});
afterAll(async () => {
  await server?.close();
  await postgres?.close();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const operator = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? "", ...env }, timeout: 20_000 };
    execFile(process.execPath, ["scripts/orders.mjs", ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const stateOf = async (orderNo: string) => (await server.ask(CardOrderDocument, { orderNo })).cardOrder?.state;

/** An order that ends up with a person: its answer is lost, and so is its callback. */
async function inReview(orderNo: string): Promise<string> {
  server.prepaidify.script({ kind: "reset-after-accept" });
  const input = { orderNo, customerId: "customer-7", cardRangeId: "vab_069af8a792ad", deposit: DEPOSIT };
  const end = { email: "leon.smith@person.example", cardHolder: { firstName: "Leon", lastName: "Smith" } };
  await server.ask(CreateVirtualCardDocument, { input: { ...input, ...end } });
  await eventually(
    () => stateOf(orderNo),
    (state) => state === "NEEDS_REVIEW",
  );
  return server.prepaidify.cards().find((card) => card.orderNo === orderNo)?.cardId ?? "";
}

describe("the operator's list", () => {
  it("says that nothing is to be done, when nothing is", async () => {
    expect(await operator("list")).toEqual({ code: 0, out: "No order needs review.\n", err: "" });
  });

  it("names the orders that need a person, and why, and nobody's personal data", async () => {
    await inReview("op-list");
    const { code, out } = await operator("list");
    expect(code).toBe(0);
    expect(out).toMatch(/^ORDER NO +PROVIDER +MODE +DEPOSIT +SINCE +CARD +WHY\nop-list +PREPAIDIFY +LIVE +USD 10\.00 /);
    expect(out).toContain("NO_EVIDENCE");
    expect(JSON.parse((await operator("list", "--json")).out)).toMatchObject([
      { orderNo: "op-list", state: "NEEDS_REVIEW", reviewReason: "NO_EVIDENCE", customerId: "customer-7", card: null },
    ]);
    const shown = await operator("show", "op-list");
    const told = await operator("show", "op-list", "--json");
    expect(JSON.parse(told.out)).toMatchObject([{ orderNo: "op-list", callbacks: [], events: expect.any(Array) }]);
    expect(out + shown.out + told.out).not.toContain("person.example");
    expect(shown.out).toMatch(/unclear +SENDING > UNCONFIRMED/);
    expect(shown.out).toContain("Look it up with the provider by orderNo");
    await operator("settle", "op-list", "--failed", "--reason", "cleaning up after this test");
  });
});

describe("settling an order by hand", () => {
  it("with the card that came of it reads that card, completes the order and tells those who follow it", async () => {
    const cardId = await inReview("op-card");
    const watching = watch(server.url, "SSE", CardOrderUpdatedDocument, { orderNo: "op-card" });
    await watching.until((seen) => seen.length === 1);
    const reason = "Found at the provider, ticket 4711, card 4111 1111 1111 1111 of LEON";
    const { code, out } = await operator("settle", "op-card", "--card", cardId, "--reason", reason);
    expect({ code, out }).toEqual({ code: 0, out: `op-card is COMPLETED, card ${cardId} is ACTIVE.\n` });
    const seen = await watching.until((all) => all.length === 2);
    expect(seen[1]?.cardOrderUpdated).toMatchObject({ state: "COMPLETED", card: { status: "ACTIVE" } });
    const { out: sheet } = await operator("show", "op-card");
    expect(sheet).toContain("Found at the provider, ticket 4711, card [redacted] of [redacted]");
    const { cardOrder } = await server.ask(OrderHistoryDocument, { orderNo: "op-card" });
    expect(cardOrder?.events.edges.at(-1)?.node).toMatchObject({ evidence: "SETTLED_BY_HAND", state: "COMPLETED" });
    expect(JSON.stringify(cardOrder)).not.toContain("ticket 4711");
  });

  it("as failed says so to the caller, and a card that turns up all the same is for a person again", async () => {
    const cardId = await inReview("op-failed");
    const { out } = await operator("settle", "op-failed", "--failed", "--reason", "the provider knows of no card");
    expect(out).toBe("op-failed is FAILED.\n");
    const { cardOrder } = await server.ask(CardOrderDocument, { orderNo: "op-failed" });
    expect(cardOrder?.failure).toMatchObject({ code: "SETTLED_BY_HAND", retryable: false });
    expect(await server.prepaidify.resendCallback(cardId)).toBe(200);
    await eventually(
      () => stateOf("op-failed"),
      (state) => state === "NEEDS_REVIEW",
    );
    expect((await operator("show", "op-failed")).out).toContain("CONTRADICTION");
    const open = await operator("settle", "op-failed", "--failed", "--reason", "still nothing to be seen");
    expect(open).toMatchObject({ code: 1, out: "" });
    expect(open.err).toContain("contradicts what is known");
    await operator("settle", "op-failed", "--card", cardId, "--reason", "the card is real after all");
    expect(await stateOf("op-failed")).toBe("COMPLETED");
  });

  it("is refused, and changes nothing, when it is not clear or not true", async () => {
    const cardId = await inReview("op-refused");
    const refusals: readonly (readonly [RegExp, readonly string[]])[] = [
      [/--failed or --card/, ["settle", "op-refused", "--reason", "a reason"]],
      [/--failed or --card/, ["settle", "op-refused", "--failed", "--card", cardId, "--reason", "a reason"]],
      [/--reason must be/, ["settle", "op-refused", "--failed"]],
      [/--reason must be/, ["settle", "op-refused", "--failed", "--reason", "  "]],
      [/no such order/, ["settle", "nothing-here", "--failed", "--reason", "a reason"]],
      [
        /did not describe that card \(not_found\)/,
        ["settle", "op-refused", "--card", "c_none", "--reason", "a reason"],
      ],
      [/does not need review/, ["settle", "op-card", "--failed", "--reason", "a reason"]],
      [/Usage:/, ["list", "op-refused"]],
      [/Usage:/, []],
      [/Unknown option/, ["list", "--everything"]],
    ];
    for (const [message, args] of refusals) {
      const { code, out, err } = await operator(...args);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(message);
      expect(err).not.toContain("    at ");
    }
    expect(await stateOf("op-refused")).toBe("NEEDS_REVIEW");
    expect(await operator("settle", "op-refused", "--card", cardId, "--reason", "found it")).toMatchObject({ code: 0 });
  });

  it("is refused for another order's card", async () => {
    const [mine, others] = [await inReview("op-mine"), await inReview("op-others")];
    await operator("settle", "op-others", "--card", others, "--reason", "found it");
    const { code, err } = await operator("settle", "op-mine", "--card", others, "--reason", "found it");
    expect(code).toBe(1);
    expect(err).toContain("another order's");
    expect(await operator("settle", "op-mine", "--card", mine, "--reason", "found it")).toMatchObject({ code: 0 });
  });
});

describe("the operator on an embedded database", () => {
  it("is told to stop the server that holds it", async () => {
    const embedded = await startCardgraph();
    try {
      const { DATABASE_URL: _, DATA_KEYS: __, ...rest } = env;
      env = { ...rest, DATA_DIR: embedded.dataDir };
      const { code, err } = await operator("list");
      expect(code).toBe(1);
      expect(err).toContain("another process is using this folder; stop it");
    } finally {
      await embedded.close();
    }
  });
});
