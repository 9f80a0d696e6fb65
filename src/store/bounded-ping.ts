import { StoreUnavailable } from "../domain/store-unavailable.js";

/** How long whoever asks waits for an answer. */
const PING_MS = 2_000;

/**
 * Asks whether the database answers, in bounded time. Whoever asks while a question is under way shares it, so that a
 * database that is away does not gather questions. Throws {@link StoreUnavailable}, or what `ask` throws.
 */
export function boundedPing(ask: () => Promise<unknown>, pingMs = PING_MS): () => Promise<void> {
  let underWay: Promise<unknown> | null = null;
  return async () => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new StoreUnavailable("no_answer_in_time")), pingMs);
    });
    try {
      await Promise.race([underWay, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
