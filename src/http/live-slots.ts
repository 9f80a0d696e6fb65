/** Bounds on what clients may keep open over server-sent events, WebSockets and callbacks. */
export interface LiveLimits {
  /** Operations that are under way at once, of all clients. As many WebSockets may be open. */
  readonly operationsMax: number;
  /** The same for one client's address. Behind a proxy that hides addresses this has to be as large as the whole. */
  readonly operationsPerClient: number;
  /** Operations under way on one WebSocket. */
  readonly operationsPerSocket: number;
  /** What may wait for a client that reads too slowly before its connection is ended. */
  readonly unreadBytesMax: number;
  /** How long a WebSocket may take to say `connection_init`. */
  readonly initTimeoutMs: number;
  /** Between two signs of life to each connection; a WebSocket that leaves one unanswered until the next is ended. */
  readonly heartbeatMs: number;
  /** Bound on one message to a router's callback address. */
  readonly callbackDeadlineMs: number;
  /** How often a router is asked that wants no heartbeats. */
  readonly callbackCheckMs: number;
}

/** The bounds that hold unless the configuration says otherwise. */
export const DEFAULT_LIVE_LIMITS: LiveLimits = {
  operationsMax: 20_000,
  operationsPerClient: 1_000,
  operationsPerSocket: 100,
  unreadBytesMax: 1_000_000,
  initTimeoutMs: 5_000,
  heartbeatMs: 12_000,
  callbackDeadlineMs: 5_000,
  callbackCheckMs: 60_000,
};

/** Why there is no slot: the whole server has none left, or this client has its share. */
export type SlotRefusal = "server_full" | "client_full";

/** A place that a client holds until it gives it back. */
export interface LiveSlot {
  /** Gives the place back; once, however often it is called. */
  release(): void;
}

/** Counts what clients keep open, in all and by address, and refuses what is beyond the bounds. */
export class LiveSlots {
  readonly #total: number;
  readonly #perClient: number;
  readonly #taken = new Map<string, number>();
  #open = 0;

  constructor(total: number, perClient: number) {
    this.#total = total;
    this.#perClient = perClient;
  }

  /** How many are taken now. */
  get open(): number {
    return this.#open;
  }

  /** Takes a place for a client, or says why it gets none. */
  take(client: string): LiveSlot | SlotRefusal {
    const taken = this.#taken.get(client) ?? 0;
    if (this.#open >= this.#total) return "server_full";
    if (taken >= this.#perClient) return "client_full";
    this.#open += 1;
    this.#taken.set(client, taken + 1);
    let held = true;
    return {
      release: () => {
        if (held) this.#giveBack(client);
        held = false;
      },
    };
  }

  #giveBack(client: string): void {
    this.#open -= 1;
    const left = (this.#taken.get(client) ?? 1) - 1;
    // An address that holds nothing is forgotten, or the map would grow by every address that ever came.
    if (left === 0) this.#taken.delete(client);
    else this.#taken.set(client, left);
  }
}
