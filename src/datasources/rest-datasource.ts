import type { ClientRequest } from "node:http";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import got, { Options, type OptionsInit, type RequestPromise, type Response } from "got";
import type { Journal } from "../domain/journal.js";
import type { ProviderCode } from "../domain/provider-code.js";
import { ProviderError, type ProviderErrorKind } from "../domain/provider-error.js";

/** Upper bound on an answer's body. The largest documented answer is a list of card ranges, far below it. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** Connections kept open to one provider at the same time; further calls queue inside their own deadline. */
const MAX_SOCKETS = 64;

/**
 * How long an idle connection is kept. Shorter than the five seconds after which common servers close theirs: a call
 * written into a connection that the other side is closing ends unconfirmed, which is costly for an order.
 */
const IDLE_SOCKET_MS = 4_000;

/**
 * The library's own third parameter, which its types leave out: options that are normalised already. Passing them
 * here rather than merging them into each call saves about a quarter of the library's time.
 */
const gotPrebuilt = got as unknown as (
  url: string,
  options: OptionsInit,
  defaults: Options,
) => RequestPromise<Response<string>>;

/** What a data source is built from. */
export interface RestDataSourceOptions {
  readonly provider: ProviderCode;
  /** Scheme, host and optional path prefix. */
  readonly baseUrl: string;
  /** Bound on a whole call, from the first look-up of the name to the last byte of the body. */
  readonly timeoutMs: number;
  readonly journal: Journal;
  /** Bound on the answer's body in bytes; {@link MAX_ANSWER_BYTES} unless told. */
  readonly maxAnswerBytes?: number;
}

/** One request, complete: what is sent is exactly this. */
export interface RestRequest {
  readonly method: "GET" | "POST";
  /** Path below the base address, beginning with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent byte for byte. */
  readonly body?: string;
}

/** An answer, whatever its HTTP status. */
export interface RestAnswer {
  readonly status: number;
  readonly body: string;
}

/** What is known of one call while it runs; decides between "not sent" and "unknown". */
interface CallState {
  /**
   * Whether a byte of the request may have left this machine: `held` only while its socket is watched and not yet
   * open. What was not watched may have been sent.
   */
  sending: "unwatched" | "held" | "possible";
  /** Why we ended the call ourselves, if we did. */
  ended: "deadline" | "size" | null;
}

/**
 * The base of every provider's client, and the only file that knows the HTTP library.
 *
 * A call is made once: no retries, no redirects, one total deadline, a bound on the body. It ends with an answer,
 * whatever its status, or with a {@link ProviderError} of kind `unavailable` (no byte was sent) or `outcome_unknown`.
 */
export abstract class RestDataSource {
  readonly #options: RestDataSourceOptions;
  readonly #maxAnswerBytes: number;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  readonly #prebuilt: Options;
  readonly #baseUrl: string;
  /** The path prefix of the base address, empty for most; some signatures cover it. */
  protected readonly basePath: string;

  constructor(options: RestDataSourceOptions) {
    this.#options = options;
    this.#maxAnswerBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
    const agentOptions = {
      keepAlive: true,
      scheduling: "lifo",
      maxSockets: MAX_SOCKETS,
      timeout: IDLE_SOCKET_MS,
    } as const;
    this.#agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.basePath = new URL(this.#baseUrl).pathname.replace(/\/+$/, "");
    this.#prebuilt = prebuildOptions(this.#agents);
  }

  protected get provider(): ProviderCode {
    return this.#options.provider;
  }

  protected get journal(): Journal {
    return this.#options.journal;
  }

