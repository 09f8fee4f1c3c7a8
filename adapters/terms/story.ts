/** The story of one clock: what started it, its moments and why those, who made it longer, what was said of it, what ended it. */
import { countTerm, type Stretch } from '../../schemas/count-term.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { endOfTerm, momentsOf, TERMS, type TermEntry } from '../../schemas/terms.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { Action } from '../store/actions.ts';
import type { ClockId } from '../store/clocks.ts';
import { type AgencyClock, correctionsOf, findClock } from './clocks.ts';

export interface TermView {
  readonly klok: string;
  readonly naam: string;
  readonly afzender: Oin;
  readonly bericht: Uuid7;
  readonly aanvang: string;
  readonly eind: string;
  readonly staat: 'loopt' | 'verstreken' | 'beeindigd';
  readonly herinnerdOp?: string;
}

/** Who said something of a clock, and when. */
interface Saying {
  readonly op: string;
  readonly medewerker?: string;
}

export interface ClockStory extends TermView {
  readonly bron: string;
  readonly begonnen: Partial<Saying> & { readonly door: AgencyClock['by'] };
  /** In the order of time. */
  readonly momenten: readonly { readonly soort: 'herinnering' | 'einde'; readonly op: string }[];
  readonly telling: readonly Stretch[];
  readonly verlengingen: readonly Saying[];
  readonly herinneringen: readonly { readonly op: string; readonly soort: string }[];
  readonly correcties: readonly Uuid7[];
  readonly ingetrokkenDoor?: Uuid7;
  readonly beeindigd?: Saying & { readonly door: string; readonly antwoord?: Uuid7 };
}

/** @returns undefined when there is no such clock */
export function storyOf(rooms: Rooms, id: ClockId): ClockStory | undefined {
  const clock = findClock(rooms, id);
  if (clock === undefined) return undefined;
  const { store } = rooms;
  const { sender, message, begin, extensions } = clock;
  const term: TermEntry = TERMS[clock.term];
  const withdrawn = store.inbox.withdrawnBy(sender, message);
  return {
    ...viewTerm(rooms, clock),
    bron: term.bron,
    begonnen: begonnen(rooms, clock),
    momenten: moments(term, begin, extensions),
    telling: countTerm(term, begin, extensions),
    verlengingen: sayings(rooms, clock, 'termijn-verlengd'),
    herinneringen: store.reminders
      .of(clock)
      .map(({ at, kind }) => ({ op: instant(at), soort: kind })),
    correcties: correctionsOf(rooms, sender, message).map((one) => one.message),
    ...(withdrawn && { ingetrokkenDoor: withdrawn }),
    ...ending(rooms, clock),
  };
}

export function viewTerm({ clock }: Rooms, one: AgencyClock): TermView {
  const running = clock.now() < one.end ? 'loopt' : 'verstreken';
  return {
    klok: one.term,
    naam: TERMS[one.term].naam,
    afzender: one.sender,
    bericht: one.message,
    aanvang: instant(one.begin),
    eind: instant(one.end),
    staat: one.ended === undefined ? running : 'beeindigd',
    ...(one.reminded !== null && { herinnerdOp: instant(one.reminded) }),
  };
}

/** Those of the first run, and of each time that it was made longer. */
function moments(term: TermEntry, begin: number, extensions: number): ClockStory['momenten'] {
  const runs = Array.from({ length: extensions + 1 }, (_, n) => momentsOf(term, begin, n));
  const all = new Set(runs.flatMap(({ reminders }) => reminders));
  return [
    ...[...all].map((at) => ({ soort: 'herinnering' as const, op: instant(at) })),
    { soort: 'einde', op: instant(endOfTerm(term, begin, extensions)) },
  ];
}

function begonnen(rooms: Rooms, clock: AgencyClock): ClockStory['begonnen'] {
  const said = clock.by === 'verklaring' ? sayings(rooms, clock, 'termijn-begonnen').at(-1) : {};
  return { door: clock.by, ...said };
}

function ending(rooms: Rooms, clock: AgencyClock): Pick<ClockStory, 'beeindigd'> {
  if (clock.ended === undefined) return {};
  const { at, by, answer } = clock.ended;
  const said = by === 'verklaring' ? sayings(rooms, clock, 'termijn-beeindigd').at(-1) : {};
  return { beeindigd: { op: instant(at), ...said, door: by, ...(answer && { antwoord: answer }) } };
}

/** What people said of this clock since it began, the first first. */
function sayings(rooms: Rooms, clock: AgencyClock, wanted: Action): Saying[] {
  const { term, sender, message, begin } = clock;
  return (
    rooms.store.actions
      .of(sender, message)
      .filter(({ action, toelichting }) => action === wanted && toelichting === term)
      // A clock that is begun by a word begins with the next whole second.
      .filter(({ at }) => at >= begin - 1000)
      .map(({ at, medewerker }) => ({ op: instant(at), ...(medewerker && { medewerker }) }))
  );
}
