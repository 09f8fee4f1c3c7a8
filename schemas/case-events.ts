/** What the router and both ends must agree on of case events. */
import type { Oin, Uuid } from './ids.ts';

/** The message type that every case event is. */
export const CASE_EVENT = 'zaak-gebeurtenis';

/** The event, by its CloudEvents type, by which its source says that a case is closed: the subscriptions to it end. */
export const CASE_CLOSED = 'nl.jeugdketen.zaak-afgesloten.v1';

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
