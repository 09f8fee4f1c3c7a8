/** What is wrong with the clock of a question, at the places of its body and in words. */
import { lawfulEnd, questioningHours } from '../../schemas/consultation.ts';
import type { Fault } from '../../schemas/refusal.ts';
import type { DraftClock } from '../send/clock.ts';
import { sayTime } from './time-said.ts';

const OWN = '/raadpleging/';
const COUNT: Readonly<Record<number, string>> = { 6: 'six', 9: 'nine' };

/** @param now milliseconds */
export function faultsOfClock(
  clock: DraftClock | undefined,
  faults: readonly Fault[],
  now: number,
): Fault[] {
  const inWords = clock && explained(clock, now);
  const others = faults
    .filter(({ plaats }) => inWords === undefined || !plaats.startsWith(OWN))
    .map(({ plaats, ...rest }) => ({
      ...rest,
      plaats: plaats.replace(/^\/raadpleging(?=\/)/, ''),
    }));
  return inWords === undefined ? others : [inWords, ...others];
}

function explained({ klok, aanvang, eind }: DraftClock, now: number): Fault | undefined {
  const begin = Date.parse(aanvang);
  if (Number.isNaN(begin)) return undefined;
  const when = sayTime(new Date(begin).toISOString(), now);
  if (begin > now + 1000) return { plaats: '/aanvang', melding: `lies ahead: ${when}` };
  if (eind !== undefined) return pastEnd(eind, now);
  const end = (lawfulEnd({ klok, aanvang: Math.floor(begin / 1000) }) ?? 0) * 1000;
  if (end === 0 || end > now) return undefined;
  const hours = COUNT[questioningHours(klok) ?? 0] ?? 'all';
  const ended = sayTime(new Date(end).toISOString(), now);
  const melding = `${hours} hours of questioning since then (${when}) ended ${ended}`;
  return { plaats: '/aanvang', melding };
}

function pastEnd(eind: string, now: number): Fault | undefined {
  const end = Date.parse(eind);
  if (Number.isNaN(end) || end > now) return undefined;
  const when = sayTime(new Date(end).toISOString(), now);
  return { plaats: '/eind', melding: `is past: ${when}` };
}
