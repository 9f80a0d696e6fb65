import { execFile } from "node:child_process";
import pg from "pg";
import { expect } from "vitest";
import { CardOrderDocument, CreateCardContactDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, eventually } from "./cardgraph.js";

const DEPOSIT = { amountMinor: 1000, currency: "USD" };
/** The customer that every order is for. */
export const CUSTOMER = "customer-to-erase";
/** Whoever was planted. */
export const PERSON = {
  firstName: "Plantedfirst",
  lastName: "Plantedlast",
  mobile: "+5511912345678",
  email: "planted.person@secret.example",
  language: "pt",
};
/** What was given, and the address that the provider made up for the cardholder. */
export const PLANTED = [/planted(first|last|\.person)/i, /secret\.example/, /11912345678/, /1010 Pine St/, /31092/];

/** What a command of the operator came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
/** Runs a command of the operator with exactly this environment. */
export const run = (env: Readonly<Record<string, string>>, script: string, ...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? "", ...env }, timeout: 20_000 };
    execFile(process.execPath, [`scripts/${script}.mjs`, ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

/** The planted person's order. */
export const input = (orderNo: string, parts: object = {}) => {
  const { firstName, lastName, email } = PERSON;
  const cardHolder = { firstName, lastName };
  return {
    ...{ orderNo, cardRangeId: "vab_069af8a792ad", deposit: DEPOSIT, customerId: CUSTOMER, cardHolder, email },
    ...parts,
  };
};
/** An order as clients see it. */
export const orderOf = async (server: Cardgraph, orderNo: string) =>
  (await server.ask(CardOrderDocument, { orderNo })).cardOrder;
/** An order, once it has come to that state. */
export const settled = (server: Cardgraph, orderNo: string, state = "COMPLETED") =>
  eventually(
    () => orderOf(server, orderNo),
    (order) => order?.state === state,
  );

/** An order with an open card, a callback that was sent twice, a contact, and one whose answer was lost. */
export async function livedIn(server: Cardgraph, name: string) {
  await server.ask(CreateVirtualCardDocument, { input: input(name) });
  const order = await settled(server, name);
  const cardId = order?.card?.providerCardId ?? "";
  expect(await server.prepaidify.resendCallback(cardId)).toBe(200);
  const idempotencyKey = `key-${name}`;
  const contact = await server.ask(CreateCardContactDocument, { input: { ...PERSON, idempotencyKey } });
  server.prepaidify.script({ kind: "decline", code: "403101" });
  await server.ask(CreateVirtualCardDocument, { input: input(`${name}-refused`) });
  return { cardId, ourCardId: order?.card?.id ?? "", contactId: contact.createCardContact.contact?.id ?? "" };
}

/** Every row of every table, as text. */
export async function everyTable(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const tables = await client.query("select tablename from pg_tables where schemaname = 'public'");
    expect(tables.rows.length).toBeGreaterThan(10);
    const texts: string[] = [];
    for (const { tablename } of tables.rows) {
      texts.push(JSON.stringify((await client.query(`select * from "${tablename}"`)).rows));
    }
    return texts.join("\n");
  } finally {
    await client.end();
  }
}
