/** By what the radar knows people again, and how sure that is. */

export type Strength = 'zeker' | 'sterk' | 'hint';

/**
 * The table of kinds. `code` stands in the store: never change one. `atMost`: shared by more reports than
 * this it says nothing (a flat without its number, an office, a shelter).
 */
export const KINDS = {
  bsn: { code: 1, strength: 'zeker' },
  vreemdelingennummer: { code: 2, strength: 'zeker' },
  'naam+geboortedatum+adres': { code: 3, strength: 'sterk' },
  huishouden: { code: 4, strength: 'hint' },
  adres: { code: 5, strength: 'hint', atMost: 8 },
} as const satisfies Record<string, KindEntry>;

interface KindEntry {
  readonly code: number;
  readonly strength: Strength;
  readonly atMost?: number;
}
export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];
const BY_CODE = new Map<number, Kind>(KIND_NAMES.map((kind) => [KINDS[kind].code, kind]));

/** The kind that a number in the store stands for. */
export const kindOf = (code: number): Kind | undefined => BY_CODE.get(code);

export const atMostOf = (kind: Kind): number => {
  const entry: KindEntry = KINDS[kind];
  return entry.atMost ?? Number.POSITIVE_INFINITY;
};

const ORDER: readonly Strength[] = ['zeker', 'sterk', 'hint'];

/** Of several kinds the surest tells. */
export const strengthOf = (kinds: readonly Kind[]): Strength =>
  ORDER.find((one) => kinds.some((kind) => KINDS[kind].strength === one)) ?? 'hint';
