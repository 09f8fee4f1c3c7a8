/** Takes the ledger's checkpoint out of an acceptance, and finds out when it contradicts an earlier one. */
import { digestOf } from '../../certs/digest.ts';
import { readJws, verify } from '../../certs/verify.ts';
import { fromUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import type { WitnessRow } from '../store/witnesses.ts';
import type { Matched } from './match.ts';

/** @returns the checkpoint when it is good and new. A bad one does not undo the acceptance: it is kept as evidence */
export async function witness(rooms: Rooms, { fact }: Matched): Promise<WitnessRow | undefined> {
  const jws = fact.staat === 'aanvaard' ? fact.waarmerk : undefined;
  if (jws === undefined || rooms.store.witnesses.has(digestOf(jws))) return undefined;
  try {
    const row = await read(rooms, jws);
    await compare(rooms, row);
    return row;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    rooms.log.warn(kindOf(error), 'a checkpoint of the ledger is not good');
    await keepEvidence(rooms, jws, error.code);
    return undefined;
  }
}

async function read(rooms: Rooms, jws: string): Promise<WitnessRow> {
  const { header, claims } = readJws(jws, TYP.checkpoint);
  const { iss, iat, omvang, hoofd } = checkWire('waarmerk', claims);
  const issuer = fromUrn(iss);
  if (issuer !== rooms.router) throw new Refusal('issuer-mismatch');
  const at = iat * 1000;
  const certificate = await rooms.directory.certificate(issuer, 'authenticiteit', header.x5t, at);
  await verify(jws, TYP.checkpoint, () => certificate);
  return { digest: digestOf(jws), issuer, size: omvang, head: hoofd, stated: iat, jws };
}

/** Two heads for one size: the router has told two histories. Both are kept. */
async function compare(rooms: Rooms, row: WitnessRow): Promise<void> {
  const others = rooms.store.witnesses
    .at(row.issuer, row.size)
    .filter(({ head }) => head !== row.head);
  if (others.length === 0) return;
  rooms.log.error({ size: row.size }, 'the ledger of the router has two histories');
  for (const { jws } of [...others, row]) await keepEvidence(rooms, jws, 'receipt-invalid');
}

async function keepEvidence({ store, clock, router }: Rooms, jws: string, code: string) {
  const row = { digest: digestOf(jws), kind: 'waarmerk', at: clock.now(), code } as const;
  await store.write(() => store.evidence.add({ ...row, sender: router, message: null }, jws));
}
