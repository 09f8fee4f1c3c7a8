/**
 * The deadline of a message: one for all its copies, opened before the first of them is stored. It
 * tells the sender of copies that were not collected, and raises alarms about urgent ones.
 */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { raiseAlarm } from '../alarm.ts';
import type { Deadline } from '../deadlines.ts';
import { expire } from '../expire.ts';
import type { Opened } from '../ids.ts';
import type { Proven } from '../journey.ts';
import type { KeptReceipt } from '../receipts.ts';
import type { Rooms } from '../rooms.ts';
import { isNeedless } from './find-needless.ts';
import type { Next } from './keeper.ts';
import { keyOfMessage, MESSAGE } from './message-key.ts';
import { type AlarmKind, type Plan, planCopy } from './plan-copy.ts';

type Timed = Pick<Proven, 'sender' | 'jti' | 'prio' | 'exp'>;

/** Stored when it resolves; the one that is open already stays. @param since when the message was taken in */
export async function openMessageDeadline(rooms: Rooms, message: Timed, since: number) {
  const { sender, jti, prio } = message;
  const exp = message.exp * 1000;
  const plan = planCopy({ prio, exp, since, stated: [], raised: [] }, rooms.settings.alarm, since);
  await rooms.deadlines.open({
    key: keyOfMessage(sender, jti),
    kind: MESSAGE,
    due: plan.next ?? exp,
    data: { sinds: since },
  });
}

interface Copy {
  readonly recipient: Oin;
  readonly plan: Plan;
  readonly since: number;
}

/** Copies of one message that are told of, or taken away, at the same time. */
const AT_ONCE = 16;

/** What is due is done, and said when to look again. */
export async function keepMessageDeadline(rooms: Rooms, deadline: Deadline): Promise<Next> {
  const [, sender, jti] = deadline.key.split('.') as [string, Oin, Uuid7];
  const record = await rooms.ids.find(sender, jti);
  if (record === undefined || record.verdict === 'refused') return 'done';
  const { recipients } = record;
  const receipts = await rooms.receipts.of(sender, jti, recipients);
  const copies = recipients.map((one) => look(rooms, deadline, record, one, receipts));
  const raised = [...raisedOf(deadline)];
  for (let at = 0; at < copies.length; at += AT_ONCE) {
    const some = copies.slice(at, at + AT_ONCE);
    const told = await Promise.all(
      some.map((one) => act(rooms, { sender, jti, record, deadline }, one)),
    );
    raised.push(...told.filter((one) => one !== undefined));
  }
  const times = copies.flatMap(({ plan }) => plan.next ?? []);
  if (times.length === 0) return 'done';
  return { due: Math.min(...times), data: { ...deadline.data, gemeld: raised } };
}

function look(
  rooms: Rooms,
  { data }: Deadline,
  { prio, exp }: Opened,
  recipient: Oin,
  receipts: readonly KeptReceipt[],
): Copy {
  const now = rooms.clock.now();
  const since = Number(data['sinds'] ?? now);
  const stated = receipts.filter(({ copy }) => copy === recipient);
  const raised = raisedOf({ data })
    .map((one) => one.split('/'))
    .filter(([about]) => about === recipient)
    .map(([, kind]) => kind as AlarmKind);
  const standing = { prio, exp: exp * 1000, since, stated, raised };
  const delivered = stated.find(({ state }) => state === 'afgeleverd')?.at;
  return {
    recipient,
    plan: planCopy(standing, rooms.settings.alarm, now),
    since: delivered ?? since,
  };
}

const raisedOf = ({ data }: Pick<Deadline, 'data'>): readonly string[] => {
  const { gemeld } = data;
  return Array.isArray(gemeld) ? (gemeld as readonly string[]) : [];
};

/** @returns the alarm that was raised, as the deadline remembers it */
async function act(
  rooms: Rooms,
  about: { sender: Oin; jti: Uuid7; record: Opened; deadline: Deadline },
  { recipient, plan, since }: Copy,
): Promise<string | undefined> {
  const { sender, jti, record, deadline } = about;
  if (plan.act === undefined) return undefined;
  if (plan.act === 'expire') {
    await expire(rooms, { sender, jti, recipient, record });
    return undefined;
  }
  // Nobody was promised anything yet: the sender knows, and offers it again.
  if (record.verdict === 'intended') return undefined;
  const copy = { sender, jti, record, recipient, data: deadline.data };
  if (plan.act === 'niet-verwerkt' && (await isNeedless(rooms, copy))) return undefined;
  await raiseAlarm(rooms, { soort: plan.act, sender, jti, dig: record.dig, recipient, since });
  return `${recipient}/${plan.act}`;
}
