import type { Oin, Uuid } from '../../schemas/ids.ts';

/** What an agency wants to be told of. What is absent does not matter. */
export interface Wish {
  /** Required with `zaak`. */
  readonly bron?: Oin;
  readonly typen?: readonly string[];
  readonly zaak?: Uuid;
  readonly regio?: string;
  readonly grondslag: string;
  /** Milliseconds since 1970; a year from now when absent. */
  readonly eind?: number;
}
