import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CardOrderDocument,
  CardsDocument,
  CreateCardContactDocument,
  CreateVirtualCardDocument,
  RevealCardDocument,
} from "../generated/graphql.js";
import { accountsOf, type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";
import { makeKeyPair } from "../support/revealing.js";

const EMAIL = "planted.person@secret.example";
const MOBILE = "+5511912345678";
const SECRET_KEY = "planted-secret-key-3f9c1a7e5b";

let server: Cardgraph;
/** Every answer that a client was given, as text. */
const answers: string[] = [];
beforeAll(async () => {
  server = await startCardgraph({
    env: { RECONCILE_SCHEDULE_MS: "20", PROVIDER_TIMEOUT_MS: "1000" },
    prepaidify: { secretKey: SECRET_KEY },
  });
  await contacts();
  await orders();
  answers.push(JSON.stringify(await server.answerTo(CardsDocument, { first: 100 })));
  answers.push(await (await fetch(`${server.url}/metrics`)).text());
});
afterAll(() => server.close());

async function contacts(): Promise<void> {
  const input = { firstName: "Planted", lastName: "Person", mobile: MOBILE, email: EMAIL };
  for (const scenario of ["approve", "garbled", "hang", "server-error", "reset-after"] as const) {
    server.pagsmile.script({ kind: scenario });
    const { errors, data } = await server.answerTo(CreateCardContactDocument, { input });
    answers.push(JSON.stringify({ errors, userErrors: data?.createCardContact.userErrors }));
  }
  const bad = { ...input, mobile: `x${MOBILE}`, email: `${EMAIL}@` };
  answers.push(JSON.stringify(await server.answerTo(CreateCardContactDocument, { input: bad })));
}

async function orders(): Promise<void> {
  const scenarios = ["approve", "garbled", "cut-body", "hang", "unlisted-code", "early-callback"] as const;
  for (const [index, kind] of scenarios.entries()) {
    server.prepaidify.script({ kind });
    const deposit = { amountMinor: 1000, currency: "USD" };
    const input = { orderNo: `secret-${index}`, cardRangeId: "vab_069af8a792ad", deposit, email: EMAIL };
    answers.push(JSON.stringify(await server.answerTo(CreateVirtualCardDocument, { input })));
    const order = await eventually(
      async () => await server.answerTo(CardOrderDocument, { orderNo: input.orderNo }),
      ({ data }) => data?.cardOrder?.state === "COMPLETED",
    );
    answers.push(JSON.stringify(order));
    const cardId = server.prepaidify.cards().at(-1)?.cardId ?? "";
    await server.prepaidify.resendCallback(cardId);
    await reveal(order.data?.cardOrder?.card?.id ?? "");
  }
}

let revealed = 0;
/** Reveals a card to a key, and tries to without one, for a reason that holds what it should not. */
async function reveal(cardId: string): Promise<void> {
  const { recipientKey, open } = await makeKeyPair();
  const number = server.prepaidify.cards().at(-1)?.number ?? "";
  const input = { cardId, recipientKey, reason: `${EMAIL} has lost ${number}` };
  const answer = await server.answerTo(RevealCardDocument, { input });
  answers.push(JSON.stringify(answer));
  expect(await open(answer.data?.revealCard.sealed)).toMatchObject({ number });
  revealed += 1;
  for (const bad of [null, '{"kty":"RSA"}', "x"]) {
    answers.push(JSON.stringify(await server.answerTo(RevealCardDocument, { input: { ...input, recipientKey: bad } })));
  }
}

/** Every file of the database, write-ahead log included, as text with one character a byte. */
function databaseText(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

describe("after orders, callbacks and faults of every kind", () => {
  it("the provider did send full card numbers and CVCs, so there was something to find", () => {
    const cards = server.prepaidify.cards();
    expect(cards.length).toBeGreaterThanOrEqual(6);
    for (const { number, cvc } of cards) {
      expect(number.replace(/\D/g, "")).toMatch(/^\d{16}$/);
      expect(cvc).toMatch(/^\d{3}$/);
    }
  });

  it("every card was revealed, so that there was one more way out", () => {
    expect(revealed).toBe(server.prepaidify.cards().length);
  });

  it("no CVC is in any log, answer or metric beside a word that could mean it", () => {
    const text = `${server.log.join("\n")}${answers.join("\n")}`;
    for (const { cvc } of server.prepaidify.cards()) expect(text).not.toMatch(new RegExp(`["': =]${cvc}["'}]`));
  });

  it("no full card number is in any log, answer, metric or database file", () => {
    const places = { log: server.log.join("\n"), answers: answers.join("\n"), database: databaseText(server.dataDir) };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(1_000);
      for (const { number } of server.prepaidify.cards()) {
        const digits = number.replace(/\D/g, "");
        expect(text.includes(digits), `${place} holds a card number`).toBe(false);
        expect(text.includes(digits.slice(0, 12)), `${place} holds most of a card number`).toBe(false);
      }
    }
  });

  it("no field of any log line, answer or row is called number or cvc", () => {
    const text = `${server.log.join("\n")}${answers.join("\n")}${databaseText(server.dataDir)}`;
    expect(text).not.toMatch(/"(?:cvc|cvv|number|numbers)"\s*:/i);
  });

  it("no key of ours is in any log, answer, metric or database file", () => {
    const text = `${server.log.join("\n")}${answers.join("\n")}${databaseText(server.dataDir)}`;
    const { PAGSMILE_PRIVATE_KEY = "" } = accountsOf(server.prepaidify, server.pagsmile);
    expect(text.includes(SECRET_KEY)).toBe(false);
    for (const line of PAGSMILE_PRIVATE_KEY.split("\n").slice(1, -2)) expect(text.includes(line)).toBe(false);
  });

  it("no e-mail address or mobile number is in any log or error", () => {
    const text = `${server.log.join("\n")}${answers.join("\n")}`;
    expect(text.includes(EMAIL)).toBe(false);
    expect(text.includes("planted.person")).toBe(false);
    expect(text.includes(MOBILE.slice(1))).toBe(false);
  });
});
