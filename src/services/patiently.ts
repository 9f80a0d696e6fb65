import { setTimeout as pause } from "node:timers/promises";
import { StoreUnavailable } from "../domain/store-unavailable.js";

/** Rest between attempts: first, and at most; each is twice the one before. */
const REST_MS = { first: 100, most: 1_000 } as const;

/**
 * Does what needs the database again and again while that is away, for `patienceMs`. `work` must be safe to repeat,
 * because an attempt that was cut off may have taken effect. Throws {@link StoreUnavailable} when patience has run out,
 * and every other error at once.
 */
export async function patiently<Result>(patienceMs: number, work: () => Promise<Result>): Promise<Result> {
  const endMs = performance.now() + patienceMs;
  let restMs: number = REST_MS.first;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() + restMs > endMs) throw error;
    }
    await pause(restMs);
    restMs = Math.min(restMs * 2, REST_MS.most);
  }
}
