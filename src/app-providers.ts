import type { ProviderConfig } from "./config.js";
import type { ConfiguredProvider } from "./domain/directory.js";
import type { ProviderParts, RunningSandbox } from "./domain/registration.js";
import type { CallingProvider } from "./http/callbacks.js";

/** A provider that is ready to be called. */
export interface StartedProvider {
  readonly provider: ConfiguredProvider;
  readonly calling: CallingProvider;
  readonly sandbox: RunningSandbox<unknown> | null;
  close(): Promise<void>;
}

/**
 * Starts a provider's adapter, and its sandbox where there is no account: a part of `app.ts` in a file of its own.
 */
export async function startProvider(config: ProviderConfig, parts: ProviderParts): Promise<StartedProvider> {
  const { registration, callbackNetworks: networks } = config;
  const { code, name, capabilities } = registration;
  const sandbox = config.account === null ? await registration.startSandbox(parts) : null;
  const account = sandbox ? sandbox.account : config.account;
  const adapter = registration.create(account, parts);
  const mode = sandbox ? "SANDBOX" : "LIVE";
  return {
    provider: { code, name, capabilities, mode, adapter },
    calling: { code, networks, routes: registration.callbackRoutes(account, parts) },
    sandbox,
    close: async () => {
      await adapter.close();
      await sandbox?.close();
    },
  };
}
