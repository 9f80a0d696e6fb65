import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PagsmileAccount } from "../../../src/datasources/pagsmile/config.js";
import { PagsmileProvider, pagsmile } from "../../../src/datasources/pagsmile/index.js";
import type { SandboxScenario } from "../../../src/datasources/pagsmile/sandbox/scenario.js";
import { MAGIC_LAST_NAMES } from "../../../src/datasources/pagsmile/sandbox/scenario.js";
import { type PagsmileSandbox, startPagsmileSandbox } from "../../../src/datasources/pagsmile/sandbox/start-sandbox.js";
import type { JournalEntry } from "../../../src/domain/journal.js";
import type { CreateCardContactRequest } from "../../../src/domain/provider.js";
import { ProviderError } from "../../../src/domain/provider-error.js";

const NOW = new Date("2025-04-07T05:56:46.123Z");
const clock = { now: () => NOW };

const ADA: CreateCardContactRequest = {
  firstName: "Ada",
  lastName: "Lovelace",
  mobile: "+861234789999",
  email: "ada@example.com",
  language: null,
};

let sandbox: PagsmileSandbox;
beforeAll(async () => {
  sandbox = await startPagsmileSandbox({ clock, remember: 1_000 });
});
afterAll(() => sandbox.close());

const open: PagsmileProvider[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
});

interface Bench {
  readonly provider: PagsmileProvider;
  readonly journalled: JournalEntry[];
}

function bench(changes: Partial<PagsmileAccount> = {}, timeoutMs = 5_000): Bench {
  const journalled: JournalEntry[] = [];
  const journal = { record: (entry: JournalEntry) => void journalled.push(entry) };
  const parts = { clock, journal, timeoutMs, publicUrl: () => "http://127.0.0.1:4000" };
  const provider = new PagsmileProvider({ ...sandbox.account, ...changes }, parts);
  open.push(provider);
  return { provider, journalled };
}

