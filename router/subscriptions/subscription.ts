/** What a subscription is. */
import type { Wish } from '../../schemas/case-events.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';

/** Why one ended: by the subscriber's word, by time, with its case, or because nothing allows it any more. */
export type EndReason = 'opgezegd' | 'eind' | 'zaak-afgesloten' | 'geen-recht';

/** Times are milliseconds since 1970. */
export interface Subscription extends Wish {
  readonly abonnee: Oin;
  readonly id: Uuid7;
  readonly begin: number;
  readonly eind: number;
  /** The version of the register by which it was allowed; absent in records of older versions. */
  readonly register?: number;
  /** Events that it should have had and was left out of, its mailbox being full or its key unusable. */
  readonly overgeslagen?: { readonly aantal: number; readonly laatst: number };
  readonly einde?: { readonly op: number; readonly reden: EndReason };
}
