import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "@graphql-codegen/cli";
import { buildSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { TrustedDocuments } from "../../src/http/trusted-documents.js";
import { readTrustedList } from "../../src/http/trusted-list.js";
import { startCardgraph } from "../support/cardgraph.js";

let folder: string;
let serial = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cardgraph-list-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function fileOf(content: unknown): string {
  serial += 1;
  const path = join(folder, `${serial}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const start = async (path: string) => {
  const server = await startCardgraph({ env: { TRUSTED_DOCUMENTS: path } });
  onTestFinished(() => server.close());
  return server;
};

const SCHEMA = buildSchema(readFileSync("src/schema/schema.graphql", "utf8"));

/** What an operator reads instead of a running server. */
async function refusal(path: string): Promise<string> {
  try {
    new TrustedDocuments(await readTrustedList(path), SCHEMA);
    return "it is taken";
  } catch (error) {
    return (error as Error).message;
  }
}

const PROVIDERS = "query Providers { providers { code mode } }";
const PRESENT = { data: { providers: expect.arrayContaining([{ code: "PREPAIDIFY", mode: "LIVE" }]) } };

describe("the list of trusted documents", () => {
  it.each([
    ["SHA-1, its default", true],
    ["SHA-256", { hashAlgorithm: "sha256" }],
  ])("is what the client preset of GraphQL Code Generator writes with %s", async (_name, persistedDocuments) => {
    const schema = "src/schema/schema.graphql";
    const preset = { preset: "client" as const, documents: PROVIDERS, presetConfig: { persistedDocuments } };
    const files = await generate({ schema, silent: true, generates: { [`${folder}/preset/`]: preset } }, false);
    const written: { filename: string; content: string }[] = files;
    const content = written.find(({ filename }) => filename.endsWith("persisted-documents.json"))?.content ?? "";
    const [[documentId, text]] = Object.entries(JSON.parse(content)) as [[string, string]];
    expect(text).toContain("providers");
    const server = await start(fileOf(content));
    expect(await (await server.post({ documentId })).json()).toEqual(PRESENT);
    expect((await (await server.post({ query: text })).json()) as object).toMatchObject({
      errors: [{ extensions: { code: "TRUSTED_DOCUMENT_REQUIRED" } }],
    });
  });

  it("is also what Apollo's generator of manifests writes", async () => {
    const operation = { id: hash(PROVIDERS), name: "Providers", type: "query", body: PROVIDERS };
    const manifest = { format: "apollo-persisted-query-manifest", version: 1, operations: [operation] };
    const server = await start(fileOf(manifest));
    const extensions = { persistedQuery: { version: 1, sha256Hash: operation.id } };
    expect(await (await server.post({ extensions })).json()).toEqual(PRESENT);
  });

  it("takes the playground's place, which could run nothing", async () => {
    const server = await start(fileOf({ [hash(PROVIDERS)]: PROVIDERS }));
    for (const path of ["/graphiql", "/graphiql/assets/index.js"]) {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain("TRUSTED_DOCUMENTS");
    }
  });
});

describe("a list that is not whole and right keeps the server from starting, and says why:", () => {
  const unknown = "query Wrong { cards { nothing } }";
  const broken = "query Broken {";
  const deep = `{ cards { edges { node ${"{ order { card ".repeat(9)}{ id }${" } }".repeat(9)} } } }`;
  const apollo = (version: number) => ({ format: "apollo-persisted-query-manifest", version, operations: [] });

  it.each([
    ["no file", () => join(folder, "nothing.json"), "cannot be read: ENOENT"],
    ["a folder", () => folder, "cannot be read: EISDIR"],
    ["no JSON", () => fileOf("{"), "not valid JSON"],
    ["another shape", () => fileOf([PROVIDERS]), "must be a JSON object"],
    ["a text that is none", () => fileOf({ [hash(PROVIDERS)]: 1 }), "must be a JSON object"],
    ["another version", () => fileOf(apollo(2)), "must be a JSON object"],
    ["nothing", () => fileOf({}), "holds no document"],
    ["nothing, in Apollo's format", () => fileOf(apollo(1)), "holds no document"],
    ["too many", () => fileOf(Object.fromEntries(Array.from({ length: 5_001 }, (_, n) => [n, "x"]))), "more than 5000"],
    ["too much", () => fileOf(" ".repeat(5_000_001)), "larger than 5000000 bytes"],
    ["a name that is no hash", () => fileOf({ Providers: PROVIDERS }), "entry Providers: its name must be the SHA-256"],
    ["a name that is a text", () => fileOf({ "a\nb": PROVIDERS }), "entry number 1: its name must be the SHA-256"],
    ["another's hash", () => fileOf({ [hash("x")]: PROVIDERS }), `entry ${hash("x")}: its name is not the hash`],
    ["a document that cannot be parsed", () => fileOf({ [hash(broken)]: broken }), `entry ${hash(broken)}: Syntax`],
    ["a field that is not there", () => fileOf({ [hash(unknown)]: unknown }), 'Cannot query field "nothing"'],
    ["a document that is too deep", () => fileOf({ [hash(deep)]: deep }), "deeper than 16 levels"],
  ])("%s", async (_name, path, rule) => {
    const message = await refusal(path());
    expect(message).toContain("TRUSTED_DOCUMENTS");
    expect(message).toContain(rule);
    expect(message).not.toContain(folder);
  });

  it("every entry that is wrong, up to twenty", async () => {
    const texts = Array.from({ length: 25 }, (_, n) => `query Wrong${n} { nothing }`);
    const all = [...texts, PROVIDERS].map((text) => [hash(text), text]);
    const message = await refusal(fileOf(Object.fromEntries(all)));
    expect(message.match(/Cannot query field/g)).toHaveLength(20);
    expect(message).toContain("and 5 more");
  });
});
