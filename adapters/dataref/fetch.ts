import { digestOf } from '../../certs/digest.ts';
import { readObject } from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { readCaseEvent } from '../events/case-event.ts';
import type { Rooms } from '../rooms.ts';
import { find, noteAction } from '../settle.ts';
import { openMessage } from '../view.ts';

export interface Fetched {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** SHA-256 of what was given, as the source has recorded it. */
  readonly digest: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

/**
 * Fetches what a received event points to, at its source, and records who did before it is shown. It
 * is not kept: who needs it takes it over, or asks again.
 * @throws Refusal not-found, destroyed, source-not-trusted, source-unreachable, not-authenticated, malformed
 */
export async function fetchCase(
  rooms: Rooms,
  id: { readonly sender: string; readonly jti: string },
  medewerker: string,
): Promise<Fetched> {
  const { bericht } = await openMessage(rooms, id);
  const row = find(rooms, id);
  const event = readCaseEvent(bericht);
  if (event?.dataref === undefined) {
    throw new Refusal('not-found', 'this message names no place where more is to be had');
  }
  const text = await rooms.sources.fetch(rooms, row.sender, event.dataref);
  const answer = readObject(text);
  const digest = digestOf(text);
  const { store, clock } = rooms;
  const at = clock.now();
  await store.write(() => {
    noteAction(rooms, row, 'opgehaald', { medewerker, toelichting: `sha-256 ${digest}` });
    const told = toldUpTo(answer, event.source);
    if (told !== undefined) store.events.catchUp(event, told, at);
  });
  return { at, digest, answer };
}

/** Up to which number the source had told of the case: what was missing below it has been asked after. */
function toldUpTo({ volgnummers }: Record<string, unknown>, source: string): number | undefined {
  const last = (Object(volgnummers) as Record<string, unknown>)[source];
  const number = typeof last === 'string' && /^\d{20}$/.test(last) ? Number(last) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
