/**
 * How schemas are compiled: every process does it when it starts, so that it is kept short. They are not
 * optimised, which makes no difference to how fast they check (measured), and not held against the
 * meta-schema each time: test/schemas/strict.test.ts does that with all of them.
 */
export const COMPILE = { code: { optimize: false }, validateSchema: false } as const;
