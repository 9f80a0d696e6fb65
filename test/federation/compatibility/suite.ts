import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Apollo's compatibility tests for subgraphs, as they are published. */
const SUITE = resolve("node_modules/@apollo/federation-subgraph-compatibility-tests");
const SUBGRAPH_FOLDERS = { users: "USERS_PORT", inventory: "INVENTORY_PORT" } as const;

/** A subgraph that comes with the suite, as a process of its own. */
export interface SuiteSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  close(): Promise<void>;
}

/** Starts one of the two subgraphs of the suite on a free loopback port. */
export async function startSuiteSubgraph(name: keyof typeof SUBGRAPH_FOLDERS): Promise<SuiteSubgraph> {
  const folder = join(SUITE, "dist/subgraphs", name);
  const args = ["--import", resolve("test/federation/compatibility/loopback.mjs"), join(folder, "index.js")];
  const child = start(args, { [SUBGRAPH_FOLDERS[name]]: "0" });
  const exited = once(child, "exit");
  const url = await said(child, /ready at (http:\/\/127\.0\.0\.1:\d+\/)/);
  return {
    name,
    url,
    sdl: readFileSync(join(folder, `${name}.graphql`), "utf8"),
    close: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** One case of the suite. */
export interface SuiteCase {
  readonly file: string;
  readonly name: string;
  readonly status: string;
  readonly reasons: readonly string[];
}

/** Runs every file of the suite against a subgraph and a gateway. */
export async function runSuite(productsUrl: string, routerUrl: string): Promise<readonly SuiteCase[]> {
  const scratch = mkdtempSync(join(tmpdir(), "cardgraph-compatibility-"));
  try {
    const results = join(scratch, "results.json");
    const config = {
      rootDir: SUITE,
      testMatch: ["<rootDir>/dist/tests/*.test.js"],
      testPathIgnorePatterns: [],
      haste: { retainAllFiles: true },
      transform: {},
      setupFilesAfterEnv: [resolve("test/federation/compatibility/router-address.cjs")],
      cacheDirectory: scratch,
      watchman: false,
    };
    const jest = createRequire(join(SUITE, "package.json")).resolve("jest/bin/jest");
    const args = [
      jest,
      "--ci",
      "--json",
      `--outputFile=${results}`,
      "--maxWorkers=1",
      "--config",
      JSON.stringify(config),
    ];
    const child = start(args, { PRODUCTS_URL: productsUrl, ROUTER_URL: routerUrl });
    let output = "";
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.stdout?.resume();
    const [code] = await once(child, "exit");
    if (code !== 0 && code !== 1) throw new Error(`the suite did not run: ${output}`);
    return casesOf(JSON.parse(readFileSync(results, "utf8")));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function casesOf({ testResults }: JestResults): readonly SuiteCase[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = /([^/\\]+)\.test\.js$/.exec(name)?.[1] ?? name;
    // A file that cannot be loaded has no case; it counts as one that failed.
    if (assertionResults.length === 0) return [{ file, name: file, status: "failed", reasons: [message] }];
    return assertionResults.map((one) => ({
      file,
      name: one.fullName,
      status: one.status,
      reasons: one.failureMessages,
    }));
  });
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Resolves with what a process says about itself; fails with all that it said when it ends before. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = "";
  return new Promise((found, fail) => {
    const read = (chunk: unknown): void => {
      output += chunk;
      const match = pattern.exec(output)?.[1];
      if (match) found(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => fail(new Error(`it ended: ${output}`)));
  });
}
