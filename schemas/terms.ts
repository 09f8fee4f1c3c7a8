/**
 * The clocks of the law and of the work, as data: at what event each starts, how long it runs, what
 * ends it, when its owner is reminded. Whoever counts one asks `momentsOf`.
 */
import {
  type Day,
  dayAt,
  endOfDay,
  hourOf,
  isWorkingDay,
  nextWorkingDay,
  plusDays,
  plusMonths,
  plusWorkingDays,
} from './calendar.ts';
import type { BodyTypes } from './messages.ts';
import type { Role } from './policy.ts';
import { afterQuestioning } from './questioning.ts';

type MessageTypeName = keyof BodyTypes;

/** How long a clock runs. `verhooruren`: hours of questioning, the night not counted. */
export type Length = {
  readonly [U in 'uren' | 'verhooruren' | 'dagen' | 'werkdagen' | 'weken' | 'maanden']: {
    readonly eenheid: U;
    readonly aantal: number;
  };
}['uren' | 'verhooruren' | 'dagen' | 'werkdagen' | 'weken' | 'maanden'];

export interface TermEntry {
  readonly naam: string;
  /**
   * What starts it: the recipient's receipt `afgeleverd` of a message of this type (urgent ones only
   * where `prio` says so), or a statement of the owner.
   */
  readonly begint: { readonly bericht: MessageTypeName; readonly prio?: 'spoed' } | 'verklaring';
  readonly duur: Length;
  /** By how much the owner may make it longer, each time. */
  readonly verlenging?: Length;
  /** How often; absent: as often as is needed. */
  readonly hoogstens?: number;
  /** The answer that ends it: a message of this type by the owner that refers to the one that started it. */
  readonly eindigt: { readonly bericht: MessageTypeName } | 'verklaring';
  /** Whose clock it is: who is reminded, and told at the end. */
  readonly eigenaar: Role;
  /** After which parts of the whole the owner is reminded. */
  readonly herinneringen: readonly number[];
  /** Whether the one who sent the message is told, too, when it runs out. */
  readonly afzenderHoort: boolean;
  readonly bron: string;
}

const table = <K extends string>(entries: Readonly<Record<K, TermEntry>>) => entries;

export const TERMS = table({
  'acuut-gevaar': {
    naam: 'acuut gevaar: handelen',
    begint: { bericht: 'vt-melding', prio: 'spoed' },
    duur: { eenheid: 'uren', aantal: 24 },
    eindigt: 'verklaring',
    eigenaar: 'vt',
    herinneringen: [0.5],
    afzenderHoort: false,
    bron: 'Handelingsprotocol Veilig Thuis 2019: at once, and within 24 hours',
  },
  veiligheidsbeoordeling: {
    naam: 'veiligheidsbeoordeling',
    begint: { bericht: 'vt-melding' },
    duur: { eenheid: 'werkdagen', aantal: 5 },
    eindigt: { bericht: 'vt-terugkoppeling' },
    eigenaar: 'vt',
    herinneringen: [0.6, 0.8],
    afzenderHoort: false,
    bron: 'Handelingsprotocol Veilig Thuis 2019',
  },
  onderzoek: {
    naam: 'onderzoek',
    begint: 'verklaring',
    duur: { eenheid: 'weken', aantal: 10 },
    eindigt: { bericht: 'vt-terugkoppeling' },
    eigenaar: 'vt',
    herinneringen: [0.5, 0.9],
    afzenderHoort: false,
    bron: 'Uitvoeringsbesluit Wmo 2015 art. 4.1.7',
  },
  'informeren-betrokkene': {
    naam: 'betrokkene informeren',
    begint: { bericht: 'vt-melding' },
    duur: { eenheid: 'weken', aantal: 4 },
    verlenging: { eenheid: 'weken', aantal: 2 },
    eindigt: 'verklaring',
    eigenaar: 'vt',
    herinneringen: [0.5, 0.75],
    afzenderHoort: false,
    bron: 'Wmo 2015 art. 5.3.1',
  },
  huisverbod: {
    naam: 'tijdelijk huisverbod',
    begint: 'verklaring',
    duur: { eenheid: 'dagen', aantal: 10 },
    // To four weeks at most.
    verlenging: { eenheid: 'dagen', aantal: 18 },
    hoogstens: 1,
    eindigt: 'verklaring',
    eigenaar: 'gemeente',
    herinneringen: [0.5, 0.8],
    afzenderHoort: false,
    bron: 'Wet tijdelijk huisverbod art. 2 and 9',
  },
  vernietiging: {
    naam: 'vernietiging op verzoek',
    begint: 'verklaring',
    duur: { eenheid: 'maanden', aantal: 3 },
    eindigt: 'verklaring',
    eigenaar: 'vt',
    herinneringen: [0.5, 0.9],
    afzenderHoort: false,
    bron: 'Wmo 2015 art. 5.3.5',
  },
});

