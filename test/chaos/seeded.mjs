import { createHash } from "node:crypto";

/**
 * A source of numbers that gives the same ones for the same seed.
 * @typedef {object} Chance
 * @property {() => number} next From 0 up to but not including 1.
 * @property {(least: number, most: number) => number} integer Both ends included.
 * @property {<Value>(values: readonly Value[]) => Value} pick
 * @property {<Value>(weighted: readonly (readonly [weight: number, value: Value])[]) => Value} weigh
 */

/**
 * The numbers that belong to a seed and a name: an order's faults depend on its number alone, not on who came first.
 * @param {string | number} seed
 * @param {string} name
 * @returns {Chance}
 */
export function chanceOf(seed, name) {
  const next = mulberry(createHash("sha256").update(`${seed}:${name}`).digest().readUInt32LE(0));
  const integer = (least, most) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    pick: (values) => values[integer(0, values.length - 1)],
    weigh: (weighted) => {
      let left = next() * weighted.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of weighted) {
        left -= weight;
        if (left < 0) return value;
      }
      return weighted[weighted.length - 1][1];
    },
  };
}

/** The generator "mulberry32": 32 bits of state, good enough to choose faults. */
function mulberry(state) {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
