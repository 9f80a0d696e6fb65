import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { TLSSocket } from "node:tls";
import { Webhook } from "standardwebhooks";
import type { DeliveryFailure, DeliveryOutcome, EventSender, OutgoingMessage } from "../domain/delivery.js";
import type { Secret } from "../domain/secret.js";
import { type AddressRules, literalOf } from "./public-address.js";
import type { ResolveName } from "./resolve-name.js";

/** How much of an answer's body is read before the connection is closed; it is thrown away either way. */
const MAX_ANSWER_BYTES = 4_096;
/** How long the rest of an answer is waited for once its status is known, in milliseconds. */
const DRAIN_MS = 1_000;
/** How long attempts under way may take to finish once the server stops, in milliseconds. */
const STOP_MS = 3_000;

/** What {@link WebhookSender} works with. */
export interface WebhookSenderParts {
  /** At least one. Every message is signed with each, so that receivers can change from one to the next. */
  readonly secrets: readonly Secret<string>[];
  readonly rules: AddressRules;
  readonly resolve: ResolveName;
  /** Bound on one attempt, from the look-up of the name to the status of the answer, in milliseconds. */
  readonly deadlineMs: number;
  /** PEM text of the only authority to trust, instead of the system's. */
  readonly ca?: string;
}

/**
 * Sends messages as Standard Webhooks 1.0 says. An attempt is made once, without redirect or proxy; the receiver's
 * certificate is verified, and the addresses that were checked are the ones that are connected to.
 */
export class WebhookSender implements EventSender {
  readonly #parts: WebhookSenderParts;
  readonly #signers: readonly Webhook[];
  readonly #agent: Agent;
  readonly #underWay = new Set<AbortController>();

  constructor(parts: WebhookSenderParts) {
    this.#parts = parts;
    this.#signers = parts.secrets.map((secret) => new Webhook(secret.reveal()));
    // Each attempt has a connection of its own: one that is kept would outlive the check of its address.
    this.#agent = new Agent({ keepAlive: false, maxCachedSessions: 0, rejectUnauthorized: true, ca: parts.ca });
  }

  async send(message: OutgoingMessage): Promise<DeliveryOutcome> {
    const attempt = new AbortController();
    this.#underWay.add(attempt);
    const deadline = setTimeout(() => end(attempt, "deadline passed"), this.#parts.deadlineMs);
    try {
      const addresses = await this.#addressesOf(message.url, attempt.signal);
      if (addresses === null) return failed(endOf(attempt.signal) ?? "name not resolved");
      if (addresses.length === 0) return { kind: "refused_address" };
      return await this.#post(message, addresses, attempt.signal);
    } finally {
      clearTimeout(deadline);
      this.#underWay.delete(attempt);
    }
  }

  /** Gives attempts under way a few seconds more. One that is ended is made again later, under the same id. */
  stop(): void {
    const endAll = (): void => {
      for (const attempt of this.#underWay) end(attempt, "server stopped");
    };
    setTimeout(endAll, STOP_MS).unref();
  }

  /** Addresses that may be connected to, none when all are refused; null when the name leads nowhere. */
  async #addressesOf(url: string, signal: AbortSignal): Promise<readonly string[] | null> {
    const { rules, resolve } = this.#parts;
    if (rules.refusalOf(url)) return [];
    const parsed = new URL(url);
    const literal = literalOf(parsed);
    if (literal !== null) return [literal];
    const addresses = await resolve(parsed.hostname, signal).catch(() => null);
    return addresses?.filter((address) => rules.allows(address)) ?? null;
  }

  #post(message: OutgoingMessage, addresses: readonly string[], signal: AbortSignal): Promise<DeliveryOutcome> {
    return new Promise((resolve) => {
      let outcome: DeliveryOutcome | null = null;
      const body = Buffer.from(message.body);
      const outgoing = request(message.url, {
        method: "POST",
        headers: { ...this.#headersOf(message), "content-length": body.byteLength },
        agent: this.#agent,
        lookup: only(addresses),
        signal,
      });
      const failure = watch(outgoing, signal);
      outgoing.on("response", (answer) => {
        outcome = outcomeOf(answer.statusCode ?? 0);
        drain(answer, outgoing);
      });
      outgoing.on("close", () => resolve(outcome ?? failed(failure())));
      outgoing.end(body);
    });
  }

  #headersOf({ messageId, body, at }: OutgoingMessage): Readonly<Record<string, string>> {
    return {
      "content-type": "application/json",
      "user-agent": "cardgraph",
      "webhook-id": messageId,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": this.#signers.map((signer) => signer.sign(messageId, at, body)).join(" "),
    };
  }
}

function end(attempt: AbortController, why: DeliveryFailure): void {
  attempt.abort(why);
}

/** Why we ended an attempt ourselves, if we did. */
function endOf(signal: AbortSignal): DeliveryFailure | null {
  return signal.aborted ? (signal.reason as DeliveryFailure) : null;
}

function failed(reason: DeliveryFailure, status: number | null = null): DeliveryOutcome {
  return { kind: "failed", reason, status };
}

function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  return status === 410 ? { kind: "gone", status } : failed("refused by status", status);
}

/** Stands in for the look-up of a name, so that no second one can lead elsewhere. */
function only(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, callback) => {
    const [first = { address: "", family: 0 }] = known;
    if (options.all) callback(null, known);
    else callback(null, first.address, first.family);
  };
}

/** Watches a request; the result tells why it failed once it has. */
function watch(outgoing: ClientRequest, signal: AbortSignal): () => DeliveryFailure {
  let reached: "no connection" | "connection broken" = "no connection";
  let distrusted = false;
  outgoing.on("socket", (socket) => {
    socket.once("secureConnect", () => {
      reached = "connection broken";
    });
    socket.once("close", () => {
      distrusted = Boolean((socket as TLSSocket).authorizationError);
    });
  });
  // What the error says may hold the address, so only its stage is told.
  outgoing.on("error", () => {
    distrusted ||= Boolean((outgoing.socket as TLSSocket | null)?.authorizationError);
  });
  return () => endOf(signal) ?? (distrusted ? "certificate not accepted" : reached);
}

/** Reads a little of an answer that nobody needs, because cutting it off at once looks like a fault to the receiver. */
function drain(answer: IncomingMessage, outgoing: ClientRequest): void {
  let bytes = 0;
  const cut = setTimeout(() => outgoing.destroy(), DRAIN_MS);
  answer.on("error", () => undefined);
  answer.on("close", () => clearTimeout(cut));
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) outgoing.destroy();
  });
}
