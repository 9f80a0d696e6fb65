import { describe, expect, it } from "vitest";
import { type ConfiguredProvider, isRefusal, ProviderDirectory } from "../../src/domain/directory.js";
import type { CardProvider } from "../../src/domain/provider.js";
import type { Capability, ProviderCode } from "../../src/domain/provider-code.js";

function provider(code: ProviderCode, ...capabilities: readonly Capability[]): ConfiguredProvider {
  const adapter: CardProvider = {
    code,
    emailPolicy: { required: false, fallback: null },
    close: async () => undefined,
  };
  return { code, name: code.toLowerCase(), mode: "SANDBOX", capabilities, adapter };
}

const contacts = provider("PAGSMILE", "createCardContact");
const cards = provider("PREPAIDIFY", "createVirtualCard", "readCard");
const both = new ProviderDirectory([contacts, cards]);

describe("the choice of a provider", () => {
  it("falls on the only one that can, when none is named", () => {
    expect(both.choose("createVirtualCard", null)).toBe(cards.adapter);
    expect(both.choose("createCardContact", null)).toBe(contacts.adapter);
  });

  it("falls on the one that is named, even where others can too", () => {
    const two = new ProviderDirectory([provider("PAGSMILE", "readCard"), cards]);
    expect(two.choose("readCard", "PREPAIDIFY")).toBe(cards.adapter);
  });

  it.each([
    ["nobody can", both, "listCardRanges", null],
    ["there are no providers", new ProviderDirectory([]), "readCard", null],
    ["more than one can", new ProviderDirectory([provider("PAGSMILE", "readCard"), cards]), "readCard", null],
  ] as const)("is refused when %s, without blaming a field", (_name, directory, capability, asked) => {
    const refusal = { code: "CAPABILITY_NOT_SUPPORTED", field: null, retryable: false, providerCode: null };
    expect(directory.choose(capability, asked)).toMatchObject(refusal);
  });

  it.each([
    ["cannot", both, "PAGSMILE"],
    ["is not configured", new ProviderDirectory([contacts]), "PREPAIDIFY"],
  ] as const)("is refused when the one that is named %s, and says so at `provider`", (_name, directory, asked) => {
    const refusal = { code: "CAPABILITY_NOT_SUPPORTED", field: ["provider"] };
    expect(directory.choose("createVirtualCard", asked)).toMatchObject(refusal);
  });

  it("is told from a refusal", () => {
    expect(isRefusal(both.choose("readCard", null))).toBe(false);
    expect(isRefusal(both.choose("listCardRanges", null))).toBe(true);
  });
});

describe("the adapter of an order's provider", () => {
  const order = { provider: "PREPAIDIFY", mode: cards.mode } as const;

  it("is there by its code", () => expect(both.adapterFor(order)).toBe(cards.adapter));

  it("is withheld from a sandbox order when the provider is real now, and the other way round", () => {
    const other = cards.mode === "LIVE" ? "SANDBOX" : "LIVE";
    expect(both.adapterFor({ ...order, mode: other })).toBeNull();
  });

  it("is an error when the provider is not configured any more", () => {
    expect(() => new ProviderDirectory([contacts]).adapterFor(order)).toThrow("PREPAIDIFY is not configured");
  });
});
