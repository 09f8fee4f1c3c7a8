/** What the local API tells of a subscription, of a gap, and of an event that was asked for again. */
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import type { Gap } from '../../subscriptions/gaps.ts';
import type { Pulled } from '../../subscriptions/pull.ts';

export const viewOf = ({ store, clock }: Rooms, row: SubscriptionRow) => {
  const { begunBy, endedBy } = store.subscriptions.people(row.id);
  const isOver = row.ended !== null || (row.until !== null && row.until <= clock.now());
  const reason = row.reason ?? (isOver ? 'eind' : null);
  const ended = row.ended ?? (isOver ? row.until : null);
  return {
    abonnement: row.id,
    ...(row.source !== null && { bron: row.source }),
    ...(row.zaak !== null && { zaak: row.zaak }),
    ...(row.types !== null && { typen: JSON.parse(row.types) as string[] }),
    ...(row.region !== null && { regio: row.region }),
    grondslag: row.basis,
    begonnenOp: instant(row.begun),
    ...(row.until !== null && { eind: instant(row.until) }),
    staat: isOver ? 'beeindigd' : 'loopt',
    ...(ended !== null && { beeindigdOp: instant(ended) }),
    ...(reason !== null && { reden: reason }),
    ...(isOver && { vernomenOp: instant(row.heard ?? row.ended ?? row.until ?? row.begun) }),
    ...(row.missed > 0 && {
      overgeslagen: {
        aantal: row.missed,
        ...(row.missedAt !== null && { laatstOp: instant(row.missedAt) }),
      },
    }),
    ...(begunBy !== undefined && { begonnenDoor: begunBy }),
    ...(endedBy !== undefined && { beeindigdDoor: endedBy }),
  };
};

export const viewOfGap = ({
  sender,
  source,
  zaak: of,
  from,
  to,
  count: n,
  since,
  subscription,
}: Gap) => ({
  ...{ afzender: sender, systeem: source, zaak: of, van: from, tot: to, aantal: n },
  ...{ sinds: instant(since), abonnement: subscription },
});

const BECAME = {
  delivered: 'nieuw',
  repeated: 'bekend',
  refused: 'geweigerd',
  left: 'blijft',
} as const;

export const viewOfEvent = ({ sender, message, became, event: told }: Pulled) => ({
  afzender: sender,
  bericht: message,
  uitkomst: BECAME[became],
  ...(told && { type: told.type, zaak: told.zaak }),
  ...(told?.number !== undefined && { volgnummer: told.number }),
  ...(told?.dataref !== undefined && { dataref: told.dataref }),
});
