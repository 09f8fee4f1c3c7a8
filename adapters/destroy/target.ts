/** What is to be destroyed: where it lies, whether it may go, and what belongs to it. */
import type { Digest, Oin, Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { SENT } from '../../schemas/sent.ts';
import type { Rooms } from '../rooms.ts';
import { find } from '../settle.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { Sealed } from '../store/vault.ts';

export interface Target {
  readonly side: 'in' | 'uit';
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly digest: Digest;
  /** Milliseconds. */
  readonly received: number;
  /** Nothing more is to come of it that would need its content. */
  readonly settled: boolean;
  /** Why not, when it is not. */
  readonly why: string;
  /** Everything in the store that could tell its content. */
  readonly sealed: readonly Sealed[];
}

/** @throws Refusal not-found */
export function look(rooms: Rooms, id: { sender: string; jti: string }): Target {
  return id.sender === rooms.oin ? lookAtSent(rooms, id.jti) : lookAtReceived(rooms, id);
}

function lookAtReceived(rooms: Rooms, id: { sender: string; jti: string }): Target {
  const { store } = rooms;
  const { sender, jti, digest, received, state } = find(rooms, id);
  const sealed = [store.inbox.sealed(sender, jti), ...store.evidence.about(sender, jti)];
  return {
    side: 'in',
    ...{ sender, jti, digest, received },
    settled: state !== 'afgeleverd',
    why: 'nobody has acknowledged or rejected it yet: do so first',
    sealed: sealed.filter((one) => one !== undefined),
  };
}

function lookAtSent({ store, oin }: Rooms, id: string): Target {
  const row = store.outbox.get(id);
  if (row === undefined) throw new Refusal('not-found', 'the outbox holds no such message');
  const { jti, digest, stored } = row;
  const sealed = [store.outbox.sealed(jti), store.problems.sealed(jti)];
  return {
    side: 'uit',
    ...{ sender: oin, jti, digest: digest as Digest, received: stored },
    settled: !SENT[row.state].offers,
    why: 'it is still under way: its content may be needed to offer it again',
    sealed: sealed.filter((one) => one !== undefined),
  };
}

/** What the same sender said about it, or it about another: for a person to decide upon as well. */
export interface Related {
  readonly bericht: Uuid7;
  readonly relatie: 'vervangen-door' | 'ingetrokken-door' | 'vervangt' | 'trekt-in';
  readonly vernietigd: boolean;
}

export function relatedTo({ store }: Rooms, sender: string, jti: string): Related[] {
  const row = store.inbox.get(sender, jti);
  if (row === undefined) return [];
  return store.inbox.related(row).map((other) => ({
    bericht: other.jti,
    relatie: relationOf(row, other),
    vernietigd: store.destructions.get(sender, other.jti) !== undefined,
  }));
}

function relationOf(row: InboxRow, other: InboxRow): Related['relatie'] {
  if (other.replaces === row.jti) return 'vervangen-door';
  if (other.withdraws === row.jti) return 'ingetrokken-door';
  return row.replaces === other.jti ? 'vervangt' : 'trekt-in';
}
