import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

/** Ticks a second in `/proc`. */
let ticksPerSecond = 0;

/**
 * CPU that a process, its threads and its child processes have used, user and system together, in microseconds. From
 * the operating system, in steps of a tick (10 ms), so a round should last a second or more.
 * @param {number} pid
 */
export function cpuUs(pid) {
  ticksPerSecond ||= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (ticksOfTree(pid) * 1_000_000) / ticksPerSecond;
}

/** Of children that have ended, the time stands with their parent. One that ends meanwhile counts for nothing here. */
function ticksOfTree(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything; 14 to 17 are the times.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return childrenOf(pid).reduce((sum, child) => sum + ticksOfTree(child), own);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return 0;
    throw error;
  }
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
}

/**
 * Largest memory that a process has held, in mebibytes.
 * @param {number} pid
 */
export function peakMemoryMib(pid) {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kib) / 1024);
}

/** The processors that this process may use, by number. */
export function allowedCores() {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  return list.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/**
 * Where the processes run: the server on one core, everything else on another one.
 * Null for a machine with one core or without `taskset`; then they share what there is.
 * @returns {{ server: number, others: number } | null}
 */
export function choosePins() {
  const cores = allowedCores();
  const hasTaskset = (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/taskset`));
  return hasTaskset && cores.length >= 2 ? { server: cores[0], others: cores[1] } : null;
}

/**
 * The command that starts a program on one core.
 * @param {number | undefined} core
 * @returns {readonly string[]}
 */
export function onCore(core) {
  return core === undefined ? [] : ["taskset", "--cpu-list", String(core)];
}

/**
 * Keeps a process that runs already on one core, with its threads and the children that it has.
 * @param {number | null} pid
 * @param {number | undefined} core
 */
export function keepOnCore(pid, core) {
  if (pid === null || core === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(each)], { stdio: "ignore" });
  }
}

/**
 * Lets a process run before others of its core. Needs rights that not everybody has, and goes without them.
 * @param {number} pid
 */
export function preferProcess(pid) {
  try {
    setPriority(pid, -10);
    return true;
  } catch {
    return false;
  }
}
