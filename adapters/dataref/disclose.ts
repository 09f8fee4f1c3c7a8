/**
 * Whether an agency is given how a case of ours stands, asked anew each time: who it is, whether we
 * told it of this case, whether the matrix allows it. What comes of it is recorded before it is said;
 * what cannot be recorded is not given. Asked is by the agency of the certificate: a mandate is for
 * copies that its holder cannot read, and what is given here is in clear.
 */
import type { Certificate } from '../../certs/certificate.ts';
import { digestOf } from '../../certs/digest.ts';
import { CASE_EVENT } from '../../schemas/case-events.ts';
import { newUuid7, type Oin, type Uuid } from '../../schemas/ids.ts';
import { findRule } from '../../schemas/policy.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { toSequence } from '../events/case-event.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { Stand } from '../store/stands.ts';
import { judgePeer } from './judge-peer.ts';

/** Why nothing is given. */
export type Denial =
  | 'certificaat'
  | 'geschorst'
  | 'niet-te-beoordelen'
  | 'te-vaak'
  | 'niet-verteld'
  | 'geen-stand'
  | 'geen-recht';
export type Outcome = 'verstrekt' | Denial;

export type Disclosed =
  | { readonly given: true; readonly body: string }
  | { readonly given: false; readonly why: Denial };

/** Who was told of a case may ask for so long. */
const TOLD_MS = 366 * 86_400_000;

/** @throws when it cannot be recorded: then nothing is to be given */
export async function disclose(
  rooms: Rooms,
  certificate: Certificate,
  zaak: Uuid,
): Promise<Disclosed> {
  try {
    const { registration } = await judgePeer(rooms, certificate);
    const { oin, rollen } = registration;
    const { stand, basis } = await weigh(rooms, oin, rollen, zaak);
    const body = bodyOf(rooms, stand);
    await record(rooms, certificate, zaak, { outcome: 'verstrekt', basis, digest: digestOf(body) });
    return { given: true, body };
  } catch (error) {
    const why = error instanceof Denied ? error.why : denialOf(error);
    await record(rooms, certificate, zaak, { outcome: why });
    return { given: false, why };
  }
}

class Denied extends Error {
  readonly why: Denial;
  constructor(why: Denial) {
    super(why);
    this.why = why;
  }
}

async function weigh(rooms: Rooms, oin: Oin, roles: readonly string[], zaak: Uuid) {
  const { store, directory, clock } = rooms;
  if (!store.events.wasTold(oin, zaak, clock.now() - TOLD_MS)) throw new Denied('niet-verteld');
  const stand = store.stands.get(zaak);
  if (stand === undefined) throw new Denied('geen-stand');
  const { rollen: van } = (await directory.entry(rooms.oin)).registration;
  const about = { van, berichttype: CASE_EVENT, naar: roles };
  const basis = stand.bases.find((grondslag) => findRule({ ...about, grondslag }) !== undefined);
  if (basis === undefined) throw new Denied('geen-recht');
  return { stand, basis };
}

/** What time may mend is said to be so: nothing is held against the one who asks. */
function denialOf(error: unknown): Denial {
  if (!(error instanceof Refusal)) throw error;
  if (error.retry || error.code === 'revocation-unknown') return 'niet-te-beoordelen';
  return error.code === 'not-authorised' ? 'geschorst' : 'certificaat';
}

const bodyOf = ({ store }: Rooms, { zaak, at, stand }: Stand): string =>
  JSON.stringify({
    zaak,
    bijgewerktOp: instant(at),
    volgnummers: Object.fromEntries(
      store.events.lasts(zaak).map(({ source, number }) => [source, toSequence(number)]),
    ),
    stand,
  });

interface Result {
  readonly outcome: Outcome;
  readonly basis?: string;
  readonly digest?: string;
}

/** Writes down who asked and what came of it. @throws when that fails */
export async function record(
  { store, clock, log }: Rooms,
  { oin: peer = '' as Oin }: Pick<Certificate, 'oin'>,
  zaak: string,
  { outcome, basis, digest }: Result,
): Promise<void> {
  const at = clock.now();
  const row = { id: newUuid7(at), at, peer, zaak, outcome };
  await store.write(() =>
    store.disclosures.add({ ...row, basis: basis ?? null, digest: digest ?? null }),
  );
  log[outcome === 'verstrekt' ? 'info' : 'warn']({ peer, outcome }, 'a case was asked for');
}
