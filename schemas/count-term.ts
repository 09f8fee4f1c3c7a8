/** How the end of a clock was counted, day by day, so that a person can count after it. */
import { type Day, dayAt, plusDays, plusMonths, whyFree } from './calendar.ts';
import { type Length, momentsOf, type TermEntry } from './terms.ts';

/** A day that was passed over, and why, as `whyFree` names it. */
export interface FreeDay {
  readonly dag: Day;
  readonly reden: string;
}

/** One stretch of a clock: its own length, or one by which it was made longer. */
export interface Stretch {
  readonly duur: Length;
  /** The day on which it begins, which does not count. */
  readonly vanaf: Day;
  /** The last day of it, which counts whole; of a clock of hours the day in which it ends. */
  readonly laatste: Day;
  /** The working days that were counted; empty where all days count. */
  readonly geteld: readonly Day[];
  /** The days that do not count, or to which the end does not fall. */
  readonly overgeslagen: readonly FreeDay[];
}

/** @param start milliseconds since 1970, @param extensions how often its owner has made it longer */
export function countTerm(term: TermEntry, start: number, extensions = 0): readonly Stretch[] {
  const { end } = momentsOf(term, start);
  const first = count(term.duur, start, end);
  const { verlenging } = term;
  if (verlenging === undefined || extensions === 0) return [first];
  const longer = { ...verlenging, aantal: verlenging.aantal * extensions };
  return [first, count(longer, end - 1, momentsOf(term, start, extensions).end)];
}

function count(duur: Length, start: number, end: number): Stretch {
  const [vanaf, laatste] = [dayAt(start), dayAt(end - 1)];
  const days = daysAfter(beforeLast(duur, vanaf), laatste);
  const free = days.flatMap((dag) => {
    const reden = whyFree(dag);
    return reden === undefined ? [] : [{ dag, reden }];
  });
  const skips = ['werkdagen', 'weken', 'maanden'].includes(duur.eenheid);
  return {
    ...{ duur, vanaf, laatste },
    geteld: duur.eenheid === 'werkdagen' ? days.filter((day) => whyFree(day) === undefined) : [],
    overgeslagen: skips ? free : [],
  };
}

/** The day after which free days are passed over: of weeks and months only those to which the end would have fallen. */
function beforeLast({ eenheid, aantal }: Length, day: Day): Day {
  if (eenheid === 'weken') return plusDays(day, aantal * 7 - 1);
  if (eenheid === 'maanden') return plusDays(plusMonths(day, aantal), -1);
  return day;
}

function daysAfter(day: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let at = plusDays(day, 1); at <= last; at = plusDays(at, 1)) days.push(at);
  return days;
}
