/** Asks the router about a message that is offered no more, and writes down when to ask again. */
import { SENT } from '../../schemas/sent.ts';
import { STATES } from '../../schemas/states.ts';
import { inquire } from '../inquire.ts';
import { kindOf } from '../log.ts';
import { offer } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import { lastOffer, nextLook, nextQuestion, waitOf } from '../schedule.ts';
import type { OutboxRow, Progress } from '../store/outbox.ts';

/** A router that knows less than we do has lost something: it is given the message again while it takes it. */
export async function ask(rooms: Rooms, row: OutboxRow): Promise<void> {
  const { jti } = row;
  const finding = await inquire(rooms, jti).catch((error: unknown) => {
    rooms.log.info({ bericht: jti, ...kindOf(error) }, 'the router could not be asked');
    return undefined;
  });
  if (finding === 'behind') {
    rooms.log.warn({ bericht: jti }, 'the router knows less of a message than we do');
    if (rooms.clock.now() < lastOffer(row)) await offer(rooms, row);
  }
  await plan(rooms, row);
}

/** What receipts have planned meanwhile is left as it is. */
function plan(rooms: Rooms, { jti, nextAt }: OutboxRow): Promise<void> {
  const { store, clock } = rooms;
  return store.write(() => {
    const row = store.outbox.get(jti);
    if (row === undefined || row.nextAt === null || row.nextAt !== nextAt) return;
    store.outbox.progress(jti, { ...row, ...nextOf(rooms, row, clock.now()) });
  });
}

function nextOf(rooms: Rooms, row: OutboxRow, now: number): Pick<Progress, 'step' | 'nextAt'> {
  const step = row.step + 1;
  if (SENT[row.state].offers) {
    return { step, nextAt: nextLook(row, now, waitOf(rooms, 'confirm', row.prio, row.step)) };
  }
  const recipients = rooms.store.outbox.recipients(row.jti);
  const isOpen = recipients.some(({ state }) => state === null || STATES[state].next.length > 0);
  const mayCome = row.state === 'verlopen' ? isOpen || recipients.length === 0 : isOpen;
  return {
    step,
    nextAt: mayCome && row.state !== 'geweigerd' ? nextQuestion(row, now, row.step) : null,
  };
}
