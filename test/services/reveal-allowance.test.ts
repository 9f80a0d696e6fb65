import { describe, expect, it } from "vitest";
import { RevealAllowance } from "../../src/services/reveal-allowance.js";

let nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);
const clock = { now: () => new Date(nowMs) };

describe("how often cards may be revealed", () => {
  it("is so many times a minute for each tenant", () => {
    const allowance = new RevealAllowance(2, clock);
    const [mine, theirs] = [() => allowance.take("acme"), () => allowance.take("globex")];
    expect([mine(), mine(), mine(), theirs(), mine()]).toEqual([true, true, false, true, false]);
    nowMs += 59_999;
    expect(mine()).toBe(false);
    nowMs += 1;
    expect([mine(), mine(), mine()]).toEqual([true, true, false]);
  });

  it("is never, where it is set to 0", () => {
    expect(new RevealAllowance(0, clock).take("acme")).toBe(false);
  });

  it("is counted anew when the clock is put back", () => {
    const allowance = new RevealAllowance(1, clock);
    expect([allowance.take("acme"), allowance.take("acme")]).toEqual([true, false]);
    nowMs -= 3_600_000;
    expect(allowance.take("acme")).toBe(true);
  });
});
