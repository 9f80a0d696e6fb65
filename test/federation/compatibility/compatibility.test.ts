import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPOSERS } from "../composing.js";
import { GATEWAYS } from "../gateways.js";
import { type Products, startProducts } from "./products.js";
import { runSuite, type SuiteSubgraph, startSuiteSubgraph } from "./suite.js";

const TEST_FILES = readdirSync("node_modules/@apollo/federation-subgraph-compatibility-tests/dist/tests")
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => name.replace(".test.js", ""));

let products: Products;
let others: readonly SuiteSubgraph[] = [];
let supergraph = "";
beforeAll(async () => {
  products = await startProducts();
  others = await Promise.all([startSuiteSubgraph("users"), startSuiteSubgraph("inventory")]);
  const composed = COMPOSERS.apollo([{ name: "products", url: products.url, sdl: products.sdl }, ...others]);
  expect(composed.errors).toEqual([]);
  supergraph = composed.supergraph ?? "";
});
afterAll(async () => {
  await Promise.all(others.map((subgraph) => subgraph.close()));
  await products?.close();
});

describe.each(
  Object.entries(GATEWAYS),
)("Apollo's compatibility tests for subgraphs, by the gateway of %s", (_name, start) => {
  it("pass, every one", async () => {
    const gateway = await start(supergraph);
    try {
      const cases = await runSuite(products.url, `${gateway.url}/graphql`);
      expect(cases.filter(({ status }) => status !== "passed")).toEqual([]);
      expect(new Set(cases.map(({ file }) => file))).toEqual(new Set(TEST_FILES));
      expect(cases.length).toBeGreaterThanOrEqual(23);
    } finally {
      await gateway.close();
    }
  }, 120_000);
});
