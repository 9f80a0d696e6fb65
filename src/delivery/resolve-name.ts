import { Resolver } from "node:dns/promises";

/** Bound on the answer of one name server, in milliseconds; the whole look-up is bounded by its signal. */
const SERVER_TIMEOUT_MS = 2_000;

/** Looks a name up: every address of it, at least one. Throws when there is none or the signal comes first. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/**
 * Asks the name servers themselves. The system's own look-up runs on the few threads that calls to providers need too,
 * cannot be ended, and a caller's slow name servers would hold them up.
 */
export async function resolveName(name: string, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: SERVER_TIMEOUT_MS, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length === 0) throw new Error("the name leads nowhere");
    return addresses;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
