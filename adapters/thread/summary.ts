/** What the router said of a consultation of ours at its end: by receipts and types, nothing of content. */
import { readJws } from '../../certs/verify.ts';
import { fromUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import { party, type ThreadEvent } from './event.ts';

export function summaryEvents(rooms: Rooms, conversations: readonly Uuid7[]): ThreadEvent[] {
  return conversations.flatMap((conversatie) => {
    const row = rooms.store.threads.summary(conversatie);
    if (row === undefined) return [];
    // It was verified before it was stored.
    const said = checkWire('samenvatting', readJws(row.jws, TYP.summary).claims);
    const partners = said.partners.map(({ oin, vragen, antwoorden }) => ({
      ...party(rooms, fromUrn(oin)),
      vragen: vragen.length,
      antwoorden: antwoorden.length,
    }));
    return [{ at: said.iat * 1000, soort: 'samenvatting' as const, conversatie, partners }];
  });
}
