import { generateKeyPair, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { RunningSandbox, SandboxParts } from "../../../domain/registration.js";
import { Secret } from "../../../domain/secret.js";
import { RsaAesCodec } from "../codec.js";
import type { PagsmileAccount } from "../config.js";
import type { RandomBytes, RsaPadding } from "../crypto.js";
import { playScenario, sendFailure } from "./answer.js";
import { checkRequest, failure, RefusedRequest, type SandboxContact } from "./check-request.js";
import { type SandboxScenario, scenarioOf } from "./scenario.js";

/** How a sandbox is started. */
export interface PagsmileSandboxOptions extends Pick<SandboxParts, "clock"> {
  /** How many requests and contacts to keep for tests to look at; 0 unless told, so that no names are kept. */
  readonly remember?: number;
  readonly random?: RandomBytes;
  readonly rsaPadding?: RsaPadding;
}

/** One request as it arrived. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Pagsmile's wire protocol on a loopback port, and what tests may do with it. */
export interface PagsmileSandbox extends RunningSandbox<PagsmileAccount> {
  /** Plays these for the next requests that are in order, one each; then last names decide again. */
  script(...scenarios: readonly SandboxScenario[]): void;
  /** How many contacts were created, and the last of them, decrypted. */
  readonly contacts: { readonly count: number; readonly kept: readonly SandboxContact[] };
  /** The last requests that arrived, in order or not. */
  readonly requests: readonly SandboxRequest[];
}

/** Source: Pagsmile, Create Card Contact. */
const PATH = "/issuing/card/create-contact";
const MAX_BODY_BYTES = 65_536;
/** Request ids remembered; more than any client's retries reach back, and some 400 KB. */
const MAX_REQUEST_IDS = 4_096;
/** Source: Pagsmile, Create Card Contact (example 200). */
const FIRST_CONTACT_ID = 100_848;
/** A long of 19 digits, beyond 2^53, where JavaScript numbers lose the last ones. */
const FIRST_BIG_CONTACT_ID = 9_223_372_036_854_000_001n;

/** Starts a sandbox with key pairs of its own. It listens on 127.0.0.1 only and writes nothing down. */
export async function startPagsmileSandbox(options: PagsmileSandboxOptions): Promise<PagsmileSandbox> {
  const generate = promisify(generateKeyPair);
  const [theirs, ours] = await Promise.all([
    generate("rsa", { modulusLength: 2048 }),
    generate("rsa", { modulusLength: 2048 }),
  ]);
  const account = {
    appId: "17416782040212001",
    partnerId: "17416782040212002",
    subPartnerId: null,
    apiVersion: "2.0",
    publicKey: theirs.publicKey,
    privateKey: new Secret(ours.privateKey),
    rsaPadding: options.rsaPadding ?? "pkcs1",
    callbackToken: null,
  };
  const random = options.random ?? randomBytes;
  const codec = new RsaAesCodec({
    publicKey: ours.publicKey,
    privateKey: new Secret(theirs.privateKey),
    padding: account.rsaPadding,
    random,
  });
  const memory = new SandboxMemory(options.remember ?? 0);
  const { appId, partnerId } = account;
  const check = { appId, partnerId, clock: options.clock, codec, isFresh: (id: string) => memory.isFresh(id) };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    memory.noteRequest({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
    if (request.url !== PATH) throw failure("40004", "Method Not Supported", "", "no such path", 404);
    if (request.method !== "POST") throw failure("40004", "Method Not Supported", "", "method must be POST");
    const contact = await checkRequest(request.headers, body, check);
    const create = (big: boolean): string => memory.create(contact, big);
    const scenario = memory.nextScenario() ?? scenarioOf(contact.last_name);
    await playScenario(scenario, response, { appId, codec, publicKey: ours.publicKey, random, create });
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((thrown: unknown) => {
      if (thrown instanceof RefusedRequest && !response.headersSent) sendFailure(response, thrown.refusal);
      else response.destroy();
    });
  });
  const url = await listen(server);
  return {
    account: { ...account, baseUrl: url },
    url,
    script: (...scenarios) => memory.script(scenarios),
    contacts: memory.contacts,
    requests: memory.requests,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, codec.close()]);
    },
  };
}

/** What a sandbox remembers. Every list has a bound. */
class SandboxMemory {
  readonly contacts: { count: number; readonly kept: SandboxContact[] } = { count: 0, kept: [] };
  readonly requests: SandboxRequest[] = [];
  readonly #remember: number;
  readonly #requestIds = new Set<string>();
  readonly #scenarios: SandboxScenario[] = [];

  constructor(remember: number) {
    this.#remember = remember;
  }

  script(scenarios: readonly SandboxScenario[]): void {
    this.#scenarios.push(...scenarios);
  }

  nextScenario(): SandboxScenario | undefined {
    return this.#scenarios.shift();
  }

  noteRequest(request: SandboxRequest): void {
    this.#keep(this.requests, request);
  }

  isFresh(requestId: string): boolean {
    if (this.#requestIds.has(requestId)) return false;
    this.#requestIds.add(requestId);
    const [oldest] = this.#requestIds;
    if (this.#requestIds.size > MAX_REQUEST_IDS && oldest !== undefined) this.#requestIds.delete(oldest);
    return true;
  }

  create(contact: SandboxContact, big: boolean): string {
    const index = this.contacts.count;
    this.contacts.count += 1;
    this.#keep(this.contacts.kept, contact);
    return String(big ? FIRST_BIG_CONTACT_ID + 2n * BigInt(index) : FIRST_CONTACT_ID + index);
  }

  #keep<Item>(list: Item[], item: Item): void {
    list.push(item);
    if (list.length > this.#remember) list.shift();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
