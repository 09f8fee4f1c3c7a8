/** How consultations stand, in words: a line for each. */
import type { ConsultationLine } from './line.ts';
import type { Partner } from './partners.ts';
import { sayLength, sayTime } from './time-said.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function leftInWords(
  { resterend, staat }: Pick<ConsultationLine, 'resterend'> & { staat?: string },
  now: number,
): string {
  const { seconden, staatStilTot } = resterend;
  if (staat === 'verstreken' || seconden === 0) return 'the clock has ended';
  const left = `${sayLength(seconden)} left`;
  return staatStilTot === undefined
    ? left
    : `${left}; the clock stands still until ${sayTime(staatStilTot, now)}`;
}

export function openInWords(
  { open, sluitOp, opentOp }: Pick<Partner, 'open' | 'sluitOp' | 'opentOp'>,
  now: number,
): string {
  if (open === undefined) return 'hours unknown';
  if (open) return sluitOp === undefined ? 'open' : `open until ${sayTime(sluitOp, now)}`;
  return opentOp === undefined ? 'CLOSED' : `CLOSED until ${sayTime(opentOp, now)}`;
}

const STATES: Readonly<Record<ConsultationLine['staat'], string>> = {
  loopt: 'RUNNING',
  beantwoord: 'ALL ANSWERED',
  'niet-gesteld': 'NOT ASKED',
  ingetrokken: 'CLOSED',
  verstreken: 'ENDED',
};

/** Of those who rejected it nobody says that they answered. */
export const stateInWords = ({ staat, telling }: ConsultationLine): string =>
  staat === 'beantwoord' && telling.beantwoord < telling.partners
    ? 'NOTHING TO COME'
    : STATES[staat];

export const countsInWords = ({ telling, staat }: ConsultationLine): string => {
  if (staat === 'niet-gesteld') return 'nobody was asked';
  const { partners, beantwoord, deels, wacht, afgewezen, teLaat } = telling;
  const part = deels > 0 ? `, ${deels} in part` : '';
  const none = wacht - deels;
  const no = afgewezen > 0 ? `, ${afgewezen} rejected` : '';
  const silent = none > 0 ? `, ${none} ${staat === 'verstreken' ? 'did not' : 'to come'}` : '';
  const late = teLaat > 0 ? `, ${teLaat} late` : '';
  return `${beantwoord} of ${partners} answered${part}${silent}${no}${late}`;
};

/** Each by its number, which other commands take, too; by its id where another has the same number, or it has none. */
export const linesTable = (lines: readonly ConsultationLine[], now: number): Table => ({
  head: ['consultation', 'state', 'answers', 'until', ''],
  rows: lines.map((one) => [
    nameIn(lines, one),
    ...[stateInWords(one), countsInWords(one), sayTime(one.eind, now)],
    one.staat === 'loopt'
      ? `${sayLength(one.resterend.seconden)} left`
      : one.samengevat
        ? 'summary is in'
        : '',
  ]),
});

const nameIn = (
  lines: readonly ConsultationLine[],
  { kenmerk, conversatie }: ConsultationLine,
): string =>
  lines.filter((one) => one.kenmerk === kenmerk).length > 1
    ? conversatie
    : (kenmerk ?? conversatie);
