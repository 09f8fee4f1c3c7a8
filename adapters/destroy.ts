/**
 * Destroys the content of a message that this agency received or sent, in order: look → remove file →
 * sign → erase → scrub → prove. What stays is traffic data and a signed record, so that a repeat is
 * known and answered, and the destruction can be shown.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '../certs/sign.ts';
import { seconds } from '../schemas/clock.ts';
import type { Vernietiging } from '../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { placesOf } from './connectors/folder/places.ts';
import { needlesOf, type Proof, search } from './destroy/prove.ts';
import { look, type Target } from './destroy/target.ts';
import type { Rooms } from './rooms.ts';
import { noteAction } from './settle.ts';
import type { DestructionRow } from './store/destructions.ts';

export interface Order {
  readonly medewerker: string;
  readonly grond: Vernietiging['grond'];
  /** Why, in words: encrypted, for the agency alone. */
  readonly toelichting?: string;
}

export interface Destroyed {
  readonly record: DestructionRow;
  /** Absent when it had been destroyed before. */
  readonly proof?: Proof;
}

/**
 * @throws Refusal not-found; state-conflict while the message is still under way, or nobody has said
 *   what becomes of it
 */
export async function destroy(
  rooms: Rooms,
  id: { readonly sender: string; readonly jti: string },
  order: Order,
): Promise<Destroyed> {
  const before = rooms.store.destructions.get(id.sender, id.jti);
  if (before !== undefined) return { record: before };
  const target = look(rooms, id);
  if (!target.settled) throw new Refusal('state-conflict', target.why);
  const needles = needlesOf(target.sealed);
  removeFile(rooms, target);
  const record = await signed(rooms, target, order.grond);
  await erase(rooms, record, target, order);
  const emptied = rooms.store.scrub();
  const proof = { ...(await search(rooms.store.files, needles)), leeggemaakt: emptied };
  const { sender: afzender, message: bericht } = record;
  rooms.log.info({ afzender, bericht, gevonden: proof.gevonden }, 'a message was destroyed');
  return { record, proof };
}

async function signed(
  { oin, clock, identity }: Rooms,
  { sender, jti, digest, received }: Target,
  grond: Vernietiging['grond'],
): Promise<DestructionRow> {
  const claims: Vernietiging = {
    iss: toUrn(oin),
    jti: newUuid7(clock.now()),
    iat: seconds(clock),
    afzender: toUrn(sender),
    bericht: jti,
    dig: digest,
    ontvangen: Math.floor(received / 1000),
    grond,
  };
  const jws = await sign(claims, TYP.destruction, identity.signing);
  return { sender, message: jti, digest, received, at: claims.iat * 1000, ground: grond, jws };
}

function erase(rooms: Rooms, record: DestructionRow, target: Target, order: Order): Promise<void> {
  const { store } = rooms;
  const { sender, jti } = target;
  const { medewerker, toelichting } = order;
  return store.write(() => {
    if (target.side === 'uit') store.outbox.erase(jti);
    else store.inbox.erase(sender, jti);
    store.problems.erase(jti);
    store.handovers.erase(sender, jti);
    store.evidence.erase(sender, jti);
    store.marks.forget({ sender, jti });
    store.actions.forgetWords(sender, jti);
    store.destructions.add(record);
    const by = { medewerker, ...(toelichting !== undefined && { toelichting }) };
    noteAction(rooms, { sender, jti }, 'vernietigd', by);
  });
}

/** Before its row is: a fall in between leaves a file that is gone, which is what was wanted. */
function removeFile({ folder }: Rooms, { side, sender, jti }: Target): void {
  if (folder === undefined || side === 'uit') return;
  rmSync(join(placesOf(folder).in, `${sender}-${jti}.json`), { force: true });
}
