/** Time is injected: whoever needs it is given a clock, so that tests can hold or move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Whole seconds, as `iat` and `exp` count them (RFC 7519 §2, NumericDate). */
export const seconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