async function failureOf({ provider }: Bench, request = ADA): Promise<ProviderError> {
  const error: unknown = await provider.createCardContact(request).catch((thrown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error("the call did not fail with a ProviderError");
  const printed = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
  for (const value of [...Object.values(request), sandbox.account.appId, sandbox.url]) {
    if (value !== null) expect(printed).not.toContain(value);
  }
  return error;
}

describe("a contact", () => {
  it("is created and has the provider's id as text", async () => {
    const { provider, journalled } = bench();
    const before = sandbox.contacts.count;
    const { providerContactId } = await provider.createCardContact(ADA);
    expect(providerContactId).toBe(String(100_848 + before));
    expect(sandbox.contacts.count).toBe(before + 1);
    expect(sandbox.contacts.kept.at(-1)).toEqual({
      first_name: "Ada",
      last_name: "Lovelace",
      mobile: "+861234789999",
      email: "ada@example.com",
    });
    expect(journalled).toEqual([
      expect.objectContaining({ event: "provider_call", operation: "create-contact", outcome: "ok" }),
    ]);
  });

  it("is asked for in an envelope like the documents' example, with nothing readable in it", async () => {
    await bench().provider.createCardContact({ ...ADA, language: "pt" });
    const sent = sandbox.requests.at(-1);
    expect(sent).toMatchObject({ method: "POST", path: "/issuing/card/create-contact" });
    expect(sent?.headers["content-type"]).toBe("application/json; charset=UTF-8");
    expect(sent?.headers).not.toHaveProperty("authorization");
    const envelope: unknown = JSON.parse(sent?.body ?? "");
    expect(envelope).toEqual({
      app_id: sandbox.account.appId,
      partner_id: sandbox.account.partnerId,
      request_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{8}$/),
      timestamp: "2025-04-07 05:56:46",
      format: "JSON",
      version: "2.0",
      random_key: expect.stringMatching(/^[A-Za-z0-9+/]{342}==$/),
      sign_type: "RSA",
      biz_data: expect.stringMatching(/^[A-Za-z0-9]{16}[A-Za-z0-9+/]+={0,2}$/),
    });
    expect(sent?.body).not.toMatch(/Ada|Lovelace|example\.com|861234789999/);
    expect(sandbox.contacts.kept.at(-1)).toMatchObject({ language: "pt" });
  });

  it("is asked for with the sub-partner and the version that are configured", async () => {
    await bench({ subPartnerId: "sub-1", apiVersion: "1.0" }).provider.createCardContact(ADA);
    expect(JSON.parse(sandbox.requests.at(-1)?.body ?? "")).toMatchObject({ sub_partner_id: "sub-1", version: "1.0" });
  });

  it("may have any name of 64 characters", async () => {
    const name = "Å王".repeat(32);
    await bench().provider.createCardContact({ ...ADA, firstName: name });
    expect(sandbox.contacts.kept.at(-1)?.first_name).toBe(name);
  });

  it("has every digit of an id that a JavaScript number cannot hold", async () => {
    sandbox.script({ kind: "big-id" });
    const { providerContactId } = await bench().provider.createCardContact(ADA);
    expect(BigInt(providerContactId) > 2n ** 53n).toBe(true);
    expect(String(Number(providerContactId))).not.toBe(providerContactId);
  });

  it("is created once for each of many calls at the same time", async () => {
    const { provider } = bench();
    const made = await Promise.all(Array.from({ length: 50 }, () => provider.createCardContact(ADA)));
    expect(new Set(made.map(({ providerContactId }) => providerContactId)).size).toBe(50);
  });
});

describe("a failure", () => {
  /** What each scenario must end in, and whether the contact exists afterwards although the call failed. */
  const expected: readonly [SandboxScenario, string, string | null, boolean][] = [
    [{ kind: "decline", code: "30001", subCode: "parameters-error" }, "rejected", "30001/parameters-error", false],
    [{ kind: "decline", code: "40001", subCode: "" }, "rejected", "40001", false],
    [{ kind: "decline", code: "30001", subCode: "dublicate-data" }, "conflict", "30001/dublicate-data", false],
    [{ kind: "decline", code: "40002", subCode: "invalid-signature" }, "credentials", "40002/invalid-signature", false],
    [{ kind: "decline", code: "40002", subCode: "bank-side-busy" }, "outcome_unknown", "40002/bank-side-busy", false],
    [{ kind: "decline", code: "20000", subCode: "" }, "outcome_unknown", "20000", false],
    [{ kind: "unlisted-code" }, "outcome_unknown", "40099/moon-in-retrograde", false],
    [{ kind: "rate-limited" }, "rate_limited", null, false],
    [{ kind: "reset-before" }, "outcome_unknown", null, false],
    [{ kind: "server-error" }, "outcome_unknown", null, true],
    [{ kind: "hang" }, "outcome_unknown", null, true],
    [{ kind: "drip" }, "outcome_unknown", null, true],
    [{ kind: "reset-after" }, "outcome_unknown", null, true],
    [{ kind: "cut-body" }, "outcome_unknown", null, true],
    [{ kind: "huge-body" }, "outcome_unknown", null, true],
    [{ kind: "garbled" }, "malformed", null, true],
    [{ kind: "bad-padding" }, "malformed", null, true],
    [{ kind: "other-app-id" }, "malformed", null, true],
  ];

  it.each(expected)("of %j is %s with code %s, after one request", async (scenario, kind, providerCode, created) => {
    const before = { contacts: sandbox.contacts.count, requests: sandbox.requests.length };
    const at = bench({}, scenario.kind === "hang" || scenario.kind === "drip" ? 400 : 5_000);
    sandbox.script(scenario);
    expect(await failureOf(at)).toMatchObject({ kind, providerCode });
    expect(sandbox.requests.length - before.requests).toBe(1);
    expect(sandbox.contacts.count - before.contacts).toBe(created ? 1 : 0);
    const calls = at.journalled.filter(({ event }) => event === "provider_call");
    expect(calls).toEqual([expect.objectContaining({ outcome: kind, providerCode })]);
  });

  it("covers every scenario that is not a success", () => {
    const magic = MAGIC_LAST_NAMES.map(({ scenario }) => scenario.kind).filter((kind) => kind !== "big-id");
    expect(new Set(expected.map(([scenario]) => scenario.kind))).toEqual(new Set(magic));
  });

  it("to decrypt is the same whether key or text is at fault", async () => {
    sandbox.script({ kind: "garbled" }, { kind: "bad-padding" });
    const [first, second] = [await failureOf(bench()), await failureOf(bench())];
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
    expect(first.message).toBe(second.message);
  });

  it("to be reached is unavailable", async () => {
    const gone = await startPagsmileSandbox({ clock });
    await gone.close();
    expect((await failureOf(bench({ baseUrl: gone.url }))).kind).toBe("unavailable");
  });

  it("of our own account tells the operator, once, and not the caller", async () => {
    const at = bench({ partnerId: "somebody-else" });
    expect(await failureOf(at)).toMatchObject({ kind: "credentials", userError: null });
    expect(at.journalled.filter(({ event }) => event === "credentials_refused")).toEqual([
      { event: "credentials_refused", provider: "PAGSMILE", providerCode: "40002/invalid-signature" },
    ]);
  });

  it("with the wrong key of theirs is a matter of our account", async () => {
    const other = await startPagsmileSandbox({ clock });
    const at = bench({ publicKey: other.account.publicKey });
    await other.close();
    expect((await failureOf(at)).kind).toBe("credentials");
  });

  it("with the wrong key of ours leaves a contact behind and is malformed", async () => {
    const other = await startPagsmileSandbox({ clock });
    const before = sandbox.contacts.count;
    const at = bench({ privateKey: other.account.privateKey });
    await other.close();
    expect((await failureOf(at)).kind).toBe("malformed");
    expect(sandbox.contacts.count).toBe(before + 1);
  });

  it("with the other padding is refused by the other side", async () => {
    expect((await failureOf(bench({ rsaPadding: "oaep" }))).kind).toBe("credentials");
  });

  it("with a code that no list has tells the operator which", async () => {
    sandbox.script({ kind: "unlisted-code" });
    const at = bench();
    await failureOf(at);
    expect(at.journalled).toContainEqual({
      event: "unlisted_provider_code",
      provider: "PAGSMILE",
      providerCode: "40099/moon-in-retrograde",
    });
  });

  it("of the details is told to the caller in our words", async () => {
    const error = await failureOf(bench(), { ...ADA, lastName: "Decline" });
    expect(error.userError).toMatchObject({ code: "PROVIDER_REJECTED", providerCode: "30001/parameters-error" });
  });
});

describe("the registration", () => {
  it("has as capabilities what its provider can do", () => {
    expect(pagsmile).toMatchObject({ code: "PAGSMILE", name: "Pagsmile", capabilities: ["createCardContact"] });
    expect(bench().provider).toMatchObject({ code: "PAGSMILE", emailPolicy: { required: false, fallback: null } });
  });

  it("starts a sandbox whose account its own provider can use", async () => {
    const own = await pagsmile.startSandbox({ clock, publicUrl: () => "http://127.0.0.1:4000" });
    const parts = { clock, journal: { record: () => {} }, timeoutMs: 5_000, publicUrl: () => "" };
    const provider = pagsmile.create(own.account, parts);
    expect(await provider.createCardContact?.(ADA)).toEqual({ providerContactId: "100848" });
    expect(pagsmile.callbackRoutes(own.account, parts).map(({ path }) => path)).toEqual([
      "/callbacks/pagsmile/events/:token",
    ]);
    await provider.close();
    await own.close();
  });
});
