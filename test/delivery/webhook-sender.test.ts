import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { PublicCallerAddress } from "../../src/delivery/caller-address.js";
import { AddressRules } from "../../src/delivery/public-address.js";
import { type ResolveName, resolveName } from "../../src/delivery/resolve-name.js";
import { WebhookSender, type WebhookSenderParts } from "../../src/delivery/webhook-sender.js";
import { Secret } from "../../src/domain/secret.js";
import { startDeaf } from "../support/raw-server.js";
import { type AnswerMessage, type Receiver, startReceiver } from "../support/receiver.js";

const KEY = Buffer.alloc(32, 5);
const OTHER_KEY = Buffer.alloc(24, 6);
const secretOf = (key: Buffer): Secret<string> => new Secret(`whsec_${key.toString("base64")}`);
const BODY = '{"type":"card_order.updated","text":"Zoë 李 \\ud83d"}';
const MESSAGE_ID = "msg_0198";

const inside = new AddressRules(["127.0.0.0/8"]);
const nowhere: ResolveName = async () => {
  throw new Error("the name leads nowhere");
};

async function receiving(answer?: AnswerMessage): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

function senderTo(receiver: Pick<Receiver, "ca"> | null, parts: Partial<WebhookSenderParts> = {}): WebhookSender {
  return new WebhookSender({
    secrets: [secretOf(KEY)],
    rules: inside,
    resolve: nowhere,
    deadlineMs: 5_000,
    ca: receiver?.ca,
    ...parts,
  });
}

const send = (receiver: Receiver, parts: Partial<WebhookSenderParts> = {}, path = "/cards?token=planted") =>
  senderTo(receiver, parts).send({ messageId: MESSAGE_ID, at: new Date(), url: receiver.url + path, body: BODY });

