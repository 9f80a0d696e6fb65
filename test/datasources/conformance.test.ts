import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REGISTRY } from "../../src/datasources/registry.js";
import { systemClock } from "../../src/domain/clock.js";
import type { Journal, JournalEntry } from "../../src/domain/journal.js";
import type { CardProvider } from "../../src/domain/provider.js";
import { CAPABILITIES, type Capability, PROVIDER_CODES } from "../../src/domain/provider-code.js";
import { ProviderError } from "../../src/domain/provider-error.js";
import type { RunningSandbox } from "../../src/domain/registration.js";

const publicUrl = (): string => "http://127.0.0.1:9";

/** Calls every capability of an adapter once, with values that are fine. */
function callAll(adapter: CardProvider): Partial<Record<Capability, Promise<unknown>>> {
  return {
    createCardContact: adapter.createCardContact?.({
      firstName: "Planted",
      lastName: "Person",
      mobile: "+5511912345678",
      email: "planted@secret.example",
      language: null,
    }),
    createVirtualCard: adapter.createVirtualCard?.({
      orderNo: "conformance",
      cardRangeId: "vab_069af8a792ad",
      deposit: { amountMinor: 1000, currency: "USD" },
      cardHolder: null,
      email: "planted@secret.example",
      customerId: null,
      callbackToken: "t".repeat(24),
    }),
    readCard: adapter.readCard?.({ providerCardId: "c_unknown", email: "planted@secret.example" }),
    revealCard: adapter.revealCard?.({ providerCardId: "c_unknown", email: "planted@secret.example" }),
    listCardRanges: adapter.listCardRanges?.(),
  };
}

it("every provider that the schema names is in the registry, once", () => {
  expect(REGISTRY.map(({ code }) => code)).toEqual([...PROVIDER_CODES]);
});

describe.each(
  REGISTRY.map((registration) => [registration.name, registration] as const),
)("%s", (_name, registration) => {
  let sandbox: RunningSandbox<unknown>;
  const entries: JournalEntry[] = [];
  const journal: Journal = { record: (entry) => void entries.push(entry) };
  const parts = { clock: systemClock, journal, timeoutMs: 5_000, publicUrl };
  beforeAll(async () => {
    sandbox = await registration.startSandbox({ clock: systemClock, publicUrl });
  });
  afterAll(() => sandbox.close());

  it("has no account in an empty environment, and a faulty one when only its address is there", () => {
    expect(registration.readAccount({})).toEqual({ kind: "absent" });
    const reading = registration.readAccount({ [`${registration.code}_BASE_URL`]: "https://issuer.example" });
    expect(reading.kind).toBe("faulty");
    if (reading.kind !== "faulty") return;
    for (const { name } of reading.faults) expect(name).toMatch(new RegExp(`^${registration.code}_`));
  });

  it("has exactly the methods of its capabilities, and no stubs", async () => {
    const adapter = registration.create(sandbox.account, parts);
    expect(CAPABILITIES.filter((name) => typeof adapter[name] === "function")).toEqual([...registration.capabilities]);
    expect(adapter.code).toBe(registration.code);
    await adapter.close();
  });

  it("ends every call with an answer or a ProviderError, and journals it without the request", async () => {
    const adapter = registration.create(sandbox.account, parts);
    entries.length = 0;
    const outcomes = await Promise.allSettled(Object.values(callAll(adapter)).filter((call) => call !== undefined));
    expect(outcomes).toHaveLength(registration.capabilities.length);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(ProviderError);
    }
    const calls = entries.filter(({ event }) => event === "provider_call");
    expect(calls).toHaveLength(registration.capabilities.length);
    const errors = outcomes.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason.stack) : ""));
    expect(JSON.stringify(entries) + errors.join()).not.toMatch(/planted|5511912345678/i);
    await adapter.close();
  });

  it("says that nothing was sent when nobody listens at its address", async () => {
    const gone = await registration.startSandbox({ clock: systemClock, publicUrl });
    await gone.close();
    const adapter = registration.create(gone.account, parts);
    for (const call of Object.values(callAll(adapter))) {
      if (call) await expect(call).rejects.toMatchObject({ name: "ProviderError", kind: "unavailable" });
    }
    await adapter.close();
  });

  it("is called back below an address of its own, and turns away what it does not know", async () => {
    const desk = { isSending: async () => false, receive: async () => false, receiveForAccount: async () => undefined };
    for (const route of registration.callbackRoutes(sandbox.account, parts)) {
      expect(route.path).toMatch(new RegExp(`^/callbacks/${registration.code.toLowerCase()}/`));
      const params = { operation: "create", token: "unknown-unknown-unknown" };
      const answer = await route.handle({ url: route.path, params, query: { orderNo: "unknown" }, body: "{}" }, desk);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toContain("success");
    }
  });
});
