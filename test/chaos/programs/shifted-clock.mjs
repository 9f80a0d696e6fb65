/** Makes every `Date` of this process wrong by so many milliseconds. Timers and monotonic clocks stay right. */
export function shiftClock(byMs) {
  if (byMs === 0) return;
  const True = Date;
  class Shifted extends True {
    constructor(...args) {
      if (args.length === 0) super(True.now() + byMs);
      else super(...args);
    }
    static now() {
      return True.now() + byMs;
    }
  }
  globalThis.Date = Shifted;
}
