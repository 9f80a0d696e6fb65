import { useEffect, useState } from "react";
import { PROVIDER_MODES_QUERY } from "./operations.js";

/** A provider, and whether it is a sandbox or spends real money: `SANDBOX` or `LIVE`. */
export interface ProviderMode {
  readonly code: string;
  readonly name: string;
  readonly mode: string;
}

/** What the server says of its providers; empty until it has answered, and when it does not tell. */
export function useProviderModes(): readonly ProviderMode[] {
  const [providers, setProviders] = useState<readonly ProviderMode[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    readProviderModes(stop.signal).then(setProviders, () => setProviders([]));
    return () => stop.abort();
  }, []);
  return providers;
}

/** Says of each provider whether it is a sandbox or spends real money. */
export function ProviderModes({ providers }: { readonly providers: readonly ProviderMode[] }) {
  if (providers.length === 0) return null;
  return (
    <ul className="cardgraph-providers" aria-label="Providers">
      {providers.map(({ code, name, mode }) => (
        <li key={code}>
          <span>{name}</span>
          <span className={`cardgraph-mode cardgraph-mode-${mode.toLowerCase()}`}>
            {mode === "LIVE" ? "live: real money" : mode.toLowerCase()}
          </span>
        </li>
      ))}
    </ul>
  );
}

async function readProviderModes(signal: AbortSignal): Promise<readonly ProviderMode[]> {
  const response = await fetch("/graphql", {
    method: "POST",
    signal,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: PROVIDER_MODES_QUERY, operationName: "ProviderModes" }),
  });
  const result: { data?: { providers?: readonly ProviderMode[] } | null } = await response.json();
  return result.data?.providers ?? [];
}
