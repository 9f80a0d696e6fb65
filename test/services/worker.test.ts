import { EventEmitter, once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Worker } from "../../src/services/worker.js";

afterEach(() => {
  vi.useRealTimers();
});

/** A worker whose job does what the test says, turn by turn, and what it reported. */
function working(job: (turn: number) => number) {
  const reports: string[] = [];
  const turns = new EventEmitter();
  const turnsAtMs: number[] = [];
  const worker = new Worker(
    async () => {
      turnsAtMs.push(Date.now());
      turns.emit("turn");
      return job(turnsAtMs.length);
    },
    {
      onError: (error) => void reports.push(String(error)),
      onRecovered: () => void reports.push("recovered"),
    },
  );
  return { worker, reports, turns, turnsAtMs };
}

describe("a worker whose job fails again and again", () => {
  it("rests ever longer, up to five seconds, and tells the first error and the recovery alone", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { worker, reports, turnsAtMs } = working((turn) => {
      if (turn <= 7) throw new Error(`failure ${turn}`);
      return 0;
    });
    worker.start();
    await vi.advanceTimersByTimeAsync(20_000);
    const restsMs = turnsAtMs.slice(1, 8).map((atMs, index) => atMs - (turnsAtMs[index] ?? 0));
    expect(restsMs).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(reports).toEqual(["Error: failure 1", "recovered"]);
    const stopped = worker.stop();
    await vi.runAllTimersAsync();
    await stopped;
  });

  it("begins with a short rest again once it has worked in between", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { worker, reports, turnsAtMs } = working((turn) => {
      if (turn !== 3) throw new Error(`failure ${turn}`);
      return 0;
    });
    worker.start();
    await vi.advanceTimersByTimeAsync(2_000);
    const restsMs = turnsAtMs.slice(1, 5).map((atMs, index) => atMs - (turnsAtMs[index] ?? 0));
    expect(restsMs).toEqual([250, 500, 500, 250]);
    expect(reports).toEqual(["Error: failure 1", "recovered", "Error: failure 4"]);
    const stopped = worker.stop();
    await vi.runAllTimersAsync();
    await stopped;
  });

  it("goes on at once when it is woken", async () => {
    const { worker, turns, turnsAtMs } = working(() => {
      throw new Error("failure");
    });
    for (let turn = 1; turn <= 8; turn++) {
      const next = once(turns, "turn");
      if (turn === 1) worker.start();
      worker.wake();
      await next;
    }
    expect((turnsAtMs.at(-1) ?? 0) - (turnsAtMs[0] ?? 0)).toBeLessThan(5_000);
    await worker.stop();
  });
});
