import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How much of the heap is in use once garbage has been collected, in bytes. */
export function heapBytes(): number {
  setFlagsFromString("--expose_gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}
