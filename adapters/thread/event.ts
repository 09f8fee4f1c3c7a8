/** One line of a case thread. Traffic data, and who did what; nothing of what a message says. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { ThreadRow } from '../store/threads.ts';

export const EVENT_KINDS = [
  ...(['verzonden', 'ontvangen', 'bewijs', 'handeling', 'alarm', 'alarm-voorbij'] as const),
  ...(['termijn-begin', 'termijn-herinnering', 'termijn-beeindigd', 'termijn-eind'] as const),
  ...(['antwoord-voor', 'samenvatting', 'vernietigd'] as const),
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Party {
  readonly oin: Oin;
  /** As the register last called it. */
  readonly naam?: string;
  /** It is this agency itself. */
  readonly eigen?: true;
}

export interface ThreadEvent {
  /** Milliseconds since 1970; as told it is a moment, `op`. */
  readonly at: number;
  readonly soort: EventKind;
  /** The message that it is about. */
  readonly bericht?: Uuid7;
  readonly [detail: string]: unknown;
}

/** The sender of a message of this agency or of another. */
export const senderOf = ({ oin }: Pick<Rooms, 'oin'>, { side, sender }: ThreadRow): Oin =>
  side === 'in' ? (sender as Oin) : oin;

export function party({ store, oin: own }: Pick<Rooms, 'store' | 'oin'>, oin: Oin): Party {
  if (oin === own) return { oin, eigen: true };
  const name = store.contacts.get(oin)?.name;
  return { oin, ...(name !== undefined && { naam: name }) };
}
