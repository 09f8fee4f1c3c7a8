import { isDeepStrictEqual } from 'node:util';
import type { Wish } from '../../schemas/case-events.ts';
import type { Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { mayBeTold } from './may-be-told.ts';
import type { Subscription } from './subscription.ts';
import { keyOfSubscription, SUBSCRIPTION } from './subscription-key.ts';
import { tellLedger } from './tell-ledger.ts';

const DAY = 86_400_000;
/** A subscription ends; whoever still has the task says so again. */
const LONGEST = 366 * DAY;
/** Of one agency: so many may run, and so many, those that ended lately too, are kept. */
export const MOST = { running: 2000, kept: 5000 } as const;

/** What is asked: until when is optional. In milliseconds since 1970. */
type Asked = Wish & { readonly eind?: number };

/**
 * Begins it where the matrix gives the subscriber a task and a basis. The ledger is told first, either
 * way; the record that makes it run is written last. Done again, it finds it running.
 * @throws Refusal not-authorised, statement-invalid, id-reused or too-many-subscriptions
 */
export async function beginSubscription(
  rooms: Rooms,
  subscriber: Agency,
  id: Uuid7,
  asked: Asked,
): Promise<void> {
  const name = { abonnee: subscriber.oin, id };
  const found = await rooms.subscriptions.find(name.abonnee, id);
  if (found !== undefined) return checkSame(found, asked);
  const begin = rooms.clock.now();
  const { eind = begin + LONGEST, ...wish } = asked;
  if (eind <= begin) throw invalid('has passed');
  if (eind > begin + LONGEST) throw invalid('is more than 366 days ahead');
  const register = await checkRight(rooms, subscriber, { ...name, ...wish });
  await checkNumber(rooms, { ...name, ...wish });
  const subscription: Subscription = { ...name, ...wish, begin, eind, register };
  await tellLedger(rooms, subscription, { handeling: 'begin' });
  const key = keyOfSubscription(name.abonnee, id);
  await rooms.deadlines.open({ key, kind: SUBSCRIPTION, due: eind, data: {} });
  if (await rooms.subscriptions.begin(subscription)) return;
  const other = await rooms.subscriptions.find(name.abonnee, id);
  if (other !== undefined) checkSame(other, asked);
}

const WISHES = ['bron', 'typen', 'zaak', 'regio', 'grondslag'] as const;

/** @throws Refusal id-reused, when it is another one, or has ended */
function checkSame(found: Subscription, asked: Asked): void {
  if (found.einde !== undefined)
    throw new Refusal('id-reused', 'this subscription has ended: begin another');
  const isSame =
    WISHES.every((name) => isDeepStrictEqual(found[name], asked[name])) &&
    (asked.eind ?? found.eind) === found.eind;
  if (!isSame) throw new Refusal('id-reused', 'this subscription is about something else');
}

/** @returns the version of the register that allows it */
async function checkRight(
  rooms: Rooms,
  subscriber: Agency,
  wanted: Pick<Subscription, 'abonnee' | 'id'> & Wish,
): Promise<number> {
  const { registry } = rooms;
  const { bron } = wanted;
  if (bron !== undefined && registry.agency(bron) === undefined) {
    await tellLedger(rooms, wanted, { handeling: 'geweigerd', reden: 'no-such-row' });
    const stranger = { plaats: '/bron', melding: 'is not in the register' };
    throw new Refusal('not-authorised', undefined, [stranger], 'statement');
  }
  const answer = mayBeTold(registry, subscriber, wanted);
  if (answer.allowed) return registry.version;
  await tellLedger(rooms, wanted, { handeling: 'geweigerd', reden: answer.why });
  const fault = { plaats: '/grondslag', melding: answer.text };
  throw new Refusal('not-authorised', undefined, [fault], 'statement');
}

async function checkNumber(
  rooms: Rooms,
  wanted: Pick<Subscription, 'abonnee' | 'id'> & Wish,
): Promise<void> {
  const all = await rooms.subscriptions.of(wanted.abonnee);
  const running = all.filter(({ einde }) => einde === undefined).length;
  if (running < MOST.running && all.length < MOST.kept) return;
  await tellLedger(rooms, wanted, { handeling: 'geweigerd', reden: 'te-veel' });
  throw new Refusal('too-many-subscriptions');
}

const invalid = (melding: string): Refusal =>
  new Refusal('statement-invalid', undefined, [{ plaats: '/eind', melding }]);
