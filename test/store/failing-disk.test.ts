import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

/** Writes a row, and another one once the disk fails; says of each what it was told. */
const PROGRAM = `
  import { fsyncSync } from "node:fs";
  import { DurableFS, openEmbedded } from "./dist/store/embedded.js";
  let fails = false;
  const sync = (file) => {
    if (fails) throw new Error("EIO");
    fsyncSync(file);
  };
  const { pglite } = await openEmbedded(process.argv[1], Number, (folder) => new DurableFS(folder, sync));
  await pglite.exec("create table promised (n int); insert into promised values (1)");
  process.stdout.write("1 promised\\n");
  fails = true;
  for (const n of [2, 3]) {
    await pglite.exec("insert into promised values (" + n + ")").catch(() => undefined);
    fails = false;
    await new Promise(setImmediate);
    process.stdout.write(n + " promised\\n");
  }
`;

it("an embedded database promises nothing any more once the disk has failed it: its process ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-failing-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ended = await new Promise<{ code: unknown; out: string }>((resolve) => {
    const args = ["--input-type=module", "--eval", PROGRAM, folder];
    execFile(process.execPath, args, { timeout: 30_000 }, (error, out) => resolve({ code: error?.code, out }));
  });
  expect(ended).toEqual({ code: 1, out: "1 promised\n" });
});
