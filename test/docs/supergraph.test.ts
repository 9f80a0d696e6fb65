import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { print } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printCardgraphSubgraph } from "../../src/resolvers/print-schema.js";
import { COMPOSERS } from "../federation/composing.js";
import { GATEWAYS, type Gateway } from "../federation/gateways.js";
import { CardOrderUpdatedDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { watch } from "../support/watching.js";

const PATH = "docs/supergraph.md";
const GUIDE = readFileSync(PATH, "utf8");
const HERE = "http://127.0.0.1:4000";

/** The block of code below the comment with its name. */
function block(name: string): string {
  const [, text = ""] = GUIDE.split(`<!-- ${name} -->\n`)[1]?.match(/^```\w+\n(.*?)```\n/s) ?? [];
  expect(text, name).not.toBe("");
  return text;
}

let issuer: Issuer;
let server: Cardgraph;
let folder: string;
let authorization: string;
beforeAll(async () => {
  issuer = await startIssuer();
  server = await startCardgraph({ env: { ...issuer.env, RECONCILE_SCHEDULE_MS: "20" } });
  authorization = await issuer.tokenFor({ tenant: "acme", scopes: "cards:read cards:write" });
  folder = mkdtempSync(join(tmpdir(), "cardgraph-guide-"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
  await issuer.close();
});

/** Runs a program as the guide says, and resolves with the supergraph that it wrote. */
async function composed(program: string, as: string): Promise<string> {
  writeFileSync(join(folder, "compose.mjs"), program.replace(HERE, server.url));
  const env = { PATH: process.env.PATH, AUTHORIZATION: as };
  await promisify(execFile)(process.execPath, ["compose.mjs"], { cwd: folder, env });
  return readFileSync(join(folder, "supergraph.graphql"), "utf8");
}

/** The program of the guide, changed for a contract as the guide says. */
function contracting(): string {
  const [named = "", ...calls] = block("contract.mjs").split("\n\n");
  return block("compose.mjs")
    .replace(/^import \{ composeServices \}.*$/m, named)
    .replace(/^const \{ supergraphSdl.*$/m, calls.join("\n"));
}

describe("the guide for supergraphs", () => {
  it("composes a supergraph of a running server that knows who asks, and of no other", async () => {
    expect(await composed(block("compose.mjs"), authorization)).toContain("providerCardId: String!");
    await expect(composed(block("compose.mjs"), "")).rejects.toThrow(/cards: Say who you are/);
  });

  it("composes a contract that shows nothing internal", async () => {
    const supergraph = await composed(contracting(), authorization);
    const gateway = await GATEWAYS.hive(supergraph, block("gateway.config.mjs"));
    try {
      const ask = (query: string) => askAt(gateway, query, authorization);
      expect(await ask("{ cards { edges { node { id } } } }")).toEqual({ data: { cards: { edges: [] } } });
      const hidden = await ask("{ cards { edges { node { providerCardId } } } }");
      expect(hidden).toMatchObject({ errors: [{ message: expect.stringContaining("Cannot query field") }] });
    } finally {
      await gateway.close();
    }
  });

  it("has a gateway that passes on who asks, for a stream too", async () => {
    const supergraph = await composed(block("compose.mjs"), authorization);
    const gateway = await GATEWAYS.hive(supergraph, block("gateway.config.mjs"));
    try {
      const orderNo = "through-the-guide";
      const input = { orderNo, cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1_000, currency: "USD" } };
      const mutation = print(CreateVirtualCardDocument);
      expect(await askAt(gateway, mutation, "", { input })).toMatchObject({
        errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
      });
      expect(await askAt(gateway, mutation, authorization, { input })).toMatchObject({
        data: { createVirtualCard: { order: { orderNo } } },
      });
      const watching = watch(gateway.url, "SSE", CardOrderUpdatedDocument, { orderNo }, authorization);
      await watching.until((all) => all.at(-1)?.cardOrderUpdated.state === "COMPLETED");
    } finally {
      await gateway.close();
    }
  });

  it.each(Object.entries(COMPOSERS))("has a subgraph beside ours that %s composes", (_name, compose) => {
    const cards = { name: "cards", url: `${HERE}/graphql`, sdl: printCardgraphSubgraph() };
    const customers = { name: "customers", url: "http://127.0.0.1:4001/graphql", sdl: block("customers") };
    const { supergraph, errors, hints } = compose([cards, customers]);
    expect([errors, hints]).toEqual([[], []]);
    expect(supergraph).toContain("owner: Customer");
  });

  it("leads to places that are there, and installs what it imports", () => {
    const links = [...GUIDE.matchAll(/\]\(([^)#:]+)(?:#[\w-]+)?\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(existsSync(join(dirname(PATH), link)), link).toBe(true);
    const headings = [...GUIDE.matchAll(/^## (.+)$/gm)].map(([, text = ""]) => text.toLowerCase().replaceAll(" ", "-"));
    const anchors = [...GUIDE.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(anchors).toEqual(headings);
    const installed = /npm install (.*)/.exec(GUIDE)?.[1]?.split(" ") ?? [];
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(installed).toHaveLength(3);
    for (const name of installed) expect({ ...dependencies, ...devDependencies }).toHaveProperty([name]);
  });
});

async function askAt({ url }: Gateway, query: string, as: string, variables: object = {}): Promise<unknown> {
  const headers = { "content-type": "application/json", ...(as && { authorization: as }) };
  return (
    await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) })
  ).json();
}
