/** The statutory clocks of this agency that one of its messages started, ended or not, as lines of time. */
import { isTerm, momentsOf, TERMS, type TermEntry, type TermId } from '../../schemas/terms.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockRow } from '../store/clocks.ts';
import type { ThreadRow } from '../store/threads.ts';
import { senderOf, type ThreadEvent } from './event.ts';

const ENTRIES = Object.entries(TERMS) as [TermId, TermEntry][];

export function clockEvents(
  rooms: Rooms,
  row: ThreadRow,
  all: readonly ThreadRow[],
): ThreadEvent[] {
  const said = rooms.store.clocks
    .about(row.jti)
    .filter(({ sender }) => sender === senderOf(rooms, row));
  return termsOf(row, said).flatMap((term) => {
    const known = said.find((one) => one.term === term);
    const begin = known?.begin ?? row.at;
    const { end } = momentsOf(TERMS[term], begin, { extensions: known?.extensions ?? 0 });
    const ended = known?.ended ?? answeredAt(term, row, all);
    const about = { bericht: row.jti, klok: term, naam: TERMS[term].naam };
    const { reminded = null } = known ?? {};
    const over = ended !== null && ended <= end;
    return [
      { at: begin, soort: 'termijn-begin', ...about },
      ...(reminded === null ? [] : [{ at: reminded, soort: 'termijn-herinnering', ...about }]),
      ...(ended === null ? [] : [{ at: ended, soort: 'termijn-beeindigd', ...about }]),
      // What was done in time has no end that anybody must look at.
      ...(over
        ? []
        : [{ at: end, soort: 'termijn-eind', ...about, verstreken: end <= rooms.clock.now() }]),
    ] as ThreadEvent[];
  });
}

/** Those that the message itself starts here, and those that a reminder or a person spoke of. */
function termsOf({ side, type, prio, state }: ThreadRow, said: readonly ClockRow[]): TermId[] {
  const started = ENTRIES.filter(
    ([, { begint }]) =>
      side === 'in' &&
      state !== 'afgewezen' &&
      begint !== 'verklaring' &&
      begint.bericht === type &&
      (begint.prio === undefined || begint.prio === prio),
  ).map(([term]) => term);
  const spoken = said.flatMap(({ term, begin }) => (begin !== null && isTerm(term) ? [term] : []));
  return [...new Set([...started, ...spoken])];
}

/** When a message of ours that ends the clock was handed in. */
function answeredAt(term: TermId, { jti }: ThreadRow, all: readonly ThreadRow[]): number | null {
  const { eindigt }: TermEntry = TERMS[term];
  if (eindigt === 'verklaring') return null;
  const answer = all.find(
    ({ side, refers, type, state }) =>
      side === 'uit' && refers === jti && type === eindigt.bericht && state !== 'geweigerd',
  );
  return answer?.at ?? null;
}
