import type { PGlite } from "@electric-sql/pglite";

/** Told what is notified on a channel. Neither method may throw. */
export interface ChannelListener {
  readonly onMessage: (payload: string) => void;
  /** Messages may have been missed: called after every (re)connection, so that the listener reads anew. */
  readonly onGap: () => void;
}

/** A channel that is being listened to. */
export interface Listening {
  /** Ends it; nothing more is delivered. May be called twice. */
  close(): Promise<void>;
}

/** A name that needs no quoting, so that both databases understand it alike. */
const CHANNEL = /^[a-z][a-z_]{0,62}$/;

/** The channel's name, which has nothing but small letters and underscores. Throws a `RangeError` otherwise. */
export function channelName(channel: string): string {
  if (!CHANNEL.test(channel)) throw new RangeError("a channel's name has only small letters and underscores");
  return channel;
}

/** Listens on the embedded database, which has only this process and no connection to lose. */
export async function listenEmbedded(pglite: PGlite, channel: string, listener: ChannelListener): Promise<Listening> {
  let closed = false;
  const onMessage = (payload: string): void => {
    if (!closed) listener.onMessage(payload);
  };
  const unlisten = await pglite.listen(channelName(channel), onMessage);
  listener.onGap();
  return {
    close: async () => {
      if (closed) return;
      closed = true;
      if (!pglite.closed) await unlisten();
    },
  };
}
