import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { failOnFindings } from "./output-watch.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder that keeps what was found in the output of the tests' servers. */
    readonly findingsDir: string;
  }
}

/** Fails the whole run when a server of any test has shown a secret, in whatever test. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-findings-"));
  project.provide("findingsDir", folder);
  return () => {
    try {
      failOnFindings(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}
