import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/store/database.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder with an embedded database whose tables are in place and empty. */
    readonly templateDataDir: string;
  }
}

/** Makes one empty database for the whole run; each test copies it, which is far quicker than making its own. */
export async function setup(project: TestProject): Promise<() => void> {
  const root = mkdtempSync(join(tmpdir(), "cardgraph-template-"));
  const database = await openDatabase({ kind: "embedded", dataDir: root }, { onError: () => undefined });
  await database.close();
  project.provide("templateDataDir", root);
  return () => rmSync(root, { recursive: true, force: true });
}

/** A folder of its own with an empty database in it. */
export function freshDataDir(templateDataDir: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-test-"));
  mkdirSync(folder, { recursive: true });
  cpSync(join(templateDataDir, "pg"), join(folder, "pg"), { recursive: true });
  return folder;
}
