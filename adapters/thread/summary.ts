/** What the router said of a consultation of ours at its end: by receipts and types, nothing of content. */
import { fromUrn, type Uuid7 } from '../../schemas/ids.ts';
import { viewSummary } from '../consult/view-summary.ts';
import type { Rooms } from '../rooms.ts';
import { party, type ThreadEvent } from './event.ts';

export function summaryEvents(rooms: Rooms, conversations: readonly Uuid7[]): ThreadEvent[] {
  return conversations.flatMap((conversatie) => {
    const row = rooms.store.summaries.get(conversatie);
    if (row === undefined) return [];
    const partners = viewSummary(row).inhoud.partners.map(({ oin, vragen, antwoorden }) => ({
      ...party(rooms, fromUrn(oin)),
      vragen: vragen.length,
      antwoorden: antwoorden.length,
      teLaat: antwoorden.filter(({ teLaat }) => teLaat).length,
    }));
    return [{ at: row.stated * 1000, soort: 'samenvatting' as const, conversatie, partners }];
  });
}
