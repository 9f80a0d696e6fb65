import { defineConfig } from "vitest/config";

/** The fast specs that mutants of each layer have to survive: its own, on the embedded database alone. */
const SPECS: Readonly<Record<string, readonly string[]>> = {
  domain: ["test/domain/**/*.test.ts"],
  services: ["test/services/**/*.test.ts"],
  store: ["test/store/{orders,order-changes,order-queue,settled-pace,contested-cards,inbox}.test.ts"],
};

export default defineConfig({
  test: {
    include: [...(SPECS[process.env.MUTATED_LAYER ?? "domain"] ?? [])],
    globalSetup: ["test/support/template-database.ts"],
    // Every mutant pays for every life and for every database.
    env: { ORDER_LIVES: "3000", TEST_DATABASES: "embedded" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
