/** One consultation in words: how it stands, what was asked, and what came of it at each partner. */
import { columns } from '../../schemas/columns.ts';
import { sayTime } from './time-said.ts';
import type { AskedView, ConsultationView, QuestionView } from './view.ts';
import { countsInWords, leftInWords, openInWords, stateInWords, type Table } from './words.ts';

const CLOCKS = { 'zsm-6': 'six hours', 'zsm-9': 'nine hours', vrij: 'its own clock' } as const;

/** Above the table: how it stands in a glance. */
export function headLines(view: ConsultationView, now: number): string[] {
  const { klok, aanvang, eind, herinneringen, vragen, kenmerk, staat } = view;
  const [half, most] = herinneringen.map((at) => sayTime(at, now));
  const name = kenmerk === undefined ? '' : `${kenmerk}  `;
  // Where nobody was asked, or is asked any more, no time is left for anything.
  const left = ['ingetrokken', 'niet-gesteld'].includes(staat) ? '' : `; ${leftInWords(view, now)}`;
  const reminders = staat === 'loopt' ? `; partners are reminded at ${half} and ${most}` : '';
  return [
    `${name}${stateInWords(view)}  ${countsInWords(view)}${left}`,
    `${CLOCKS[klok]} from ${sayTime(aanvang, now)} until ${sayTime(eind, now)}${reminders}`,
    ...vragen.map((one) => `${numberOf(view, one.bericht)}${questionLine(view, one, now)}`),
  ];
}

/** Questions have long ids: where there are several, each has a number. */
function numberOf({ vragen }: ConsultationView, question: string): string {
  const at = vragen.findIndex(({ bericht }) => bericht === question);
  return vragen.length > 1 ? `(${at + 1}) ` : '';
}

function questionLine({ partners }: ConsultationView, question: QuestionView, now: number): string {
  const { bericht, berichttype, staat, laatsteCode, gesteldDoor, geslotenDoor } = question;
  if (staat === 'geweigerd')
    return `NOT ASKED  the router refused ${berichttype} ${bericht}: ketenpost track tells why`;
  const copies = partners.flatMap(({ vragen }) => vragen.filter((one) => one.bericht === bericht));
  const asked = copies.find(({ gevraagdOp }) => gevraagdOp !== undefined)?.gevraagdOp;
  if (asked === undefined) {
    const why = laatsteCode === undefined ? '' : `: ${laatsteCode}`;
    return `NOT YET ASKED  ${berichttype} is on its way to the router${why}`;
  }
  const by = gesteldDoor === undefined ? '' : ` by ${gesteldDoor}`;
  const closed = geslotenDoor === undefined ? '' : `; withdrawn by ${geslotenDoor}`;
  return `${berichttype} asked ${sayTime(asked, now)}${by}${closed}`;
}

/** A row for each partner, and for each question to it where there are several. */
export function partnerTable(view: ConsultationView, now: number): Table {
  const several = view.vragen.length > 1;
  return {
    head: ['partner', 'telephone', 'now', ...(several ? [''] : []), 'answer'],
    rows: view.partners.flatMap((one) =>
      one.vragen.map((asked, at) => [
        ...(at === 0
          ? [one.naam ?? one.oin, one.telefoon ?? '', openInWords(one, now)]
          : ['', '', '']),
        ...(several ? [numberOf(view, asked.bericht).trim()] : []),
        answerInWords(asked, now, view.staat === 'verstreken'),
      ]),
    ),
  };
}

function answerInWords(asked: AskedView, now: number, over: boolean): string {
  const { staat, antwoorden, ingetrokkenOp, afgewezenOp, code } = asked;
  const [last] = antwoorden.slice(-1);
  const why = code === undefined ? '' : ` (${code})`;
  if (last !== undefined) {
    const known =
      last.bekend === undefined ? last.berichttype : last.bekend ? 'KNOWN' : 'not known';
    return `${known}, ${sayTime(last.ontvangenOp, now)}${last.teLaat ? ', LATE' : ''}`;
  }
  if (afgewezenOp !== undefined) return `REJECTED ${sayTime(afgewezenOp, now)}${why}`;
  if (ingetrokkenOp !== undefined) return `withdrawn ${sayTime(ingetrokkenOp, now)}`;
  if (staat === 'onbestelbaar') return `UNDELIVERABLE${why}`;
  return staat === 'geweigerd' ? 'not asked' : noneYet(asked, now, over);
}

function noneYet(
  { gevraagdOp, afgeleverdOp, herinnerd }: AskedView,
  now: number,
  over: boolean,
): string {
  const reminded = herinnerd === 0 ? '' : `, reminded ${herinnerd}×`;
  if (gevraagdOp === undefined) return 'not asked yet';
  const has = afgeleverdOp === undefined ? 'NOT DELIVERED' : `has it ${sayTime(afgeleverdOp, now)}`;
  return `${over ? 'NONE' : 'none yet'}, ${has}${reminded}`;
}

/** Under the table: what the router signed at the end. */
export function summaryLines(view: ConsultationView, now: number): string[] {
  const { samenvatting, staat, telling, eind } = view;
  if (samenvatting === undefined) {
    const never = telling.partners === 0 ? 'nobody was asked: there is no summary' : undefined;
    if (staat === 'loopt') return [];
    const due =
      staat === 'verstreken' ? 'has not come yet' : `comes at ${sayTime(eind, now)} at the latest`;
    return [never ?? `the router's summary ${due}`];
  }
  const { partners, iat, onvolledig } = samenvatting.inhoud;
  const said = new Date(iat * 1000).toISOString();
  const answered = partners.filter(({ antwoorden }) => antwoorden.some(({ teLaat }) => !teLaat));
  const had = partners.filter(({ vragen }) => vragen.some((one) => one.afgeleverd !== undefined));
  return [
    `summary signed by the router ${sayTime(said, now)}: ${partners.length} asked, ${had.length} had it, ${answered.length} gave an answer in time (--json shows it whole)`,
    ...(onvolledig ? ['it is NOT COMPLETE: more was asked or answered than it lists'] : []),
  ];
}

/** A table as lines, folded between words to the width of the screen. */
export function aligned({ head, rows }: Table, room?: number): string[] {
  const { lines } = columns(head, rows, room);
  return [head, ...rows].flatMap(lines);
}
