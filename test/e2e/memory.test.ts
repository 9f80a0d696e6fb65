import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, runServer, type ServerProcess } from "../support/process.js";

/** What the whole server may hold at rest, with its database in it, in megabytes. */
const AT_REST_MB = 300;
/** What it may hold at any time while it starts, so that a small machine does not end it before it is at rest. */
const AT_MOST_MB = 400;
/** How long it is left alone before it counts as being at rest. */
const REST_MS = 4_000;

/** Memory of a process now and at its highest, in megabytes. */
function memoryOf({ child }: ServerProcess): { readonly nowMb: number; readonly highestMb: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { nowMb: megabytes("VmRSS"), highestMb: megabytes("VmHWM") };
}

describe.runIf(existsSync("/proc/self/status"))("the whole server with its embedded database", () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), "cardgraph-memory-"));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it.each(["first start, which makes the database", "second start"])("is light after its %s", async () => {
    const server = runServer({ PORT: "0", LOG_LEVEL: "silent", DATA_DIR: dataDir });
    try {
      const address = await addressOf(server);
      expect((await fetch(`${address}/health/ready`)).status).toBe(200);
      await pause(REST_MS);
      const { nowMb, highestMb } = memoryOf(server);
      expect(nowMb).toBeLessThan(AT_REST_MB);
      expect(highestMb).toBeLessThan(AT_MOST_MB);
    } finally {
      server.child.kill("SIGTERM");
      await server.ended;
    }
  });
});
