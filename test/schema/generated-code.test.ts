import { readdirSync, readFileSync } from "node:fs";
import { generate, loadCodegenConfig } from "@graphql-codegen/cli";
import { describe, expect, it } from "vitest";
import { printCardgraphSchema } from "../../src/resolvers/print-schema.js";

/** A file as the generator would write it. */
interface MadeFile {
  readonly filename: string;
  readonly content: string;
}

describe("what codegen.yml describes", () => {
  it("is committed as the present schema and documents make it", async () => {
    const { config } = await loadCodegenConfig({ configFilePath: "codegen.yml" });
    const files: readonly MadeFile[] = await generate(
      { ...config, schema: printCardgraphSchema(), silent: true },
      false,
    );
    const made = new Map(files.map(({ filename, content }) => [filename, content]));
    expect(made.size).toBeGreaterThan(5);
    expect(readFileSync("src/schema/schema.graphql", "utf8")).toBe(printCardgraphSchema());
    for (const [path, content] of made) expect(readFileSync(path, "utf8"), path).toBe(content);
    for (const folder of ["test/generated", "examples/web/src/generated"]) {
      expect(readdirSync(folder).filter((name) => !made.has(`${folder}/${name}`))).toEqual([]);
    }
  });
});
