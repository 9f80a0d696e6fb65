import { useEffect, useState } from "react";
import { PROVIDER_MODES_QUERY } from "./operations.js";

interface ProviderMode {
  readonly code: string;
  readonly name: string;
  readonly mode: string;
}

/** Says of each provider whether it is a sandbox or spends real money. Shows nothing when the server does not tell. */
export function ProviderModes() {
  const [providers, setProviders] = useState<readonly ProviderMode[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    readProviderModes(stop.signal).then(setProviders, () => setProviders([]));
    return () => stop.abort();
  }, []);
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
