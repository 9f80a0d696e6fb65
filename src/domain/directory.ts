import type { CardProvider } from "./provider.js";
import type { Capability, ProviderCode, ProviderMode } from "./provider-code.js";
import { type UserError, userError } from "./user-error.js";

/** A configured provider: its adapter, its name and whether it is real. */
export interface ConfiguredProvider {
  readonly code: ProviderCode;
  readonly name: string;
  readonly mode: ProviderMode;
  readonly capabilities: readonly Capability[];
  readonly adapter: CardProvider;
}

type Able<Name extends Capability> = CardProvider & Required<Pick<CardProvider, Name>>;

/** The providers of this server, and the choice between them. */
export class ProviderDirectory {
  readonly all: readonly ConfiguredProvider[];
  readonly #byCode: ReadonlyMap<ProviderCode, ConfiguredProvider>;

  constructor(providers: readonly ConfiguredProvider[]) {
    this.all = providers;
    this.#byCode = new Map(providers.map((provider) => [provider.code, provider]));
  }

  /** The provider of that code; throws if it is not configured. */
  get(code: ProviderCode): ConfiguredProvider {
    const found = this.#byCode.get(code);
    if (!found) throw new Error(`provider ${code} is not configured`);
    return found;
  }

  /** The adapter that an order is sent and read with; null when one is the sandbox's and the other is real. */
  adapterFor(order: { readonly provider: ProviderCode; readonly mode: ProviderMode }): CardProvider | null {
    const { mode, adapter } = this.get(order.provider);
    return mode === order.mode ? adapter : null;
  }

  /**
   * The provider to use: the one that was asked for, or the only one with the capability.
   * Ambiguous, missing or unable is a {@link UserError} of code `CAPABILITY_NOT_SUPPORTED`.
   */
  choose<Name extends Capability>(capability: Name, asked: ProviderCode | null): Able<Name> | UserError {
    const able = this.all.filter((provider) => provider.capabilities.includes(capability));
    const fitting = asked === null ? able : able.filter((provider) => provider.code === asked);
    const [only] = fitting;
    if (only && fitting.length === 1) return only.adapter as Able<Name>;
    const message =
      asked !== null
        ? "The provider that was asked for cannot do this here; `providers` lists what each one can do."
        : fitting.length > 1
          ? "More than one provider can do this: name one in `provider`."
          : "No configured provider can do this.";
    return userError("CAPABILITY_NOT_SUPPORTED", message, { field: asked === null ? null : ["provider"] });
  }
}

/** Tells a refusal from an adapter. */
export function isRefusal(chosen: CardProvider | UserError): chosen is UserError {
  return "message" in chosen;
}
