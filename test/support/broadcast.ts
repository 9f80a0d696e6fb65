/** A source of events for any number of subscribers, each of which gets every event in order. */
export class Broadcast<Event> {
  readonly #subscribers = new Set<Subscriber<Event>>();
  #returned = 0;

  /** How many listen now. */
  get open(): number {
    return this.#subscribers.size;
  }

  /** How many were told to stop, by their `return()`. */
  get returned(): number {
    return this.#returned;
  }

  /** How many events no subscriber has taken yet. */
  get waiting(): number {
    return [...this.#subscribers].reduce((sum, subscriber) => sum + subscriber.waiting, 0);
  }

  subscribe(): AsyncIterableIterator<Event, void> {
    const subscriber = new Subscriber<Event>(() => {
      this.#returned += 1;
      this.#subscribers.delete(subscriber);
    });
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  publish(event: Event): void {
    for (const subscriber of this.#subscribers) subscriber.push({ value: event, done: false });
  }

  /** Ends the stream of every subscriber by itself. */
  finish(): void {
    for (const subscriber of this.#subscribers) subscriber.push({ value: undefined, done: true });
    this.#subscribers.clear();
  }
}

class Subscriber<Event> implements AsyncIterableIterator<Event, void> {
  readonly #onReturn: () => void;
  readonly #waiting: IteratorResult<Event, void>[] = [];
  #reader: ((step: IteratorResult<Event, void>) => void) | null = null;

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  push(step: IteratorResult<Event, void>): void {
    const reader = this.#reader;
    this.#reader = null;
    if (reader) reader(step);
    else this.#waiting.push(step);
  }

  async next(): Promise<IteratorResult<Event, void>> {
    const waiting = this.#waiting.shift();
    return (
      waiting ??
      new Promise((resolve) => {
        this.#reader = resolve;
      })
    );
  }

  async return(): Promise<IteratorResult<Event, void>> {
    this.#onReturn();
    this.push({ value: undefined, done: true });
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
