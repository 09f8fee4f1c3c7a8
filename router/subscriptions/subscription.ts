/** What a subscription is. */
import type { Oin, Uuid, Uuid7 } from '../../schemas/ids.ts';

/** What somebody wants to be told of. What is absent does not matter. */
export interface Wish {
  /** Only events of this agency; never absent beside `zaak`, but in records of older versions. */
  readonly bron?: Oin;
  /** Only events of these CloudEvents types. */
  readonly typen?: readonly string[];
  readonly zaak?: Uuid;
  /** A VT region. */
  readonly regio?: string;
  /** The basis on which it may be told. */
  readonly grondslag: string;
}

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
