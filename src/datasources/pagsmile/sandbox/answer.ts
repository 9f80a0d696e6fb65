import { constants, type KeyObject, publicEncrypt } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { EnvelopeCodec } from "../codec.js";
import { type RandomBytes, SECRET_LENGTH } from "../crypto.js";
import type { SandboxRefusal } from "./check-request.js";
import type { SandboxScenario } from "./scenario.js";

/** What an answer is made of. */
export interface AnswerParts {
  readonly appId: string;
  readonly codec: EnvelopeCodec;
  /** The account's public key, which answers are encrypted to. */
  readonly publicKey: KeyObject;
  readonly random: RandomBytes;
  /** Creates the contact and gives its id as it stands in the JSON. */
  readonly create: (big: boolean) => string;
}

const HUGE_BYTES = 4 * 1024 * 1024;
const DRIP_INTERVAL_MS = 20;

/** Plays a scenario on a connection. What it starts ends with the connection. */
export async function playScenario(
  scenario: SandboxScenario,
  response: ServerResponse,
  parts: AnswerParts,
): Promise<void> {
  switch (scenario.kind) {
    case "approve":
    case "big-id":
      return send(response, 200, await success(parts, parts.create(scenario.kind === "big-id")));
    case "decline":
      return sendFailure(response, declined(scenario.code, scenario.subCode));
    case "unlisted-code":
      return sendFailure(response, declined("40099", "moon-in-retrograde"));
    case "rate-limited":
      return send(response, 429, JSON.stringify({ code: "4004029", msg: "Too many requests" }));
    case "reset-before":
      return reset(response);
    default:
      return playAfterCreating(scenario.kind, response, parts, parts.create(false));
  }
}

/** Sends a failure's body. Source: Pagsmile, Create Card Contact (example 400): `sub_*` only where there are any. */
export function sendFailure(response: ServerResponse, refusal: SandboxRefusal): void {
  const { status, code, msg, subCode, subMsg } = refusal;
  const sub = subCode === "" && subMsg === "" ? {} : { sub_code: subCode, sub_msg: subMsg };
  send(response, status, JSON.stringify({ code, msg, ...sub }));
}

type CreatingKind = Exclude<
  SandboxScenario["kind"],
  "approve" | "big-id" | "decline" | "unlisted-code" | "rate-limited" | "reset-before"
>;

async function playAfterCreating(
  kind: CreatingKind,
  response: ServerResponse,
  parts: AnswerParts,
  contactId: string,
): Promise<void> {
  switch (kind) {
    case "hang":
      return;
    case "reset-after":
      return reset(response);
    case "server-error":
      response.writeHead(500, { "content-type": "text/html" });
      response.end("<html><body>Internal Server Error</body></html>");
      return;
    case "cut-body":
      return cut(response, await success(parts, contactId));
    case "drip":
      return drip(response, await success(parts, contactId));
    case "huge-body":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(Buffer.alloc(HUGE_BYTES, " "));
      return;
    case "garbled":
      return send(response, 200, await success(parts, contactId, { data: noise(parts) }));
    case "bad-padding":
      return send(response, 200, await success(parts, contactId, { random_key: wrongPadding(parts) }));
    case "other-app-id":
      return send(response, 200, await success(parts, contactId, { app_id: "99999999999999999" }));
  }
}

/** Source: Pagsmile, Create Card Contact (example 200), encrypted as the remark below it says. */
async function success(parts: AnswerParts, contactId: string, changes: object = {}): Promise<string> {
  const { randomKey, bizData } = await parts.codec.seal(`{"contact_id":${contactId}}`);
  const head = { code: "10000", msg: "Success", total: 1, random_key: randomKey, sign_type: "RSA" };
  return JSON.stringify({ ...head, app_id: parts.appId, data: bizData, ...changes });
}

function declined(code: string, subCode: string): SandboxRefusal {
  return { status: 400, code, msg: "Business Failed", subCode, subMsg: subCode.replaceAll("-", " ") };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
  response.end(body);
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function cut(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2), () => response.socket?.end());
}

function drip(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json" });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body[sent] ?? " ");
    sent += 1;
  }, DRIP_INTERVAL_MS);
  response.once("close", () => clearInterval(timer));
}

/** Text of the right shape under no key in particular. */
function noise(parts: AnswerParts): string {
  return "A".repeat(SECRET_LENGTH) + Buffer.from(parts.random(48)).toString("base64");
}

/** An RSA result whose plaintext does not begin 00 02, as PKCS#1 v1.5 and OAEP both notice. */
function wrongPadding(parts: AnswerParts): string {
  const modulusBytes = (parts.publicKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8;
  const block = Buffer.concat([Buffer.from([0, 1]), parts.random(modulusBytes - 2)]);
  return publicEncrypt({ key: parts.publicKey, padding: constants.RSA_NO_PADDING }, block).toString("base64");
}
