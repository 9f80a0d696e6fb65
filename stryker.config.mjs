/** Mutation testing; `scripts/mutate.mjs` says which modules, layer by layer. */
export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutation.config.ts" },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // There is nothing in ours to rewrite, and the interface that would be used for it is not in TypeScript 7.
  tsconfigFile: "none",
  ignorePatterns: ["dist", "playground", "docs", "bench", "data"],
  reporters: ["progress-append-only"],
  logLevel: "warn",
  timeoutMS: 30_000,
};
