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
 * Memory that a process holds now, in mebibytes.
 * @param {number} pid
 */
export function memoryMib(pid) {
  return statusMib(pid, "VmRSS");
}

/**
 * Largest memory that a process has held, in mebibytes.
 * @param {number} pid
 */
export function peakMemoryMib(pid) {
  return statusMib(pid, "VmHWM");
}

function statusMib(pid, name) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024);
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
 * Where processes run, as lists of processors.
 * @typedef {object} Pins
 * @property {string} server One for the server that is measured.
 * @property {string} servers All that are left, for several servers at once.
 * @property {string} others One for everything else.
 */

/**
 * Null for a machine with one core or without `taskset`; then all processes share what there is.
 * @returns {Pins | null}
 */
export function choosePins() {
  const [server, others, ...more] = allowedCores();
  const hasTaskset = (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/taskset`));
  if (!hasTaskset || others === undefined) return null;
  return { server: String(server), servers: [server, ...more].join(","), others: String(others) };
}

/**
 * The command that starts a program on some cores.
 * @param {string | undefined} cores
 * @returns {readonly string[]}
 */
export function onCore(cores) {
  return cores === undefined ? [] : ["taskset", "--cpu-list", cores];
}

/**
 * Keeps a process that runs already on one core, with its threads and the children that it has.
 * @param {number | null} pid
 * @param {string | undefined} core
 */
export function keepOnCore(pid, core) {
  if (pid === null || core === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", core, String(each)], { stdio: "ignore" });
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
