/** Chance that comes back: the same seed gives the same numbers, so that a run can be told again. */
export interface Chance {
  /** From 0 to 1. */
  next(): number;
  between(least: number, most: number): number;
}

/** Mulberry32: small, and good enough to pick moments with. */
export function openChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, between: (least, most) => least + next() * (most - least) };
}
