/** A consultation in words: the lines and tables of `ketenpost consult`. */
import { columns } from '../../schemas/columns.ts';
import type { Question } from './open.ts';
import type { Partner } from './partners.ts';
import { sayLength, sayTime } from './time-said.ts';
import type { AskedView, ConsultationLine, ConsultationView, PartnerView } from './view.ts';

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
  { open, sluitOp, opentOp }: Partner | PartnerView,
  now: number,
): string {
  if (open === undefined) return 'hours unknown';
  if (open) return sluitOp === undefined ? 'open' : `open until ${sayTime(sluitOp, now)}`;
  return opentOp === undefined ? 'CLOSED' : `CLOSED, opens ${sayTime(opentOp, now)}`;
}

/** Before one asks: whom to reach, and whether anybody is there within the clock. */
export const partnersTable = ({ partners }: Pick<Question, 'partners'>, now: number): Table => ({
  head: ['partner', 'telephone', 'now', 'open within the clock'],
  rows: partners.map((one) => [
    one.naam ?? one.oin,
    one.telefoon ?? 'unknown',
    openInWords(one, now),
    one.openBinnenKlok === undefined ? 'unknown' : openFor(one.openBinnenKlok),
  ]),
});

const openFor = (seconds: number): string => (seconds === 0 ? 'NOT AT ALL' : sayLength(seconds));

/** One line for each partner whom the question may not reach in time. */
export const warnings = ({ partners }: Pick<Question, 'partners'>): string[] =>
  partners.flatMap((one) => {
    const { oin, naam, geweigerd, voorbehoud } = one;
    if (naam === undefined)
      return [`WARNING  ${oin} is not known here, and the register does not answer`];
    return [
      ...(geweigerd === undefined ? [] : [`REFUSED  ${naam}: ${geweigerd}`]),
      ...(voorbehoud === undefined ? [] : [`WARNING  ${naam} ${voorbehoud}`]),
      ...closedWarning(naam, one),
    ];
  });

function closedWarning(naam: string, { telefoon, open, openBinnenKlok }: Partner): string[] {
  const call = telefoon === undefined ? '' : `; telephone ${telefoon}`;
  if (openBinnenKlok === 0) return [`WARNING  ${naam} is closed until the clock ends${call}`];
  return open === false ? [`WARNING  ${naam} is closed now${call}`] : [];
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

const counts = ({ telling, staat }: ConsultationLine): string => {
  if (staat === 'niet-gesteld') return 'nobody was asked';
  const { partners, beantwoord, deels, wacht, afgewezen, teLaat } = telling;
  const part = deels > 0 ? `, ${deels} in part` : '';
  const none = wacht - deels;
  const no = afgewezen > 0 ? `, ${afgewezen} rejected` : '';
  const silent = none > 0 ? `, ${none} ${staat === 'verstreken' ? 'did not' : 'to come'}` : '';
  const late = teLaat > 0 ? `, ${teLaat} late` : '';
  return `${beantwoord} of ${partners} answered${part}${silent}${no}${late}`;
};

export const linesTable = (lines: readonly ConsultationLine[], now: number): Table => ({
  head: ['number', 'consultation', 'state', 'answers', 'left', 'until', 'summary'],
  rows: lines.map((one) => [
    ...[one.kenmerk ?? '', one.conversatie, stateInWords(one), counts(one)],
    one.staat === 'loopt' ? sayLength(one.resterend.seconden) : '',
    ...[sayTime(one.eind, now), one.samengevat ? 'in' : ''],
  ]),
});

const CLOCKS = { 'zsm-6': 'six hours', 'zsm-9': 'nine hours', vrij: 'own end' } as const;

/** Above the table: how it stands in a glance. */
export function headLines(view: ConsultationView, now: number): string[] {
  const { klok, aanvang, eind, herinneringen, vragen, kenmerk } = view;
  const [half, most] = herinneringen.map((at) => sayTime(at, now));
  const lost = vragen.filter((one) => ['geweigerd', 'ingediend'].includes(one.staat));
  return [
    `${kenmerk === undefined ? '' : `${kenmerk}  `}${stateInWords(view)}  ${counts(view)}; ${leftInWords(view, now)}`,
    `${CLOCKS[klok]} from ${sayTime(aanvang, now)} until ${sayTime(eind, now)}; partners are reminded at ${half} and ${most}`,
    ...lost.map((one) =>
      one.staat === 'geweigerd'
        ? `NOT ASKED  the router refused ${one.berichttype} ${one.bericht}: ketenpost track tells why`
        : `NOT YET ASKED  ${one.berichttype} is on its way to the router${one.laatsteCode === undefined ? '' : `: ${one.laatsteCode}`}`,
    ),
  ];
}

export const partnerTable = ({ partners }: ConsultationView, now: number): Table => ({
  head: ['partner', 'telephone', 'now', 'question', 'asked', 'delivered', 'answer'],
  rows: partners.flatMap((one) =>
    one.vragen.map((asked, at) => [
      ...(at === 0
        ? [one.naam ?? one.oin, one.telefoon ?? '', openInWords(one, now)]
        : ['', '', '']),
      ...[asked.berichttype, orNo(asked.gevraagdOp, now), orNo(asked.afgeleverdOp, now)],
      answerInWords(asked, now),
    ]),
  ),
});

const orNo = (moment: string | undefined, now: number): string =>
  moment === undefined ? 'NO' : sayTime(moment, now);

function answerInWords(asked: AskedView, now: number): string {
  const { staat, antwoorden, ingetrokkenOp, afgewezenOp, code, herinnerd } = asked;
  const [last] = antwoorden.slice(-1);
  if (last !== undefined) {
    const known =
      last.bekend === undefined ? last.berichttype : last.bekend ? 'KNOWN' : 'not known';
    return `${known}, ${sayTime(last.ontvangenOp, now)}${last.teLaat ? ', LATE' : ''}`;
  }
  if (afgewezenOp !== undefined)
    return `REJECTED ${sayTime(afgewezenOp, now)}${code ? ` (${code})` : ''}`;
  if (ingetrokkenOp !== undefined) return `withdrawn ${sayTime(ingetrokkenOp, now)}`;
  if (staat === 'onbestelbaar') return `UNDELIVERABLE${code ? ` (${code})` : ''}`;
  if (staat === 'geweigerd') return 'not asked';
  return herinnerd === 0 ? 'none yet' : `none yet, reminded ${herinnerd}×`;
}

/** Under the table: what the router signed at the end. */
export function summaryLines(view: ConsultationView, now: number): string[] {
  const { samenvatting, staat, telling } = view;
  if (samenvatting === undefined) {
    const never = telling.partners === 0 ? 'nobody was asked: there is no summary' : undefined;
    return staat === 'loopt' ? [] : [never ?? "the router's summary has not come yet"];
  }
  const { partners, iat, onvolledig } = samenvatting.inhoud;
  const said = new Date(iat * 1000).toISOString();
  const answered = partners.filter(({ antwoorden }) => antwoorden.some(({ teLaat }) => !teLaat));
  const had = partners.filter(({ vragen }) => vragen.some((one) => one.afgeleverd !== undefined));
  return [
    `summary signed by the router ${sayTime(said, now)}: ${partners.length} asked, ${had.length} had it, ${answered.length} answered in time (--json shows it whole)`,
    ...(onvolledig ? ['it is NOT COMPLETE: more was asked or answered than it lists'] : []),
  ];
}

/** A table as lines, folded between words to the width of the screen. */
export function aligned({ head, rows }: Table, room?: number): string[] {
  const { lines } = columns(head, rows, room);
  return [head, ...rows].flatMap(lines);
}
