/** Choices that are the same for the same seed. */
export interface Seeded {
  /** A number from 0 up to, and without, 1. */
  fraction(): number;
  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number;
  /** Whether something of this likelihood, 0 to 1, happens. */
  chance(likelihood: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32: small, and even enough to choose by. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(fraction() * count);
  return {
    fraction,
    below,
    chance: (likelihood) => fraction() < likelihood,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
  };
}
