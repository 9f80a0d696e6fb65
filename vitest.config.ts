import { defineConfig } from "vitest/config";

export default defineConfig({
  // One copy of graphql: without the alias the library is loaded once as ESM and once as CommonJS.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/setup.ts"],
    globalSetup: ["test/support/template-database.ts", "test/support/whole-run.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
