import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generate, loadCodegenConfig } from "@graphql-codegen/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";

const GUIDE = readFileSync("docs/frontends.md", "utf8");
const README = readFileSync("examples/web/README.md", "utf8");
const HERE = "http://127.0.0.1:4000";

/** A block of code: what stands in the comment above it, and its text. */
interface Block {
  readonly source: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = [...GUIDE.matchAll(/(?:<!-- (\S+) -->\n)?```\w+\n(.*?)```\n/gs)].map(
  ([, source = "", text = ""]) => ({ source, text }),
);
const blockFrom = (source: string): string => BLOCKS.find((block) => block.source === source)?.text ?? "";

/** The lines in one order, whatever order the schema was told in. */
const linesOf = (code: string): readonly string[] =>
  code
    .split("\n")
    .map((line) => line.replace(/;$/, ""))
    .sort();

let server: Cardgraph;
beforeAll(async () => {
  server = await startCardgraph();
});
afterAll(() => server.close());

describe("the guide for frontends", () => {
  it("shows code of the example's as it stands there", () => {
    const excerpts = BLOCKS.filter(({ source }) => source.startsWith("examples/"));
    expect(excerpts.length).toBeGreaterThan(10);
    for (const { source, text } of excerpts) expect(readFileSync(source, "utf8"), text).toContain(text);
  });

  it("shows no other code but a configuration, a request that is made below, and what to install", () => {
    const others = BLOCKS.filter(({ source }) => !source.startsWith("examples/"));
    expect(others.map(({ source }) => source)).toEqual(["", "codegen", "curl"]);
    const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const packages = others[0]?.text.match(/(?<= )@?[a-z][\w/-]+/g)?.slice(1) ?? [];
    expect(packages.length).toBe(4);
    for (const name of packages) expect(name === "graphql" || name in devDependencies, name).toBe(true);
  });

  it("has a configuration that makes the example's types of a running server", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cardgraph-guide-"));
    const configFilePath = join(folder, "codegen.yml");
    const ours = blockFrom("codegen")
      .replace(HERE, server.url)
      .replaceAll(/\bsrc\//g, "examples/web/src/");
    writeFileSync(configFilePath, ours);
    const { config } = await loadCodegenConfig({ configFilePath });
    const files: readonly { readonly filename: string; readonly content: string }[] = await generate(
      { ...config, cwd: process.cwd(), silent: true },
      false,
    );
    rmSync(folder, { recursive: true });
    expect(files.length).toBe(5);
    for (const { filename, content } of files) {
      expect(linesOf(content), filename).toEqual(linesOf(readFileSync(filename, "utf8")));
    }
  });

  it("has a request that is answered with the order as it stands", async () => {
    const input = { orderNo: "v_5bc814", cardRangeId: "v_5bc814", deposit: { amountMinor: 1_000, currency: "USD" } };
    await server.ask(CreateVirtualCardDocument, { input });
    const curl = blockFrom("curl");
    const headers = [...curl.matchAll(/-H '([\w-]+): ([^']+)'/g)].map(([, name = "", value = ""]) => [name, value]);
    const body = /-d '(.*)'/s.exec(curl)?.[1] ?? "";
    expect(curl).toContain(`curl -N ${HERE}/graphql`);
    const answer = await server.post(body, Object.fromEntries(headers));
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("}}}\n")) text += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    expect(text).toMatch(/event: next\ndata: \{"data":\{"cardOrderUpdated":\{"state":"(ACCEPTED|COMPLETED)"/);
  });

  it("names top-level codes that the server has", () => {
    const codes = [...GUIDE.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(
      ([, cell = ""]) => cell.match(/[A-Z_]+/g) ?? [],
    );
    expect(codes.length).toBeGreaterThan(7);
    const errors = readFileSync("src/http/graphql-errors.ts", "utf8");
    for (const code of codes) expect(errors).toContain(`"${code}"`);
  });

  it.each([
    ["docs/frontends.md", GUIDE],
    ["examples/web/README.md", README],
  ])("leads to places that are there: %s", (path, text) => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[\w-]+)?\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(existsSync(join(dirname(path), link)), link).toBe(true);
    const anchors = [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = ""]) => anchor);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w ]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const anchor of anchors) expect(headings).toContain(anchor);
  });
});
