import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a CPU profile is taken: the debugger of a running server. */
const SAMPLE_US = 200;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Profiles a server's main thread while an action runs.
 * @param {string} inspectorUrl
 * @param {() => Promise<void>} action
 */
export async function profileWhile(inspectorUrl, action) {
  const socket = new WebSocket(inspectorUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the debugger cannot be reached"));
  });
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  const call = (method, params = {}) =>
    new Promise((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  try {
    await call("Profiler.enable");
    await call("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    await call("Profiler.start");
    await action();
    return (await call("Profiler.stop")).profile;
  } finally {
    socket.close();
  }
}

/**
 * Where the time went: shares of the time in which the thread was not idle, largest first.
 * @param {any} profile As the debugger gives it.
 */
export function summariseProfile({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map();
  const packages = new Map();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id);
    if (frame.functionName === "(idle)") continue;
    const us = timeDeltas[index];
    const owner = packageOf(frame);
    busyUs += us;
    add(packages, owner, us);
    add(functions, `${frame.functionName || "(anonymous)"}  ${placeOf(frame, owner)}`, us);
  }
  return { packages: largest(packages, busyUs), functions: largest(functions, busyUs) };
}

function add(sums, key, us) {
  sums.set(key, (sums.get(key) ?? 0) + us);
}

function largest(sums, wholeUs) {
  return [...sums].map(([name, us]) => ({ name, share: us / wholeUs })).sort((left, right) => right.share - left.share);
}

/** Which package a function belongs to; our own are named by folder. */
function packageOf({ functionName, url }) {
  if (url === "") return functionName.startsWith("(") ? functionName : "native code";
  if (url.startsWith("node:")) return url.split("/")[0] === "node:internal" ? url.split("/", 2).join("/") : url;
  if (url.startsWith("wasm:")) return "embedded database (wasm)";
  const path = pathOf(url);
  const dependency = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return dependency ?? path.split("/").slice(0, 2).join("/");
}

function placeOf({ url, lineNumber }, owner) {
  if (url === "" || url.startsWith("wasm:")) return owner;
  const path = url.startsWith("node:") ? url : pathOf(url).replace(/.*node_modules\//, "");
  return `${path}:${lineNumber + 1}`;
}

function pathOf(url) {
  return url.startsWith("file:") ? relative(ROOT, fileURLToPath(url)) : url;
}
