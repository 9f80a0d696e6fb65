import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/cardgraph.js";

const STAGES = ["INIT", "INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "INIT_ACTIVE_CARD", "ACTIVE"];

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cardgraph-demo-test-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Demo {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
  /** Where it puts what it needs for a while. */
  readonly folder: string;
}

/** Runs the demonstration with a temporary folder of its own. */
function runDemo(name: string, env: Readonly<Record<string, string>> = {}): Demo {
  const folder = join(root, name);
  mkdirSync(folder);
  const child = spawn(process.execPath, ["scripts/demo.mjs"], {
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder, ...env },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, errors: () => errors, ended, folder };
}

/** The address of the server that the demonstration started. */
function serverOf(demo: Demo): string {
  const address = /ready +(http:\/\/\S+)\/graphql/.exec(demo.output())?.[1];
  if (!address) throw new Error(`no server was started: ${demo.errors()}`);
  return address;
}

async function expectNothingLeft(demo: Demo): Promise<void> {
  expect(readdirSync(demo.folder)).toEqual([]);
  await expect(fetch(`${serverOf(demo)}/health/live`)).rejects.toThrow("fetch failed");
}

describe("the demonstration", () => {
  it("shows both mutations, the card on its way to ACTIVE and a replay, and leaves nothing behind", async () => {
    // Accounts and databases of the environment are not for it.
    const demo = runDemo("whole", {
      PREPAIDIFY_BASE_URL: "http://127.0.0.1:9",
      DATABASE_URL: "postgres://127.0.0.1:9/x",
    });
    expect(await demo.ended, demo.errors()).toBe(0);

    const output = demo.output();
    expect(demo.errors()).toBe("");
    expect(output).not.toContain("\u001b");
    expect(output).toMatch(/contact +\{ "id": "cct_\w+", "provider": "PAGSMILE"/);
    expect(output).toMatch(/order +\{ "orderNo": "v_5bc814", "state": "ACCEPTED" \}/);
    expect(output).toMatch(/order +\{ "orderNo": "v_5bc814", "state": "COMPLETED" \}/);
    expect([...output.matchAll(/replayed +(\w+)/g)].map(([, replayed]) => replayed)).toEqual(["false", "true"]);
    expect(output).toMatch(/cards +1\n/);

    const stages = [...output.matchAll(/^ +[\d.]+ m?s +(INIT\w*|ACTIVE)$/gm)].map(([, stage]) => stage);
    // A busy machine may look away for the whole of a stage; what was seen is in order, and each once.
    expect(stages).toEqual(STAGES.filter((stage) => stages.includes(stage)));
    expect([stages.at(0), stages.at(-1)]).toEqual(["INIT", "ACTIVE"]);
    expect(stages.length).toBeGreaterThanOrEqual(4);
    await expectNothingLeft(demo);
  });

  it("ends with 130 when it is interrupted, and leaves nothing behind", async () => {
    const demo = runDemo("interrupted");
    await eventually(
      async () => demo.output(),
      (output) => / INIT$/m.test(output),
    );
    demo.child.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(demo.errors()).toBe("Interrupted.\n");
    await expectNothingLeft(demo);
  });

  it("ends with 1 and one message when it cannot begin", async () => {
    const demo = runDemo("no-folder", { TMPDIR: join(root, "missing") });
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toMatch(/^The demo failed: .*\n$/);
  });
});
