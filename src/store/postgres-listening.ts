import { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type ChannelListener, channelName, type Listening } from "./listening.js";

/** First and longest rest between attempts to connect; each rest is twice the one before. */
const RECONNECT_REST_MS = { first: 100, longest: 2_000 } as const;
/** How long an attempt to connect may take. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How often a silent connection is asked whether it still lives, and how long it may take to answer. */
const HEARTBEAT_MS = { every: 10_000, timeout: 5_000 } as const;

/** How long a goodbye may take. */
const GOODBYE_MS = 1_000;

/** How a channel is listened to; the rests are parameters so that tests need not wait for them. */
export interface PostgresListeningOptions {
  readonly url: string;
  readonly channel: string;
  readonly listener: ChannelListener;
  readonly heartbeatMs?: { readonly every: number; readonly timeout: number };
}

/**
 * Listens on PostgreSQL with a connection of its own, and connects again for as long as it takes whenever that one is
 * lost. Resolves once the first attempt to connect has succeeded or failed; after a failure it goes on in the
 * background. Throws a `RangeError` for a channel's name that is none.
 */
export async function listenPostgres(options: PostgresListeningOptions): Promise<Listening> {
  const listening = new PostgresListening(options);
  await listening.tried;
  return listening;
}

interface Connection {
  readonly client: pg.Client;
  /** The connection's own socket, so that a dead one can be dropped. */
  readonly socket: Socket;
}

class PostgresListening implements Listening {
  /** Resolves after the first attempt to connect. */
  readonly tried: Promise<void>;
  readonly #options: PostgresListeningOptions;
  readonly #heartbeatMs: { readonly every: number; readonly timeout: number };
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: PostgresListeningOptions) {
    channelName(options.channel);
    this.#options = options;
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    const first = this.#connect();
    this.#ended = this.#run(first);
    this.tried = first.then(() => undefined);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #run(first: Promise<Connection | null>): Promise<void> {
    let restMs: number = RECONNECT_REST_MS.first;
    let connecting = first;
    for (;;) {
      const connection = await connecting;
      if (connection) {
        restMs = RECONNECT_REST_MS.first;
        if (!this.#closing.signal.aborted) this.#options.listener.onGap();
        await this.#untilLost(connection);
      }
      await this.#rest(restMs);
      if (this.#closing.signal.aborted) return;
      restMs = Math.min(restMs * 2, RECONNECT_REST_MS.longest);
      connecting = this.#connect();
    }
  }

  /** A connection that listens; null when there is none to be had. */
  async #connect(): Promise<Connection | null> {
    const { url, channel, listener } = this.#options;
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      stream: () => socket,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: this.#heartbeatMs.timeout,
      keepAlive: true,
      application_name: "cardgraph-listen",
    });
    // Without a listener a lost connection would take the process with it; that it is lost shows by its end.
    client.on("error", () => undefined);
    client.on("notification", ({ payload }) => {
      if (!this.#closing.signal.aborted) listener.onMessage(payload ?? "");
    });
    const abandon = (): void => void socket.destroy();
    this.#closing.signal.addEventListener("abort", abandon);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      return { client, socket };
    } catch {
      await hangUp({ client, socket });
      return null;
    } finally {
      this.#closing.signal.removeEventListener("abort", abandon);
    }
  }

  /** Resolves once the connection is lost, however silently, or this is closed; the connection is gone then. */
  async #untilLost(connection: Connection): Promise<void> {
    const { client, socket } = connection;
    const over = new AbortController();
    const end = (): void => over.abort();
    client.once("end", end);
    this.#closing.signal.addEventListener("abort", end);
    if (socket.destroyed || this.#closing.signal.aborted) end();
    while (!over.signal.aborted) {
      await pause(this.#heartbeatMs.every, undefined, { signal: over.signal }).catch(() => undefined);
      if (!over.signal.aborted && !(await answers(client))) end();
    }
    this.#closing.signal.removeEventListener("abort", end);
    await hangUp(connection);
  }

  async #rest(restMs: number): Promise<void> {
    await pause(restMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** Ends a connection politely, and at once when nobody is there to be polite to. */
async function hangUp({ client, socket }: Connection): Promise<void> {
  const hard = setTimeout(() => socket.destroy(), GOODBYE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(hard);
  socket.destroy();
}

async function answers(client: pg.Client): Promise<boolean> {
  return client.query("select 1").then(
    () => true,
    () => false,
  );
}
