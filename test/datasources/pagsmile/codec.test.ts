import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { getPriority, platform } from "node:os";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type CodecParts, RsaAesCodec, UnreadableEnvelope } from "../../../src/datasources/pagsmile/codec.js";
import { sealText, wrapSecret } from "../../../src/datasources/pagsmile/crypto.js";
import { RsaThread, RsaThreadLost, startRsaWorker } from "../../../src/datasources/pagsmile/rsa-thread.js";
import { Secret } from "../../../src/domain/secret.js";

const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Theirs opens what ours seals, and the other way round. */
function pair(changes: Partial<CodecParts> = {}): { readonly our: RsaAesCodec; readonly their: RsaAesCodec } {
  const parts = { padding: "pkcs1", random: randomBytes, ...changes } as const;
  return {
    our: new RsaAesCodec({ publicKey: theirs.publicKey, privateKey: new Secret(ours.privateKey), ...parts }),
    their: new RsaAesCodec({ publicKey: ours.publicKey, privateKey: new Secret(theirs.privateKey), ...parts }),
  };
}

const { our, their } = pair();
afterAll(() => Promise.all([our.close(), their.close()]));

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((item) => item.close()));
});

describe("what one side seals", () => {
  it("the other side opens, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (text) => {
        const { randomKey, bizData } = await our.seal(text);
        expect(await their.open({ randomKey, data: bizData })).toBe(text);
      }),
    );
  });

  it("the other side opens under OAEP too, but only when both use it", async () => {
    const oaep = pair({ padding: "oaep" });
    closing.push(oaep.our, oaep.their);
    const { randomKey, bizData } = await oaep.our.seal("text");
    expect(await oaep.their.open({ randomKey, data: bizData })).toBe("text");
    await expect(their.open({ randomKey, data: bizData })).rejects.toThrow(UnreadableEnvelope);
  });

  it("has a fresh key and a fresh vector each time", async () => {
    const [first, second] = [await our.seal("same"), await our.seal("same")];
    expect(first.randomKey).not.toBe(second.randomKey);
    expect(first.bizData.slice(0, 16)).not.toBe(second.bizData.slice(0, 16));
  });

  it("is opened with the key that came along, in any order, many at a time", async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`);
    const sealed = await Promise.all(texts.map((text) => our.seal(text)));
    const opened = sealed.map(({ randomKey, bizData }) => their.open({ randomKey, data: bizData }));
    expect(await Promise.all(opened)).toEqual(texts);
  });
});

describe("an envelope that cannot be opened", () => {
  const secret = "0123456789ABCDEF";
  const good = { randomKey: wrapSecret(secret, ours.publicKey, "pkcs1"), data: sealText("text", secret, secret) };
  const rsa = (message: Buffer): string =>
    publicEncrypt({ key: ours.publicKey, padding: constants.RSA_PKCS1_PADDING }, message).toString("base64");
  const raw = (first: number, second: number): string => {
    const block = Buffer.concat([Buffer.from([first, second]), Buffer.alloc(254, 7)]);
    return publicEncrypt({ key: ours.publicKey, padding: constants.RSA_NO_PADDING }, block).toString("base64");
  };

  it("differs from one that can, which these are made from", async () => {
    expect(await our.open(good)).toBe("text");
  });

  it.each([
    ["a key for somebody else", { randomKey: wrapSecret(secret, theirs.publicKey, "pkcs1") }],
    ["a key whose padding is wrong", { randomKey: raw(0, 1) }],
    ["a key whose padding never ends", { randomKey: raw(0, 2) }],
    ["a key that is too short", { randomKey: rsa(Buffer.from(secret.slice(1))) }],
    ["a key that is too long", { randomKey: rsa(Buffer.from(`${secret}0`)) }],
    ["a key that is not base64", { randomKey: "%%%%" }],
    ["a key that is cut", { randomKey: good.randomKey.slice(0, 100) }],
    ["the wrong secret", { randomKey: rsa(Buffer.from("FEDCBA9876543210")) }],
    ["data that is cut", { data: good.data.slice(0, -4) }],
    ["data that is empty", { data: "" }],
    ["data in clear", { data: '{"contact_id":100848}' }],
  ])("fails in one indistinct way: %s", async (_what, change) => {
    const error = await our.open({ ...good, ...change }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableEnvelope);
    expect(error).toMatchObject({ message: "" });
    expect((error as Error).cause).toBeUndefined();
  });
});

/** What `nice` says of each thread of this process. */
function priorities(): readonly number[] {
  const statuses = readdirSync("/proc/self/task").map((id) => readFileSync(`/proc/self/task/${id}/stat`, "utf8"));
  // The name of a thread may have blanks in it; the 19th field is the 17th one after it.
  return statuses.map((status) => Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[16]));
}

describe("RSA decryption", () => {
  it("is done off the event loop: this thread spends a fraction of the work", async () => {
    const { randomKey, bizData: data } = await their.seal("text");
    const key = { key: ours.privateKey, padding: constants.RSA_PKCS1_PADDING };
    const ciphertext = Buffer.from(randomKey, "base64");
    const here = (): Promise<unknown> => Promise.resolve(privateDecrypt(key, ciphertext));
    const there = (): Promise<unknown> => our.open({ randomKey, data });
    await costOf(there, 100);
    expect(await costOf(there, 400)).toBeLessThan(0.6 * (await costOf(here, 400)));
  });

  it.runIf(platform() === "linux")("gives way to this thread where they have one core together", async () => {
    const { randomKey, bizData: data } = await their.seal("text");
    await our.open({ randomKey, data });
    expect(
      priorities()
        .toSorted((left, right) => left - right)
        .at(-1),
    ).toBe(Math.min(getPriority() + 10, 19));
    expect(getPriority()).toBeLessThan(19);
  });

  it("goes on after its thread died: what waited fails, the next call has a new thread", async () => {
    let starts = 0;
    const dying = (): Worker =>
      new Worker(`require("node:worker_threads").parentPort.once("message", () => { process.exit(1); });`, {
        eval: true,
      });
    const thread = new RsaThread(ours.privateKey, "pkcs1", (...parts) => {
      starts += 1;
      return starts === 1 ? dying() : startRsaWorker(...parts);
    });
    closing.push(thread);
    const randomKey = Buffer.from(wrapSecret("0123456789ABCDEF", ours.publicKey, "pkcs1"), "base64");
    const waiting = await Promise.allSettled([thread.decrypt(randomKey), thread.decrypt(randomKey)]);
    expect(waiting).toEqual(Array(2).fill({ status: "rejected", reason: expect.any(RsaThreadLost) }));
    expect(Buffer.from((await thread.decrypt(randomKey)) ?? []).toString()).toBe("0123456789ABCDEF");
    expect(starts).toBe(2);
  });

  it("survives a thread that throws", async () => {
    const throwing = `require("node:worker_threads").parentPort.once("message", () => { throw new Error("x"); });`;
    const thread = new RsaThread(ours.privateKey, "pkcs1", () => new Worker(throwing, { eval: true }));
    closing.push(thread);
    await expect(thread.decrypt(new Uint8Array(256))).rejects.toThrow(RsaThreadLost);
  });

  it("lets only so many wait", async () => {
    const silent = `require("node:worker_threads").parentPort.on("message", () => {});`;
    const thread = new RsaThread(ours.privateKey, "pkcs1", () => new Worker(silent, { eval: true }));
    const waiting = Array.from({ length: 256 }, () => thread.decrypt(new Uint8Array(256)));
    await expect(thread.decrypt(new Uint8Array(256))).rejects.toThrow("overloaded");
    const settled = Promise.allSettled(waiting);
    await thread.close();
    expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
  });

  it("is refused once closed, and closing twice does no harm", async () => {
    const thread = new RsaThread(ours.privateKey, "pkcs1");
    thread.warmUp();
    await thread.close();
    await thread.close();
    thread.warmUp();
    await expect(thread.decrypt(new Uint8Array(256))).rejects.toThrow(RsaThreadLost);
  });

  it("starts no thread before it is wanted, and one thread for many calls", async () => {
    let starts = 0;
    const startWorker: typeof startRsaWorker = (...parts) => {
      starts += 1;
      return startRsaWorker(...parts);
    };
    const { our: counted } = pair({ startWorker });
    closing.push(counted);
    expect(starts).toBe(0);
    const sealed = await their.seal("text");
    const answer = { randomKey: sealed.randomKey, data: sealed.bizData };
    await Promise.all([counted.seal("x"), counted.open(answer), counted.open(answer), counted.open(answer)]);
    expect(starts).toBe(1);
  });
});

/** CPU time of this thread alone, in microseconds, for so many repetitions one after the other. */
async function costOf(action: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.threadCpuUsage();
  for (let turn = 0; turn < times; turn += 1) await action();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
