/** What the router can tell the sender of a message: traffic data, and the receipts as signed. */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { standing } from '../schemas/states.ts';
import type { IdRecord } from './ids.ts';
import type { MessageStatus } from './questions.ts';
import { readFact } from './receipts/read-fact.ts';
import type { KeptReceipt } from './receipts.ts';
import type { Rooms } from './rooms.ts';

/** @throws Refusal not-found, the same whether there is no such message or it is another's */
export async function statusOf(rooms: Rooms, owner: Oin, jti: Uuid7): Promise<MessageStatus> {
  const { sender, record } = await find(rooms, owner, jti);
  if (record.verdict === 'refused') {
    return { bericht: jti, dig: record.dig, staat: 'geweigerd', ontvangers: [] };
  }
  const receipts = await rooms.receipts.of(sender, jti, record.recipients);
  return {
    bericht: jti,
    dig: record.dig,
    staat: record.verdict === 'accepted' ? 'aanvaard' : 'voorgenomen',
    ontvangers: record.recipients.map((oin) => copyStatus(oin, receipts)),
  };
}

function copyStatus(oin: Oin, receipts: readonly KeptReceipt[]) {
  const own = receipts.filter(({ copy }) => copy === oin);
  const staat = standing(own.map(({ state }) => state));
  const last = own.find(({ state }) => state === staat);
  if (staat === undefined || last === undefined) return { oin, staat: 'wacht' as const };
  const { code } = readFact(last.jws);
  return { oin, staat, op: new Date(last.at).toISOString(), ...(code !== undefined && { code }) };
}

/** As they were signed. What is not yet promised is not told. */
export async function receiptsOf(rooms: Rooms, owner: Oin, jti: Uuid7): Promise<string[]> {
  const { sender, record } = await find(rooms, owner, jti);
  if (record.verdict === 'refused') return [record.receipt];
  const receipts = await rooms.receipts.of(sender, jti, record.recipients);
  const accepted =
    record.verdict === 'accepted'
      ? await rooms.receipts.find(sender, jti, rooms.identity.oin, 'aanvaard')
      : undefined;
  return [...(accepted === undefined ? [] : [accepted]), ...receipts.map(({ jws }) => jws)];
}

async function find({ ids }: Rooms, sender: Oin, jti: Uuid7) {
  const record: IdRecord | undefined = await ids.find(sender, jti);
  if (record === undefined) throw new Refusal('not-found');
  return { sender, record };
}
