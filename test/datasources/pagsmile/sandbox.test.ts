import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RsaAesCodec } from "../../../src/datasources/pagsmile/codec.js";
import { toRequestId } from "../../../src/datasources/pagsmile/mapping.js";
import { MAGIC_LAST_NAMES, scenarioOf } from "../../../src/datasources/pagsmile/sandbox/scenario.js";
import { type PagsmileSandbox, startPagsmileSandbox } from "../../../src/datasources/pagsmile/sandbox/start-sandbox.js";

const clock = { now: () => new Date("2025-04-07T05:56:46Z") };
const CONTACT = { first_name: "Ada", last_name: "Lovelace", mobile: "+1", email: "a@example.com" };
const TYPE = "application/json; charset=UTF-8";

let sandbox: PagsmileSandbox;
let codec: RsaAesCodec;
beforeAll(async () => {
  sandbox = await startPagsmileSandbox({ clock, remember: 10 });
  const { publicKey, privateKey, rsaPadding: padding } = sandbox.account;
  codec = new RsaAesCodec({ publicKey, privateKey, padding, random: randomBytes });
});
afterAll(() => Promise.all([sandbox.close(), codec.close()]));

async function envelope(business: unknown = CONTACT): Promise<Record<string, unknown>> {
  const { randomKey, bizData } = await codec.seal(JSON.stringify(business));
  return {
    app_id: sandbox.account.appId,
    partner_id: sandbox.account.partnerId,
    request_id: toRequestId(randomBytes(14)),
    timestamp: "2025-04-07 13:56:46",
    format: "JSON",
    version: "2.0",
    random_key: randomKey,
    sign_type: "RSA",
    biz_data: bizData,
  };
}

interface Reply {
  readonly status: number;
  readonly body: Record<string, string>;
}

async function post(body: unknown, path = "/issuing/card/create-contact", type = TYPE): Promise<Reply> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(sandbox.url + path, { method: "POST", headers: { "content-type": type }, body: text });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** What is wrong with an envelope, and the codes it is refused with. */
const WRONG: readonly (readonly [string, Readonly<Record<string, unknown>>, string, string])[] = [
  ["another account", { app_id: "1" }, "40002", "invalid-signature"],
  ["another partner", { partner_id: "1" }, "40002", "invalid-signature"],
  ["a key that does not decrypt", { random_key: "AAAA" }, "40002", "invalid-signature"],
  ["data that does not decrypt", { biz_data: "AAAAAAAAAAAAAAAAAAAA" }, "40002", "invalid-signature"],
  ["data in clear", { biz_data: JSON.stringify(CONTACT) }, "40002", "invalid-signature"],
  ["data that is no text", { biz_data: CONTACT }, "40001", ""],
  ["another kind of signature", { sign_type: "MD5" }, "30001", "parameters-error"],
  ["another version", { version: "3.0" }, "30001", "parameters-error"],
  ["a request id of 36 characters", { request_id: crypto.randomUUID() }, "30001", "parameters-error"],
  ["a stamp in another form", { timestamp: "2025-04-07T05:56:46Z" }, "30001", "parameters-error"],
  ["a stamp that is no date", { timestamp: "2025-13-45 05:56:46" }, "30001", "parameters-error"],
  ["a stamp two days old", { timestamp: "2025-04-05 05:56:46" }, "30001", "parameters-error"],
  ...["app_id", "partner_id", "request_id", "timestamp", "version", "sign_type", "random_key", "biz_data"].map(
    (name): [string, Record<string, unknown>, string, string] => [`no ${name}`, { [name]: undefined }, "40001", ""],
  ),
];

