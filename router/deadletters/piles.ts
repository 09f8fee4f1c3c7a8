/**
 * The three piles of dead letters, in one table: what goes into each, who must mend it, and what to
 * do then. docs/operating.md repeats it, and a test compares.
 */
import { BusFault, Unanswered } from '../bus/bus.ts';

export const PILES = ['partner', 'poison', 'ours'] as const;
export type Pile = (typeof PILES)[number];

/** A copy that its recipient could not read so often is not sealed again by itself. */
export const UNREADABLE_TO_PARK = 3;
/** Faults of ours in a row that park a submission. */
export const FAULTS_TO_PARK = 3;
/** Pipelines that ended while they worked on a message; from the first on it is worked on alone. */
export const DEATHS_TO_PARK = 2;

export const PILE_RULES: Readonly<
  Record<Pile, { rule: string; mends: string; afterwards: string }>
> = {
  partner: {
    rule: `a recipient said ${UNREADABLE_TO_PARK} times that it could not read its copy, sealed anew each time`,
    mends: 'the recipient: its key or its certificates',
    afterwards: 'redrive: it is sealed once more, with the key that is registered then',
  },
  poison: {
    rule: `the pipeline failed ${FAULTS_TO_PARK} times in a row in the same way by an error of its own code, or ${DEATHS_TO_PARK} times a pipeline ended while it worked on it`,
    mends: 'whoever mends the code: the story says at which stage and by which error',
    afterwards: 'redrive after the new version runs',
  },
  ours: {
    rule: `the pipeline failed ${FAULTS_TO_PARK} times in a row, by what it depends on (broker, disk, machine) or each time in another way`,
    mends: 'the operator',
    afterwards: 'redrive when the cause is gone; the sender may have offered it again by then',
  },
};

/** The table as docs/operating.md has it. */
export const pilesTable = (): string =>
  [
    '| pile | what goes in | who mends it | what then |',
    '|---|---|---|---|',
    ...PILES.map((pile) => {
      const { rule, mends, afterwards } = PILE_RULES[pile];
      return `| \`${pile}\` | ${rule} | ${mends} | ${afterwards} |`;
    }),
  ].join('\n');

/** How an error is counted: by what it is when our own code made it, else as something from outside. */
export function kindOfFault(error: unknown, stage: string): string {
  if (!(error instanceof Error) || isFromOutside(error)) return 'outside';
  return `${stage} ${error.name}`;
}

/** The pile for faults of these kinds, in the order in which they came. */
export const pileOf = (kinds: readonly string[]): Pile =>
  kinds[0] !== 'outside' && kinds.every((kind) => kind === kinds[0]) ? 'poison' : 'ours';

function isFromOutside(error: Error): boolean {
  if (error instanceof BusFault || error instanceof Unanswered) return true;
  // Node's names of what an operating system refuses: ENOSPC, EMFILE, ECONNRESET.
  if ('code' in error && /^E[A-Z0-9]+$/.test(String(error.code))) return true;
  return error.cause instanceof Error && isFromOutside(error.cause);
}
