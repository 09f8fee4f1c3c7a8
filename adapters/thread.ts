/** The messages of one case or conversation as one line of time, and which threads there are. Of this agency only. */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { SENT, type SentState } from '../schemas/sent.ts';
import { instant } from './instant.ts';
import type { Rooms } from './rooms.ts';
import type { ThreadRow } from './store/threads.ts';
import { answerEvents } from './thread/answers.ts';
import { clockEvents } from './thread/clocks.ts';
import type { EventKind, Party, ThreadEvent } from './thread/event.ts';
import { type Gathered, gather } from './thread/gather.ts';
import { eventsOf, othersOf } from './thread/messages.ts';
import { summaryEvents } from './thread/summary.ts';

export interface ThreadSummary {
  /** How to ask for it: the case, or else the conversation. */
  readonly draad: string;
  readonly soort: 'zaak' | 'conversatie';
  readonly berichten: number;
  readonly partijen: readonly Party[];
  readonly eerste: string;
  /** When the last message came or went. */
  readonly laatste: string;
  /** Received, not yet taken over or rejected, and somebody must. */
  readonly opOns: number;
  /** Sent and not yet settled. */
  readonly onderweg: number;
  /** Alarms that are not over. */
  readonly alarmen: number;
  /** There are older messages, which are neither shown nor counted. */
  readonly afgekapt?: true;
}

export interface ToldEvent {
  readonly op: string;
  readonly soort: EventKind;
  readonly bericht?: Uuid7;
  readonly [detail: string]: unknown;
}

export interface Thread extends ThreadSummary {
  readonly zaken: readonly string[];
  readonly conversaties: readonly string[];
  /** Those of its conversations in which we asked partners under a clock. */
  readonly raadplegingen: readonly string[];
  readonly tijdlijn: readonly ToldEvent[];
}

/** @throws Refusal not-found, when no message of this agency is of that case or conversation */
export function showThread(rooms: Rooms, id: string): Thread {
  const gathered = gather(rooms.store, id);
  const { messages, cases } = gathered;
  if (messages.length === 0) {
    throw new Refusal(
      'not-found',
      'no message here is of that case or conversation',
      [],
      'adapter',
    );
  }
  const conversaties = [...new Set(messages.map(({ conversation }) => conversation))];
  const events = [
    ...messages.flatMap((row) => eventsOf(rooms, row)),
    ...answerEvents(rooms, messages),
    ...clockEvents(rooms, messages),
    ...summaryEvents(rooms, conversaties),
  ];
  return {
    ...summarise(rooms, gathered),
    zaken: cases,
    conversaties,
    raadplegingen: conversaties.filter((one) => rooms.store.questions.of(one).length > 0),
    tijdlijn: events.toSorted(inOrder).map(tell),
  };
}

/** In one moment: first the message, then what was stated of it, then what followed from that. */
const RANK: Readonly<Record<EventKind, number>> = {
  ...{ 'termijn-eind': 0, verzonden: 1, ontvangen: 1, bewijs: 2, 'termijn-begin': 3 },
  ...{ 'antwoord-voor': 3, handeling: 4, alarm: 4, 'alarm-voorbij': 5, samenvatting: 5 },
  ...{ 'termijn-herinnering': 5, 'termijn-beeindigd': 6, vernietigd: 7 },
};
const inOrder = (a: ThreadEvent, b: ThreadEvent): number =>
  a.at - b.at || RANK[a.soort] - RANK[b.soort];

function tell({ at, ...more }: ThreadEvent): ToldEvent {
  return { op: instant(at), ...more };
}

function summarise(rooms: Rooms, { messages, cases, cut }: Gathered): ThreadSummary {
  const parties = new Map(
    messages.flatMap((row) => othersOf(rooms, row)).map((one) => [one.oin, one]),
  );
  const [first, last] = [messages[0], messages.at(-1)];
  return {
    draad: cases[0] ?? first?.conversation ?? '',
    soort: cases.length > 0 ? 'zaak' : 'conversatie',
    berichten: messages.length,
    partijen: [...parties.values()],
    eerste: instant(first?.at ?? 0),
    laatste: instant(last?.at ?? 0),
    opOns: messages.filter((row) => waitsForUs(rooms, row)).length,
    onderweg: messages.filter(
      ({ side, state }) => side === 'uit' && SENT[state as SentState].offers,
    ).length,
    alarmen: messages.reduce((sum, row) => sum + openAlarms(rooms, row), 0),
    ...(cut && { afgekapt: true }),
  };
}

const waitsForUs = ({ store }: Rooms, { side, state, sender, jti }: ThreadRow): boolean =>
  side === 'in' &&
  state === 'afgeleverd' &&
  store.alarms.needless(sender as Oin, jti) === undefined;

const openAlarms = ({ store, oin }: Rooms, row: ThreadRow): number =>
  store.alarms
    .about(row.side === 'in' ? (row.sender as Oin) : oin, row.jti)
    .filter(({ ended }) => ended === null).length;

/** Of one thread in a list no more is looked at: whoever sends can make it long, and all wait for the list. */
const MOST_IN_LIST = 100;

/** The threads with the newest message first, each once. */
export function listThreads(rooms: Rooms, limit: number, offset: number): ThreadSummary[] {
  const covered = new Set<string>();
  const found = new Map<string, ThreadSummary>();
  const wanted = offset + limit;
  // Of one thread there may be several heads: a case, and conversations that are tied to it.
  for (let most = 2 * wanted, from = 0; ; from = most, most *= 4) {
    const heads = rooms.store.threads.heads(most);
    for (const id of heads.slice(from)) {
      if (covered.has(id)) continue;
      const gathered = gather(rooms.store, id, MOST_IN_LIST);
      for (const one of [id, ...gathered.covers]) covered.add(one);
      const summary = summarise(rooms, gathered);
      if (!found.has(summary.draad)) found.set(summary.draad, summary);
      if (found.size === wanted) return [...found.values()].slice(offset);
    }
    if (heads.length < most) return [...found.values()].slice(offset);
  }
}