export type TermId = keyof typeof TERMS;

export const isTerm = (value: unknown): value is TermId =>
  typeof value === 'string' && Object.hasOwn(TERMS, value);

/** How far back corrections of corrections are followed. */
export const MOST_CORRECTIONS = 20;

/** Whether the receipt of such a message begins this clock. What withdraws another is no report. */
export function beginsWith(
  { begint }: TermEntry,
  message: {
    readonly berichttype: string;
    readonly prio: string;
    readonly withdraws?: string | null | undefined;
  },
): boolean {
  if (begint === 'verklaring' || begint.bericht !== message.berichttype) return false;
  const isUrgentEnough = begint.prio === undefined || begint.prio === message.prio;
  return isUrgentEnough && (message.withdraws ?? null) === null;
}

/** When a clock ends and when its owner is reminded, in milliseconds since 1970. */
export interface Moments {
  readonly end: number;
  readonly reminders: readonly number[];
}

/**
 * @param start milliseconds since 1970
 * @param extensions how often its owner has made it longer
 */
export function momentsOf(term: TermEntry, start: number, extensions = 0): Moments {
  const { duur, herinneringen } = term;
  const end = endOfTerm(term, start, extensions);
  const before = endOfTerm(term, start, Math.max(0, extensions - 1));
  if (before !== end) return { end, reminders: [morningOf(dayAt(before), start, end)] };
  return { end, reminders: herinneringen.map((part) => reminderAt(duur, start, end, part)) };
}

/** When it ends: as momentsOf, where nothing else is wanted. */
export function endOfTerm({ duur, verlenging }: TermEntry, start: number, extensions = 0): number {
  const end = endOf(duur, start);
  if (verlenging === undefined || extensions === 0) return end;
  return endOf({ ...verlenging, aantal: verlenging.aantal * extensions }, end - 1);
}

const HOUR = 3_600_000;

/**
 * A clock of hours ends to the millisecond; one of days at the end of a day, which moves to a working
 * day where the Algemene termijnenwet says so. Ten days of a house ban bind a person: they do not move.
 */
function endOf({ eenheid, aantal }: Length, start: number): number {
  if (eenheid === 'uren') return start + aantal * HOUR;
  if (eenheid === 'verhooruren') return afterQuestioning(start, aantal * HOUR);
  const day = dayAt(start);
  if (eenheid === 'dagen') return endOfDay(plusDays(day, aantal));
  if (eenheid === 'werkdagen') return endOfDay(plusWorkingDays(day, aantal));
  const last = eenheid === 'weken' ? plusDays(day, aantal * 7) : plusMonths(day, aantal);
  return endOfDay(nextWorkingDay(last));
}

/** In a clock of hours at the very moment; else at nine in the morning of a working day, so that somebody reads it. */
function reminderAt({ eenheid, aantal }: Length, start: number, end: number, part: number): number {
  if (eenheid === 'uren') return start + (end - start) * part;
  if (eenheid === 'verhooruren') return afterQuestioning(start, aantal * HOUR * part);
  const day =
    eenheid === 'werkdagen'
      ? plusWorkingDays(dayAt(start), Math.max(1, Math.floor(aantal * part)))
      : dayAt(start + (end - start) * part);
  return morningOf(day, start, end);
}

/** Of that day, or of the next working day. */
function morningOf(day: Day, start: number, end: number): number {
  const at = hourOf(nextWorkingDay(day), 9);
  return at < end ? at : lastMorning(start, end);
}

/** What would come after the end comes on the last working day before it; with the end where there is none. */
function lastMorning(start: number, end: number): number {
  let day = dayAt(end - 1);
  while (!isWorkingDay(day)) day = plusDays(day, -1);
  const at = hourOf(day, 9);
  return at > start ? at : end;
}
