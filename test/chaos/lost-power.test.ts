import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

interface Chance {
  readonly next: () => number;
  readonly integer: (least: number, most: number) => number;
}

type LosePower = (options: { folder: string; record: string; chance: Chance }) => Readonly<Record<string, number>>;

const load = async (): Promise<{ readonly losePower: LosePower }> =>
  import(new URL("lost-power.mjs", import.meta.url).href);

/** Nothing that was not synced reaches the disk, or all of it does. */
const UNLUCKY: Chance = { next: () => 0, integer: (least) => least };
const LUCKY: Chance = { next: () => 0.5, integer: (_least, most) => most };

/** Runs a program under the recorder, and gives what a power loss would leave of the folder it worked in. */
async function afterPowerLoss(program: string, chance: Chance) {
  const root = mkdtempSync(join(tmpdir(), "cardgraph-lost-power-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ["live", "kept"]) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "old"), "before");
  }
  const env = { CHAOS_RECORD_FOLDER: join(root, "live"), CHAOS_RECORD_FILE: join(root, "record") };
  const recorder = new URL("programs/record-writes.mjs", import.meta.url).href;
  const code = `const fs = require("node:fs"); process.chdir(${JSON.stringify(join(root, "live"))}); ${program}`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", recorder, "-e", code], { env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { losePower } = await load();
  losePower({ folder: join(root, "kept"), record: join(root, "record"), chance });
  return (name: string): string | null => {
    const path = join(root, "kept", name);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };
}

const WRITE = `const fd = fs.openSync("old", "r+"); fs.writeSync(fd, Buffer.from("after!"), 0, 6, 0);`;

it("what was synced is there, and what was not may be lost", async () => {
  expect((await afterPowerLoss(WRITE, UNLUCKY))("old")).toBe("before");
  expect((await afterPowerLoss(`${WRITE} fs.fsyncSync(fd);`, UNLUCKY))("old")).toBe("after!");
  const later = `${WRITE} fs.fsyncSync(fd); fs.writeSync(fd, Buffer.from("later!"), 0, 6, 0);`;
  expect((await afterPowerLoss(later, UNLUCKY))("old")).toBe("after!");
});

it("a name is kept once anything was synced after it, and its content only by its own sync", async () => {
  const create = `const made = fs.openSync("new", "w"); fs.writeSync(made, Buffer.from("x"), 0, 1, 0);`;
  expect((await afterPowerLoss(create, UNLUCKY))("new")).toBeNull();
  expect((await afterPowerLoss(create, LUCKY))("new")).not.toBeNull();
  const other = `${create} fs.fsyncSync(fs.openSync("old", "r+"));`;
  expect((await afterPowerLoss(other, UNLUCKY))("new")).toBe("");
  expect((await afterPowerLoss(`${create} fs.fsyncSync(made);`, UNLUCKY))("new")).toBe("x");
});

it("a renamed file takes its content with it, and a removed one is gone once the journal is kept", async () => {
  const sync = `fs.fsyncSync(fs.openSync("other", "w"));`;
  const renamed = await afterPowerLoss(`fs.renameSync("old", "renamed"); ${sync}`, UNLUCKY);
  expect([renamed("old"), renamed("renamed")]).toEqual([null, "before"]);
  expect((await afterPowerLoss(`fs.unlinkSync("old"); ${sync}`, UNLUCKY))("old")).toBeNull();
  expect((await afterPowerLoss(`fs.unlinkSync("old");`, UNLUCKY))("old")).toBe("before");
});

it("a way of writing that is not recorded is refused, rather than missed", async () => {
  const refused = `try { fs.appendFileSync("old", "x"); fs.openSync("missed", "w"); } catch {}`;
  expect((await afterPowerLoss(`${refused} fs.fsyncSync(fs.openSync("old", "r"));`, LUCKY))("missed")).toBeNull();
});
