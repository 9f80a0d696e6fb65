/** How a client asks for GraphQL as server-sent events. */
export const EVENT_STREAM = "text/event-stream";

const NAMES_EVENT_STREAM = /event-stream/i;

/** What a client may accept instead of a stream. */
const ONE_ANSWER: ReadonlySet<string> = new Set([
  "application/json",
  "application/graphql-response+json",
  "application/*",
  "multipart/mixed",
]);

/**
 * Whether a client wants a stream of events more than one answer. Many clients name both with every request; then the
 * greater weight counts, and of equal ones the first.
 */
export function prefersEventStream(accept: string | undefined): boolean {
  if (!accept || !NAMES_EVENT_STREAM.test(accept)) return false;
  const wanted = accept.split(",").map(weighed);
  const stream = wanted.findIndex(({ type, weight }) => type === EVENT_STREAM && weight > 0);
  const streamWeight = wanted[stream]?.weight ?? 0;
  return (
    stream >= 0 &&
    !wanted.some(({ type, weight }, place) => {
      return ONE_ANSWER.has(type) && (weight > streamWeight || (weight === streamWeight && place < stream));
    })
  );
}

/**
 * Whether a body calls itself JSON. Other sites' pages may send what merely contains the words, such as
 * `text/plain; x=application/json`, without asking this server first.
 */
export function isJson(contentType: string | undefined): boolean {
  return essenceOf(contentType ?? "") === "application/json";
}

function weighed(range: string): { readonly type: string; readonly weight: number } {
  const weight = /;\s*q=([\d.]+)\s*(?:;|$)/i.exec(range)?.[1];
  return { type: essenceOf(range), weight: weight === undefined ? 1 : Number(weight) };
}

function essenceOf(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}
