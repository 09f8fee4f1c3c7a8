/**
 * What a stage leaves behind: its facts, under a name that only `leave` can give. A stage takes
 * what the one before it left and nothing else, so that leaving one out or swapping two does not
 * compile.
 */
declare const stage: unique symbol;

export type Left<Name extends string, Facts> = Readonly<Facts> & { readonly [stage]: Name };

/** For the last line of a stage only. */
export const leave = <L extends Left<string, object>>(facts: Omit<L, typeof stage>): L =>
  facts as unknown as L;
