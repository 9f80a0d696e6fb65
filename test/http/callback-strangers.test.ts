import { afterEach, describe, expect, it, vi } from "vitest";
import { CallbackStrangers, MISSES_IN_ALL_PER_MINUTE, MISSES_PER_MINUTE } from "../../src/http/callback-strangers.js";

const miss = async (strangers: CallbackStrangers, client: string, times: number): Promise<void> => {
  for (let nth = 0; nth < times; nth += 1) await strangers.missed(client);
};

describe("a client that asks for callback addresses that do not exist", () => {
  afterEach(() => void vi.useRealTimers());

  it("has nothing looked up any more for the rest of the minute, and holds up nobody else", async () => {
    vi.useFakeTimers();
    const strangers = new CallbackStrangers();
    await miss(strangers, "192.0.2.1", MISSES_PER_MINUTE - 1);
    expect(await strangers.waitSeconds("192.0.2.1")).toBeNull();
    await miss(strangers, "192.0.2.1", 1);
    expect(await strangers.waitSeconds("192.0.2.1")).toBe(60);
    expect(await strangers.waitSeconds("192.0.2.2")).toBeNull();
    vi.advanceTimersByTime(61_000);
    expect(await strangers.waitSeconds("192.0.2.1")).toBeNull();
  });

  it("is a provider once it was right, and is looked up whatever it asks for", async () => {
    const strangers = new CallbackStrangers();
    await miss(strangers, "192.0.2.1", MISSES_PER_MINUTE);
    strangers.wasRight("192.0.2.1");
    await miss(strangers, "192.0.2.1", MISSES_PER_MINUTE);
    expect(await strangers.waitSeconds("192.0.2.1")).toBeNull();
  });
});

describe("clients that ask for them from very many addresses", () => {
  it("are bounded together, and hold up no provider that was right before", async () => {
    const strangers = new CallbackStrangers();
    strangers.wasRight("198.51.100.7");
    for (let nth = 0; nth < MISSES_IN_ALL_PER_MINUTE; nth += 1)
      await strangers.missed(`2001:db8:${nth.toString(16)}::/64`);
    expect(await strangers.waitSeconds("2001:db8:ffff::/64")).toBeGreaterThan(0);
    expect(await strangers.waitSeconds("198.51.100.7")).toBeNull();
  });

  it("make it remember no more than a bounded number of providers, the latest ones", async () => {
    const strangers = new CallbackStrangers();
    for (let nth = 0; nth <= 1_000; nth += 1) strangers.wasRight(`provider ${nth}`);
    await miss(strangers, "provider 0", MISSES_PER_MINUTE);
    await miss(strangers, "provider 1", MISSES_PER_MINUTE);
    expect(await strangers.waitSeconds("provider 0")).toBeGreaterThan(0);
    expect(await strangers.waitSeconds("provider 1")).toBeNull();
  });
});
