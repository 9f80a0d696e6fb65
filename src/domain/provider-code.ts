/** Every card provider this server can speak to. One line here, one line in the registry, one folder. */
export const PROVIDER_CODES = ["PAGSMILE", "PREPAIDIFY"] as const;

/** One of {@link PROVIDER_CODES}. */
export type ProviderCode = (typeof PROVIDER_CODES)[number];

/** What a provider can do for us. A provider has a capability when its adapter has the method of that name. */
export const CAPABILITIES = [
  "createCardContact",
  "createVirtualCard",
  "readCard",
  "revealCard",
  "listCardRanges",
] as const;

/** One of {@link CAPABILITIES}. */
export type Capability = (typeof CAPABILITIES)[number];

/** A capability as the schema spells it: `CREATE_CARD_CONTACT` for `createCardContact`. */
export type CapabilityName =
  | "CREATE_CARD_CONTACT"
  | "CREATE_VIRTUAL_CARD"
  | "READ_CARD"
  | "REVEAL_CARD"
  | "LIST_CARD_RANGES";

/** The schema's name of each capability. */
export const CAPABILITY_NAMES: Readonly<Record<Capability, CapabilityName>> = {
  createCardContact: "CREATE_CARD_CONTACT",
  createVirtualCard: "CREATE_VIRTUAL_CARD",
  readCard: "READ_CARD",
  revealCard: "REVEAL_CARD",
  listCardRanges: "LIST_CARD_RANGES",
};

/** Whether a provider is reached with a real account or is this server's own sandbox. */
export type ProviderMode = "LIVE" | "SANDBOX";