describe("a message", () => {
  it("is one POST of exactly the bytes that were signed", async () => {
    const receiver = await receiving();
    expect(await send(receiver)).toEqual({ kind: "delivered", status: 204 });
    const [message] = receiver.messages;
    expect(receiver.messages).toHaveLength(1);
    expect(message).toMatchObject({ method: "POST", path: "/cards?token=planted", body: BODY });
    expect(message?.headers).toEqual({
      host: new URL(receiver.url).host,
      connection: "close",
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(BODY)),
      "user-agent": "cardgraph",
      "webhook-id": MESSAGE_ID,
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
      "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });

  it("is signed as the library verifies it, and as the specification says, at the time of the attempt", async () => {
    const receiver = await receiving();
    const at = new Date("2026-03-04T05:06:07.890Z");
    await senderTo(receiver).send({ messageId: MESSAGE_ID, at, url: receiver.url, body: BODY });
    await send(receiver);
    const [first, second] = receiver.messages;
    expect(first?.headers["webhook-timestamp"]).toBe("1772600767");
    const signed = createHmac("sha256", KEY).update(`${MESSAGE_ID}.1772600767.${BODY}`).digest("base64");
    expect(first?.headers["webhook-signature"]).toBe(`v1,${signed}`);
    const headers = second?.headers as Record<string, string>;
    expect(new Webhook(KEY.toString("base64")).verify(second?.body ?? "", headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(OTHER_KEY.toString("base64")).verify(second?.body ?? "", headers)).toThrow("signature");
  });

  it("is signed with every secret, the first one first, so that a receiver with either can verify it", async () => {
    const receiver = await receiving();
    await send(receiver, { secrets: [secretOf(KEY), secretOf(OTHER_KEY)] });
    const [message] = receiver.messages;
    const headers = message?.headers as Record<string, string>;
    const signatures = headers["webhook-signature"]?.split(" ") ?? [];
    expect(signatures).toHaveLength(2);
    for (const key of [KEY, OTHER_KEY]) new Webhook(key.toString("base64")).verify(message?.body ?? "", headers);
    const alone = { ...headers, "webhook-signature": signatures[0] ?? "" };
    new Webhook(KEY.toString("base64")).verify(message?.body ?? "", alone);
  });
});

describe("an answer", () => {
  it.each([200, 201, 202, 204, 299])("of %i is delivered", async (status) => {
    const receiver = await receiving((response) => void response.writeHead(status).end());
    expect(await send(receiver)).toEqual({ kind: "delivered", status });
  });

  it.each([300, 400, 401, 404, 429, 500, 503])("of %i is a failure, after one request", async (status) => {
    const receiver = await receiving((response) => void response.writeHead(status).end("planted"));
    expect(await send(receiver)).toEqual({ kind: "failed", reason: "refused by status", status });
    expect(receiver.messages).toHaveLength(1);
  });

  it("of 410 is gone", async () => {
    const receiver = await receiving((response) => void response.writeHead(410).end());
    expect(await send(receiver)).toEqual({ kind: "gone", status: 410 });
  });

  it.each([301, 302, 303, 307, 308])("of %i is a failure, and its redirect is not followed", async (status) => {
    const elsewhere = await receiving();
    const receiver = await receiving(
      (response) => void response.writeHead(status, { location: `${elsewhere.url}/planted` }).end(),
    );
    expect(await send(receiver)).toEqual({ kind: "failed", reason: "refused by status", status });
    expect(elsewhere.connections()).toBe(0);
    expect(receiver.messages).toHaveLength(1);
  });

  it("that never comes ends at the deadline", async () => {
    const receiver = await receiving(() => undefined);
    expect(await send(receiver, { deadlineMs: 200 })).toMatchObject({ kind: "failed", reason: "deadline passed" });
  });

  it("whose head drips in ends at the deadline", async () => {
    const receiver = await receiving((response) => {
      const socket = response.socket;
      socket?.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket?.write("x-drip: 1\r\n"), 20);
      socket?.once("close", () => clearInterval(drip));
    });
    expect(await send(receiver, { deadlineMs: 300 })).toMatchObject({ kind: "failed", reason: "deadline passed" });
  });

  it("whose body drips in counts by its status, and is not waited for", async () => {
    const receiver = await receiving((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("x"), 20);
      response.once("close", () => clearInterval(drip));
    });
    const startedMs = performance.now();
    expect(await send(receiver, { deadlineMs: 10_000 })).toEqual({ kind: "delivered", status: 200 });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it("without end is cut off after a few kilobytes, and counts by its status", async () => {
    let written = 0;
    const receiver = await receiving((response) => {
      response.writeHead(500);
      const pour = (): void => {
        if (response.destroyed) return;
        written += 65_536;
        response.write(Buffer.alloc(65_536));
      };
      response.on("drain", pour);
      pour();
    });
    expect(await send(receiver)).toEqual({ kind: "failed", reason: "refused by status", status: 500 });
    expect(written).toBeLessThan(20_000_000);
  });

  it("whose head is endless is a failure", async () => {
    const receiver = await receiving((response) => {
      response.socket?.on("error", () => undefined);
      response.socket?.write(`HTTP/1.1 200 OK\r\nx-planted: ${"x".repeat(100_000)}`);
    });
    expect(await send(receiver)).toEqual({ kind: "failed", reason: "connection broken", status: null });
  });

  it("that is cut off before its status is a failure", async () => {
    const receiver = await receiving((response) => void response.socket?.destroy());
    expect(await send(receiver)).toEqual({ kind: "failed", reason: "connection broken", status: null });
  });
});

describe("a connection", () => {
  it("to a certificate that nobody vouches for is refused before anything is sent", async () => {
    const receiver = await receiving();
    const outcome = await send(receiver, { ca: (await receiving()).ca });
    expect(outcome).toEqual({ kind: "failed", reason: "certificate not accepted", status: null });
    expect(receiver.messages).toHaveLength(0);
    expect(receiver.connections()).toBe(1);
  });

  it("that nobody takes, or that is no TLS, is a failure", async () => {
    const plain = createServer((socket) => void socket.resume().end("HTTP/1.1 200 OK\r\n\r\n"));
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    const { port } = plain.address() as AddressInfo;
    const message = { messageId: MESSAGE_ID, at: new Date(), url: `https://127.0.0.1:${port}/`, body: BODY };
    const failed = { kind: "failed", reason: "no connection", status: null };
    expect(await senderTo(null).send(message)).toEqual(failed);
    plain.close();
    await once(plain, "close");
    expect(await senderTo(null).send(message)).toEqual(failed);
  });

  it("that is never accepted ends at the deadline", async () => {
    const message = {
      messageId: MESSAGE_ID,
      at: new Date(),
      url: `https://127.0.0.1:${await startDeaf()}/`,
      body: BODY,
    };
    const outcome = await senderTo(null, { deadlineMs: 200 }).send(message);
    expect(outcome).toEqual({ kind: "failed", reason: "deadline passed", status: null });
  });
});

describe("an address that is not public", () => {
  const rules = new AddressRules([]);

  it("by number is refused before a connection is made", async () => {
    const receiver = await receiving();
    expect(await send(receiver, { rules })).toEqual({ kind: "refused_address" });
    expect(receiver.connections()).toBe(0);
  });

  it("of a name that was public when the order was placed is refused too, after one look-up", async () => {
    const receiver = await receiving();
    const url = `https://hooks.example:${new URL(receiver.url).port}/`;
    const answers = [["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8"]];
    const rebinding: ResolveName = async () => answers.shift() ?? [];
    expect(await new PublicCallerAddress(rules, rebinding).check(url)).toBeNull();
    const sender = senderTo(receiver, { rules, resolve: rebinding });
    expect(await sender.send({ messageId: MESSAGE_ID, at: new Date(), url, body: BODY })).toEqual({
      kind: "refused_address",
    });
    expect(receiver.connections()).toBe(0);
    expect(answers).toHaveLength(1);
  });

  it("is left out where a name has others, and the one that was checked is connected to", async () => {
    const receiver = await receiving();
    const url = `https://hooks.example:${new URL(receiver.url).port}/`;
    const sender = senderTo(receiver, { resolve: async () => ["10.255.255.1", "::1", "127.0.0.1"] });
    // It is reached, and its certificate is for another name.
    const outcome = await sender.send({ messageId: MESSAGE_ID, at: new Date(), url, body: BODY });
    expect(outcome).toEqual({ kind: "failed", reason: "certificate not accepted", status: null });
    expect(receiver.connections()).toBe(1);
  });
});

describe("a name", () => {
  it("that leads nowhere is a failure, and tried again later", async () => {
    const message = { messageId: MESSAGE_ID, at: new Date(), url: "https://hooks.example/", body: BODY };
    const outcome = await senderTo(null).send(message);
    expect(outcome).toEqual({ kind: "failed", reason: "name not resolved", status: null });
  });

  it("whose servers do not answer ends at the deadline", async () => {
    const slow: ResolveName = (_name, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const message = { messageId: MESSAGE_ID, at: new Date(), url: "https://hooks.example/", body: BODY };
    const outcome = await senderTo(null, { resolve: slow, deadlineMs: 50 }).send(message);
    expect(outcome).toEqual({ kind: "failed", reason: "deadline passed", status: null });
  });

  it("is not looked up for a signal that has come already", async () => {
    await expect(resolveName("hooks.example", AbortSignal.abort())).rejects.toThrow();
  });
});

describe("a sender", () => {
  it("that is told to stop lets an attempt go on for a while, and then ends it", async () => {
    const receiver = await receiving(() => undefined);
    const sender = senderTo(receiver, { deadlineMs: 20_000 });
    const sending = sender.send({ messageId: MESSAGE_ID, at: new Date(), url: receiver.url, body: BODY });
    sender.stop();
    expect(await sending).toEqual({ kind: "failed", reason: "server stopped", status: null });
  });

  it("shows its secrets to nobody", () => {
    expect(inspect(senderTo(null), { depth: 9 })).not.toContain(KEY.toString("base64"));
  });
});