  /** Ends kept-alive connections. */
  async close(): Promise<void> {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  /**
   * Makes one call and reads its answer. `read` throws {@link ProviderError} for an answer that is not a success.
   * The call's outcome and duration go to the journal either way.
   */
  protected async call<Result>(
    operation: string,
    request: RestRequest,
    read: (answer: RestAnswer) => Result | Promise<Result>,
  ): Promise<Result> {
    const startedMs = performance.now();
    try {
      const result = await read(await this.#send(request));
      this.#record(operation, "ok", startedMs);
      return result;
    } catch (thrown) {
      const error = thrown instanceof ProviderError ? thrown : this.fail("malformed", "answer could not be read");
      this.#record(operation, error.kind, startedMs, error);
      throw error;
    }
  }

  /** A {@link ProviderError} of this provider. */
  protected fail(kind: ProviderErrorKind, reason: string): ProviderError {
    return new ProviderError({ provider: this.#options.provider, kind, reason });
  }

  async #send(request: RestRequest): Promise<RestAnswer> {
    const state: CallState = { sending: "unwatched", ended: null };
    const abort = new AbortController();
    const end = (why: "deadline" | "size"): void => {
      state.ended ??= why;
      abort.abort();
    };
    const deadline = setTimeout(end, this.#options.timeoutMs, "deadline");
    try {
      const call = gotPrebuilt(
        this.#baseUrl + request.path,
        { method: request.method, headers: request.headers, body: request.body, signal: abort.signal },
        this.#prebuilt,
      );
      call.on("request", (outgoing: ClientRequest) => watchSending(outgoing, state));
      call.on("downloadProgress", ({ transferred }) => {
        if (transferred > this.#maxAnswerBytes) end("size");
      });
      const answer = await call;
      if (answer.rawBody.byteLength > this.#maxAnswerBytes) throw this.fail("outcome_unknown", "answer too large");
      return { status: answer.statusCode, body: answer.body };
    } catch (thrown) {
      // The HTTP library's error holds headers and body of the request, so it ends here and never travels on.
      throw thrown instanceof ProviderError ? thrown : this.#classify(state, thrown);
    } finally {
      clearTimeout(deadline);
    }
  }

  #classify(state: CallState, thrown: unknown): ProviderError {
    if (state.sending === "held") {
      return this.fail(
        "unavailable",
        state.ended === "deadline" ? "deadline passed before connecting" : "no connection",
      );
    }
    if (state.ended === "deadline") return this.fail("outcome_unknown", "deadline passed");
    if (state.ended === "size") return this.fail("outcome_unknown", "answer too large");
    const code = (thrown as { code?: unknown }).code;
    return this.fail("outcome_unknown", code === "ECONNRESET" ? "connection reset" : "connection broken");
  }

  #record(operation: string, outcome: "ok" | ProviderErrorKind, startedMs: number, error?: ProviderError): void {
    this.#options.journal.record({
      event: "provider_call",
      provider: this.#options.provider,
      operation,
      outcome,
      durationMs: Math.round(performance.now() - startedMs),
      reason: error?.reason,
      providerCode: error?.providerCode,
      traceId: error?.traceId,
    });
  }
}

/** Everything about a call that does not change from one to the next, normalised by the library once. */
function prebuildOptions(agents: { readonly http: HttpAgent; readonly https: HttpsAgent }): Options {
  return new Options({
    agent: agents,
    headers: { "user-agent": "cardgraph" },
    retry: { limit: 0, methods: [], statusCodes: [], errorCodes: [] },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    responseType: "text",
  });
}

/** A socket as Node makes it for TLS: the flag is public in Node but missing from its types; absent means "open". */
type OpeningSocket = Socket & { readonly secureConnecting?: boolean };

/**
 * Notes when a byte of the request may first have left: at once on a connection that is already open, otherwise when
 * the new connection (with TLS: its handshake, the certificate accepted) is complete. Until then everything written
 * waits inside this process. The socket itself is asked: a call that queued for a connection is handed an open one
 * without being marked as reusing it, and calling that one unsent would report a lost order as provably not sent.
 */
function watchSending(outgoing: ClientRequest, state: CallState): void {
  const secure = outgoing.protocol === "https:";
  state.sending = state.sending === "unwatched" ? "held" : "possible";
  const watch = (socket: OpeningSocket): void => {
    const opening = secure ? socket.secureConnecting === true : socket.connecting;
    const sent = (): void => {
      state.sending = "possible";
    };
    if (opening && !outgoing.reusedSocket) socket.once(secure ? "secureConnect" : "connect", sent);
    else sent();
  };
  if (outgoing.socket) watch(outgoing.socket);
  else outgoing.once("socket", watch);
}
