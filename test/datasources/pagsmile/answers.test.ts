import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PagsmileClient } from "../../../src/datasources/pagsmile/client.js";
import { type EnvelopeCodec, UnreadableEnvelope } from "../../../src/datasources/pagsmile/codec.js";
import type { PagsmileAccount } from "../../../src/datasources/pagsmile/config.js";
import { startPagsmileSandbox } from "../../../src/datasources/pagsmile/sandbox/start-sandbox.js";
import { systemClock } from "../../../src/domain/clock.js";
import type { ProviderError } from "../../../src/domain/provider-error.js";

/** An answer of our own making, byte for byte: for what even a sandbox would not say. */
let canned = { status: 200, body: "" };
let server: Server;
let account: PagsmileAccount;
const clients: PagsmileClient[] = [];

beforeAll(async () => {
  const sandbox = await startPagsmileSandbox({ clock: systemClock });
  await sandbox.close();
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(canned.status, { location: "http://127.0.0.1:1/" });
    response.end(canned.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  account = { ...sandbox.account, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => void server.close());

/** Opens whatever it is given, to what the test says. */
function codecThat(open: EnvelopeCodec["open"]): EnvelopeCodec {
  return { open, seal: async () => ({ randomKey: "k", bizData: "d" }), close: async () => {} };
}

const opening = (text: string): EnvelopeCodec => codecThat(async () => text);

function create(status: number, body: unknown, codec = opening('{"contact_id":100848}')): Promise<string> {
  canned = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
  const journal = { record: () => {} };
  const random = (size: number): Uint8Array => new Uint8Array(size);
  const client = new PagsmileClient({ account, codec, clock: systemClock, random, journal, timeoutMs: 5_000 });
  clients.push(client);
  const fields = { first_name: "Ada", last_name: "Lovelace", mobile: "+1", email: "a@example.com" };
  return client.createContact(fields);
}

const kindOf = (call: Promise<string>): Promise<string> => call.catch((error: ProviderError) => error.kind);

describe("an answer", () => {
  const success = { code: "10000", msg: "Success", total: 1, random_key: "k", sign_type: "RSA", data: "d" };

  it("is a success by its code, whatever its status below 500", async () => {
    expect(await create(200, success)).toBe("100848");
    expect(await create(201, success)).toBe("100848");
    expect(await create(400, success)).toBe("100848");
    expect(await create(200, { ...success, code: 10000 })).toBe("100848");
  });

  it("may echo our account or leave it out, but not name another", async () => {
    expect(await create(200, { ...success, app_id: account.appId })).toBe("100848");
    expect(await create(200, { ...success, app_id: "" })).toBe("100848");
    expect(await kindOf(create(200, { ...success, app_id: "99999999999999999" }))).toBe("malformed");
  });

  it.each([500, 502, 503, 504])("of status %i proves nothing, whatever its body says", async (status) => {
    expect(await kindOf(create(status, success))).toBe("outcome_unknown");
    expect(await kindOf(create(status, { code: "40002", sub_code: "invalid-signature" }))).toBe("outcome_unknown");
    expect(await kindOf(create(status, "<html></html>"))).toBe("outcome_unknown");
  });

  it("of status 429 is a matter of rate, whatever its body says", async () => {
    expect(await kindOf(create(429, success))).toBe("rate_limited");
    expect(await kindOf(create(429, ""))).toBe("rate_limited");
  });

  it.each([301, 302, 307])("of status %i is malformed, and nothing is followed", async (status) => {
    expect(await kindOf(create(status, success))).toBe("malformed");
  });

  it.each([
    [200, ""],
    [200, "<html></html>"],
    [403, "Forbidden"],
    [404, "<html>not found</html>"],
    [200, "[]"],
    [200, "{}"],
    [200, { ...success, data: undefined }],
    [200, { ...success, data: "" }],
    [200, { ...success, data: { contact_id: 100848 } }],
    [200, { ...success, random_key: undefined }],
    [200, { ...success, random_key: "" }],
  ])("of status %i and body %j is malformed", async (status, body) => {
    expect(await kindOf(create(status, body))).toBe("malformed");
  });

  it.each([
    "",
    "100848",
    "[]",
    '{"contact_id":null}',
    '{"contact_id":"-"}',
    '{"id":100848}',
  ])("that decrypts to %s is malformed", async (text) => {
    expect(await kindOf(create(200, success, opening(text)))).toBe("malformed");
  });

  it("that cannot be decrypted is malformed; one that was not, for want of a thread, is unknown", async () => {
    const failing = (error: Error): EnvelopeCodec => codecThat(() => Promise.reject(error));
    expect(await kindOf(create(200, success, failing(new UnreadableEnvelope())))).toBe("malformed");
    expect(await kindOf(create(200, success, failing(new Error("thread lost"))))).toBe("outcome_unknown");
  });

  it("is not asked for when the request cannot be encrypted", async () => {
    const codec = { ...opening(""), seal: () => Promise.reject(new Error("no entropy")) };
    expect(await kindOf(create(200, success, codec))).toBe("unavailable");
  });
});
