/** What the radar points out: ids, dates and kinds of match, and nothing of what a report says. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow, InboxState } from '../store/inbox.ts';
import type { ReportId, Seen } from '../store/marks.ts';
import { atMostOf, KIND_NAMES, type Kind, kindOf, type Strength, strengthOf } from './kinds.ts';

/** Another report, and what it has in common with the one that was asked about. */
export interface Match {
  readonly afzender: { readonly oin: Oin; readonly naam: string };
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly ontvangenOp: string;
  readonly staat: InboxState;
  readonly soorten: readonly Kind[];
  readonly sterkte: Strength;
}

/** For lists: how many others there are, how many of them came before, and how sure the surest is. */
export interface Hint {
  readonly aantal: number;
  readonly eerder: number;
  readonly sterkte: Strength;
}

/** Reports that hang together, the newest first; each with what ties it to the others. */
export interface Group {
  readonly soorten: readonly Kind[];
  readonly sterkte: Strength;
  readonly meldingen: readonly Match[];
}

/** A family of more reports than this is told of in part. */
const LARGEST = 50;

type Found = Seen & { readonly kinds: ReadonlySet<Kind> };
type Described = Omit<Found, 'received'>;
const keyOf = ({ sender, jti }: ReportId): string => `${sender} ${jti}`;

/** The other reports about the same people, the newest first. */
export const matchesOf = (rooms: Pick<Rooms, 'store'>, id: ReportId): Match[] =>
  sharing(rooms, id)
    .flatMap((found) => describe(rooms, found))
    .sort(newestFirst);

const newestFirst = (a: Match, b: Match): number =>
  b.ontvangenOp.localeCompare(a.ontvangenOp) || b.bericht.localeCompare(a.bericht);

/** Asked for each line of a list: it opens no row of the inbox. @returns undefined when there is nothing to point out */
export function hintOf(
  rooms: Pick<Rooms, 'store'>,
  row: Pick<InboxRow, keyof Seen>,
): Hint | undefined {
  const all = sharing(rooms, row);
  if (all.length === 0) return undefined;
  return {
    aantal: all.length,
    eerder: all.filter(({ received }) => received < row.received).length,
    sterkte: strengthOf(all.flatMap(({ kinds }) => [...kinds])),
  };
}

/** Which reports share a mark with this one, and of which kinds; of kinds that too many share, none. */
function sharing({ store }: Pick<Rooms, 'store'>, id: ReportId): Found[] {
  const found = new Map<string, Seen & { readonly kinds: Set<Kind> }>();
  for (const { kind: code, others } of store.marks.sharedWith(id)) {
    const kind = kindOf(code);
    if (kind === undefined || others.length >= atMostOf(kind)) continue;
    for (const other of others) {
      const one = found.get(keyOf(other)) ?? { ...other, kinds: new Set<Kind>() };
      found.set(keyOf(one), one);
      one.kinds.add(kind);
    }
  }
  return [...found.values()];
}

/** A household is also an address: only what tells most of it is told. */
function told(kinds: ReadonlySet<Kind>): Kind[] {
  const all = KIND_NAMES.filter((kind) => kinds.has(kind));
  return kinds.has('huishouden') ? all.filter((kind) => kind !== 'adres') : all;
}

function describe({ store }: Pick<Rooms, 'store'>, { sender, jti, kinds }: Described): Match[] {
  const row = store.inbox.get(sender, jti);
  if (row === undefined) return [];
  const soorten = told(kinds);
  return [
    {
      afzender: { oin: row.sender, naam: row.senderName },
      bericht: row.jti,
      berichttype: row.type,
      ontvangenOp: instant(row.received),
      staat: row.state,
      soorten,
      sterkte: strengthOf(soorten),
    },
  ];
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

const PAGE = 100;
/** So many reports are looked at for one answer, and no more. */
const MOST_LOOKED_AT = 2_000;

/**
 * Groups with the newest report first, each told at its newest report.
 * @param from how many of the reports that may have something in common to pass over
 */
export function groupsOf(rooms: Pick<Rooms, 'store'>, limit: number, from: number): Groups {
  const seen = new Set<string>();
  const groups: Group[] = [];
  for (let at = from; at < from + MOST_LOOKED_AT; at += PAGE) {
    const some = rooms.store.marks.linked(PAGE, at);
    for (const [place, one] of some.entries()) {
      if (seen.has(keyOf(one))) continue;
      const group = groupOf(rooms, one, seen);
      if (group !== undefined) groups.push(group);
      if (groups.length === limit) return { groups, next: at + place + 1 };
    }
    if (some.length < PAGE) return { groups, next: undefined };
  }
  return { groups, next: from + MOST_LOOKED_AT };
}

/** All that hang together with a report, from one to the next. */
function groupOf(
  rooms: Pick<Rooms, 'store'>,
  first: ReportId,
  seen: Set<string>,
): Group | undefined {
  const members = new Map<string, Described>();
  const queue: ReportId[] = [first];
  seen.add(keyOf(first));
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const others = sharing(rooms, one);
    const kinds = new Set(others.flatMap((other) => [...other.kinds]));
    members.set(keyOf(one), { ...one, kinds });
    for (const other of others) {
      if (seen.has(keyOf(other)) || members.size + queue.length >= LARGEST) continue;
      seen.add(keyOf(other));
      queue.push(other);
    }
  }
  if (members.size < 2) return undefined;
  const meldingen = [...members.values()].flatMap((one) => describe(rooms, one)).sort(newestFirst);
  // Told before, by its newest report.
  if (meldingen[0]?.bericht !== first.jti) return undefined;
  const soorten = told(new Set(meldingen.flatMap((one) => one.soorten)));
  return { soorten, sterkte: strengthOf(soorten), meldingen };
}
