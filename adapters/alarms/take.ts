/**
 * An alarm of the router: believed when the router signed it, for us, about a message that we sent or
 * should get. What does not verify is kept as evidence and shown to nobody as true.
 */
import { digestOf } from '../../certs/digest.ts';
import { readJws, verify } from '../../certs/verify.ts';
import type { Alarm } from '../../schemas/generated/wire.ts';
import { fromUrn, newUuid7, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import type { Raised } from '../store/alarms.ts';
import { raise } from './raise.ts';
import { otherParty, telephoneOf } from './telephone.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export async function takeAlarm(rooms: Rooms, jws: string): Promise<void> {
  const { store } = rooms;
  try {
    const alarm = await authenticate(rooms, jws);
    await raise(rooms, [await toRow(rooms, alarm)]);
    await store.write(() => store.receipts.see(alarm.jti));
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry) throw error;
    await keepEvidence(rooms, jws, error);
  }
}

async function authenticate(rooms: Rooms, jws: string): Promise<Alarm> {
  const { header, claims } = readJws(jws, TYP.alarm);
  const alarm = checkWire('alarm', claims);
  if (alarm.iss !== toUrn(rooms.router)) throw new Refusal('issuer-mismatch');
  const at = alarm.iat * 1000;
  const { directory, trust, clock } = rooms;
  const certificate = await directory.certificate(rooms.router, 'authenticiteit', header.x5t, at);
  await verify(jws, TYP.alarm, () => certificate);
  trust.judge(certificate, { use: 'authenticiteit', at, now: clock.now() });
  const me = toUrn(rooms.oin);
  const ours = alarm.aud === me && (alarm.afzender === me || alarm.ontvanger === me);
  if (!ours) throw new Refusal('wrongly-addressed', 'the alarm is not about a message of ours');
  return alarm;
}

async function toRow(rooms: Rooms, alarm: Alarm): Promise<Raised> {
  const now = rooms.clock.now();
  const about = { sender: fromUrn(alarm.afzender), recipient: fromUrn(alarm.ontvanger) };
  const phone = alarm.telefoon ?? (await telephoneOf(rooms, otherParty(rooms.oin, about)));
  return {
    ...about,
    id: newUuid7(now),
    message: alarm.bericht,
    kind: alarm.soort,
    since: alarm.sinds * 1000,
    raised: now,
    own: null,
    router: alarm.iat * 1000,
    phone,
  };
}

/** Its id is believed as far as this: the router need not give it again. */
async function keepEvidence({ store, clock, log }: Rooms, jws: string, { code }: Refusal) {
  const digest = digestOf(jws);
  log.warn({ code, alarm: digest }, 'an alarm does not count');
  const { jti } = unverified(jws);
  await store.write(() => {
    const row = { digest, kind: 'alarm', at: clock.now(), code } as const;
    store.evidence.add({ ...row, sender: null, message: null }, jws);
    if (typeof jti === 'string') store.receipts.see(jti);
  });
}

function unverified(jws: string): Record<string, unknown> {
  try {
    return readJws(jws, TYP.alarm).claims;
  } catch {
    return {};
  }
}
