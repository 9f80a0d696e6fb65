import { execFile } from "node:child_process";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.js";
import { REGISTRY } from "../../src/datasources/registry.js";
import { openOperator } from "../../src/operator.js";
import { CreateCardContactDocument, CreateVirtualCardDocument, RevealCardDocument } from "../generated/graphql.js";
import { type CardOrders, cardOrdersOf } from "../support/card-orders.js";
import { accountsOf, type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { dataKeyText } from "../support/data-keys.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { makeKeyPair, openCard } from "../support/revealing.js";

const REASON = "ticket 4711 of leon@person.example, card 4111 1111 1111 1111";
const KEPT_REASON = "ticket 4711 of [redacted], card [redacted]";

let postgres: PostgresServer;
let server: Cardgraph;
let orders: CardOrders;
let env: Record<string, string>;
beforeAll(async () => {
  postgres = await startPostgres();
  const DATABASE_URL = await postgres.createDatabase();
  env = { DATABASE_URL, DATA_KEYS: dataKeyText("tests"), AUTH: "none", RECONCILE_SCHEDULE_MS: "20" };
  server = await startCardgraph({ env });
  orders = cardOrdersOf(server, "audit");
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
const audit = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? "", ...env }, timeout: 20_000 };
    execFile(process.execPath, ["scripts/audit.mjs", ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const listed = async (...args: readonly string[]) => JSON.parse((await audit("list", "--json", ...args)).out);
async function onDatabase(statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(env.DATABASE_URL);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

describe("the audit log", () => {
  it("says who placed an order and who saw its card, by which request and why, and nothing personal", async () => {
    const { cardId } = await openCard(orders);
    const { recipientKey } = await makeKeyPair();
    const input = { cardId, recipientKey, reason: REASON };
    expect((await server.ask(RevealCardDocument, { input })).revealCard.userErrors).toEqual([]);
    const who = { tenant: "default", subject: "anybody", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    const recipient = expect.stringMatching(/^[\w-]{43}$/);
    expect(await listed("--card", cardId)).toMatchObject([
      { ...who, action: "revealCard", target: cardId, outcome: "sealed", reason: KEPT_REASON, recipient },
      { ...who, action: "createVirtualCard", outcome: "placed", reason: null, recipient: null },
    ]);
    const { out } = await audit("list", "--card", cardId);
    expect(out).toMatch(/^AT +TENANT +WHO +WHAT +TO +OUTCOME +REASON\n/);
    expect(out).toContain(KEPT_REASON);
  });

  it("says so of a card that the provider would not show", async () => {
    const { cardId, theirs } = await openCard(orders);
    const { recipientKey } = await makeKeyPair();
    server.prepaidify.setCardStatus(theirs, "CANCELED");
    await server.ask(RevealCardDocument, { input: { cardId, recipientKey, reason: "too late" } });
    expect((await listed("--card", cardId))[0]).toMatchObject({ outcome: "not_open", reason: "too late" });
  });

  it("has a line for a contact, made or refused, and for a replayed order no second one", async () => {
    const contact = { firstName: "Ana", lastName: "Silva", mobile: "+5511999999999", email: "ana@person.example" };
    await server.ask(CreateCardContactDocument, { input: contact });
    await server.ask(CreateCardContactDocument, { input: { ...contact, idempotencyKey: "audited" } });
    server.pagsmile.script({ kind: "garbled" });
    await server.ask(CreateCardContactDocument, { input: { ...contact, firstName: "Eva" } });
    const deposit = { amountMinor: 1000, currency: "USD" };
    const order = { orderNo: "audit-twice", cardRangeId: "vab_069af8a792ad", deposit };
    for (const _ of [1, 2]) await server.ask(CreateVirtualCardDocument, { input: order });
    const lines: { action: string; outcome: string; target: string }[] = await listed("--tenant", "default");
    const newest = lines.slice(0, 4).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(newest).toEqual([
      "createVirtualCard placed",
      "createCardContact unclear",
      "createCardContact placed",
      "createCardContact created",
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/person\.example|5511999999999|Silva/);
    expect(await listed("--tenant", "nobody")).toEqual([]);
  });

  it("has a line for a key that is made and one for its end", async () => {
    const operator = await openOperator(readConfig(env, REGISTRY));
    const { id } = await operator.keys.create({
      tenant: "acme",
      label: "shop",
      scopes: ["cards:read"],
      expiresAt: null,
    });
    expect(await operator.keys.revoke(id)).toBe(true);
    expect(await operator.keys.revoke(id)).toBe(false);
    await operator.close();
    const lines = (await listed("--tenant", "acme")).map(({ subject, action, target, outcome }: never) => [
      ...[subject, action, target, outcome],
    ]);
    expect(lines).toEqual([
      ["operator", "revokeApiKey", id, "revoked"],
      ["operator", "createApiKey", id, "created"],
    ]);
  });

  it("is sealed by the server itself, soon", async () => {
    const waiting = "select count(*)::integer as count from audit_log where position is null";
    await eventually(
      () => onDatabase(waiting),
      ([row]) => row?.count === 0,
    );
  });

  it("is verified by the operator, who is told of the first row that was tampered with", async () => {
    const { code, out } = await audit("verify");
    expect(code).toBe(0);
    expect(out).toMatch(/^ok: \d+ rows, the last one's hash is [0-9a-f]{64}\n$/);
    const head = out.match(/[0-9a-f]{64}/)?.[0] ?? "";
    expect(await audit("verify", "--noted", head)).toMatchObject({ code: 0 });
    expect((await audit("verify", "--noted", "0".repeat(63))).err).toContain("--noted takes a hash");
    expect((await audit("verify", "--noted", "1".repeat(64))).err).toContain("the noted hash is not among theirs");
    await expect(onDatabase("update audit_log set outcome = 'x' where position = 2")).rejects.toThrow("append-only");
    const change = "update audit_log set outcome = 'x' where position = 2";
    await onDatabase(`alter table audit_log disable trigger user; ${change}`);
    const broken = await audit("verify");
    expect(broken).toMatchObject({ code: 1, out: "" });
    expect(broken.err).toMatch(/^Row 2 of the chain \(id \d+\) does not fit/);
    await onDatabase("delete from audit_log where position = 1");
    expect((await audit("verify")).err).toBe("Row 1 of the chain is missing.\n");
  });

  it("has to take a reveal before anything is revealed", async () => {
    const { cardId } = await openCard(orders);
    const { recipientKey } = await makeKeyPair();
    await onDatabase("alter table audit_log add constraint is_full check (action <> 'revealCard') not valid");
    const answer = await server.answerTo(RevealCardDocument, { input: { cardId, recipientKey, reason: "unheard" } });
    await onDatabase("alter table audit_log drop constraint is_full");
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([{ extensions: { code: "INTERNAL_SERVER_ERROR" } }]);
  });

  it.each([[[]], [["verify", "more"]], [["burn"]]])("is asked for in no other way: %o", async (args) => {
    expect(await audit(...args)).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Usage:") });
  });
});