describe("the sandbox", () => {
  it("answers a request that is in order as the documents' example does, encrypted to the account", async () => {
    const { status, body } = await post(await envelope());
    expect(status).toBe(200);
    expect(body).toEqual({
      code: "10000",
      msg: "Success",
      total: 1,
      random_key: expect.any(String),
      sign_type: "RSA",
      app_id: sandbox.account.appId,
      data: expect.any(String),
    });
    const answer = { randomKey: body.random_key ?? "", data: body.data ?? "" };
    expect(JSON.parse(await codec.open(answer))).toEqual({ contact_id: expect.any(Number) });
  });

  it("takes stamps as far off as those in the documents, and a version of either kind", async () => {
    for (const change of [{ timestamp: "2025-04-06 22:00:00" }, { version: "1.0" }, { sub_partner_id: "" }]) {
      expect((await post({ ...(await envelope()), ...change })).status).toBe(200);
    }
  });

  it.each(WRONG)("refuses %s", async (_what, change, code, subCode) => {
    const before = sandbox.contacts.count;
    const { status, body } = await post({ ...(await envelope()), ...change });
    expect({ status, code: body.code, subCode: body.sub_code }).toEqual({ status: 400, code, subCode });
    expect(sandbox.contacts.count).toBe(before);
  });

  it.each([
    [{ ...CONTACT, first_name: undefined }, "40001"],
    [{ ...CONTACT, last_name: "" }, "40001"],
    [{ ...CONTACT, mobile: 1 }, "40001"],
    [{ ...CONTACT, email: null }, "40001"],
    [{ ...CONTACT, first_name: "x".repeat(65) }, "30001"],
    [[CONTACT], "40001"],
  ])("refuses the contact %j with %s", async (business, code) => {
    expect((await post(await envelope(business))).body.code).toBe(code);
  });

  it("refuses a request id that it has seen", async () => {
    const body = await envelope();
    expect((await post(body)).status).toBe(200);
    expect((await post(body)).body).toMatchObject({ code: "30001", sub_msg: "request_id was used before" });
  });

  it("refuses another path, method or content type, and what is not JSON", async () => {
    expect((await post(await envelope(), "/issuing/card/other")).status).toBe(404);
    expect((await post(await envelope(), undefined, "text/plain")).body.code).toBe("40005");
    expect((await post(await envelope(), undefined, "application/json")).body.code).toBe("40005");
    expect((await post("{")).body.code).toBe("40001");
    const got = await fetch(`${sandbox.url}/issuing/card/create-contact`);
    expect(await got.json()).toMatchObject({ code: "40004" });
  });

  it("does not read a body without end", async () => {
    await expect(post("x".repeat(200_000))).rejects.toThrow();
  });

  it("keeps no more than it was told to, and nothing by default", async () => {
    for (let request = 0; request < 12; request += 1) await post(await envelope());
    expect(sandbox.requests).toHaveLength(10);
    expect(sandbox.contacts.kept).toHaveLength(10);
    expect(sandbox.contacts.count).toBeGreaterThan(10);
    const forgetful = await startPagsmileSandbox({ clock });
    await fetch(`${forgetful.url}/issuing/card/create-contact`, { method: "POST", body: "{}" });
    expect(forgetful.requests).toEqual([]);
    await forgetful.close();
  });

  it("closes at once, although a request hangs", async () => {
    const hanging = await startPagsmileSandbox({ clock });
    hanging.script({ kind: "hang" });
    const { publicKey, privateKey, rsaPadding: padding, appId, partnerId, baseUrl } = hanging.account;
    const own = new RsaAesCodec({ publicKey, privateKey, padding, random: randomBytes });
    const { randomKey, bizData } = await own.seal(JSON.stringify(CONTACT));
    const body = {
      ...(await envelope()),
      app_id: appId,
      partner_id: partnerId,
      random_key: randomKey,
      biz_data: bizData,
    };
    const url = `${baseUrl}/issuing/card/create-contact`;
    const hung = fetch(url, { method: "POST", headers: { "content-type": TYPE }, body: JSON.stringify(body) });
    const failed = expect(hung).rejects.toThrow();
    await expect.poll(() => hanging.contacts.count, { interval: 5 }).toBe(1);
    await Promise.all([hanging.close(), own.close(), failed]);
  });
});

describe("the magic last names", () => {
  it("are unique, are names that a card's holder could have, and lead to their scenarios", () => {
    expect(new Set(MAGIC_LAST_NAMES.map(({ lastName }) => lastName)).size).toBe(MAGIC_LAST_NAMES.length);
    for (const { lastName, scenario } of MAGIC_LAST_NAMES) {
      expect(lastName).toMatch(/^[A-Z][a-z]{2,}$/);
      expect(scenarioOf(lastName)).toBe(scenario);
    }
  });

  it("are taken to the letter; every other name is approved", () => {
    expect(scenarioOf("decline")).toEqual({ kind: "approve" });
    expect(scenarioOf("Lovelace")).toEqual({ kind: "approve" });
  });

  it("decide unless a test has scripted something else", async () => {
    const decline = { ...CONTACT, last_name: "Decline" };
    expect((await post(await envelope(decline))).body.sub_code).toBe("parameters-error");
    sandbox.script({ kind: "approve" });
    expect((await post(await envelope(decline))).status).toBe(200);
    expect((await post(await envelope(decline))).status).toBe(400);
  });
});
