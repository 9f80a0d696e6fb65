/** What a mailbox is told by whoever fills it and whoever empties it. */
export interface MailboxParts {
  /** How many items may wait; whoever reads slower than that is told so and gets no more. */
  readonly limit: number;
  /** Called once, when nobody will read it any more. */
  readonly onEnd: () => void;
}

/** Somebody who watches did not read what came. */
export class WatcherTooSlow extends Error {
  override readonly name = "WatcherTooSlow";
}

/**
 * A bounded queue that is read as an async iterator. Unlike a generator it can be ended while somebody waits for the
 * next item, which is how a client leaves.
 */
export class Mailbox<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #parts: MailboxParts;
  readonly #items: Item[] = [];
  #waiting: ((result: IteratorResult<Item, undefined>) => void) | null = null;
  #ended = false;
  #failure: Error | null = null;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Adds an item, unless the mailbox has ended. One that nobody empties ends with {@link WatcherTooSlow}. */
  push(item: Item): void {
    if (this.#ended) return;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = null;
      waiting({ done: false, value: item });
    } else if (this.#items.length < this.#parts.limit) {
      this.#items.push(item);
    } else {
      this.#items.length = 0;
      this.#failure = new WatcherTooSlow("too much is waiting to be read");
      this.end();
    }
  }

  /** No more items come; those that wait are still read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = null;
    this.#parts.onEnd();
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    const item = this.#items.shift();
    if (item !== undefined) return { done: false, value: item };
    if (this.#failure) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#ended) return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#items.length = 0;
    this.#failure = null;
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
