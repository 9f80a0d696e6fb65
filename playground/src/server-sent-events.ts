/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** The event's name; `message` when the stream gives none. */
  readonly name: string;
  /** Its data lines, joined by line breaks; empty when it has none. */
  readonly data: string;
}

/**
 * The events of a `text/event-stream` body, as they arrive. The browser's own EventSource cannot send a POST.
 * Comments, which servers send to keep the connection open, are skipped; an event that the end cuts off is dropped.
 */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

function parseEvent(block: string): ServerSentEvent | null {
  const fields = block
    .split(/\r?\n/)
    .map((line) => /^(event|data): ?(.*)$/.exec(line))
    .filter((match) => match !== null);
  if (fields.length === 0) return null;
  return {
    name: fields.findLast(([, name]) => name === "event")?.[2] ?? "message",
    data: fields
      .filter(([, name]) => name === "data")
      .map(([, , value]) => value)
      .join("\n"),
  };
}
