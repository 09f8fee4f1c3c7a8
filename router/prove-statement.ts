/**
 * What an agency says of its own clocks comes as a signed statement, so that a
 * stolen door cannot make it up. Each counts once: said again it does nothing more.
 */
import { digestOf } from '../certs/digest.ts';
import type { OinUrn } from '../schemas/generated/wire.ts';
import { type Oin, toUrn, type Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { isConflict } from './bus/bus.ts';
import { subjects } from './bus/subjects.ts';
import { proveSigner } from './prove.ts';
import { type Agency, inForce } from './registry.ts';
import type { Rooms } from './rooms.ts';

interface Statement {
  readonly iss: OinUrn;
  readonly aud: OinUrn;
  readonly jti: Uuid7;
  /** Seconds since 1970. */
  readonly iat: number;
}

export interface ProvenStatement<T> {
  readonly signer: Agency;
  readonly claims: T;
  /**
   * Runs the work unless this statement was worked on before. Should it fall in between it runs
   * again, so the work must be the same done twice. What it was refused for lasts (REMEMBERED): said
   * again it is refused for the same, and nothing is weighed or written again.
   * @throws Refusal what the work throws, or threw before
   */
  once(work: () => Promise<unknown>): Promise<void>;
}

/** Seconds. */
const OLDEST = 600;
const AHEAD = 60;

/** @throws Refusal statement-invalid, id-reused, or what proveSigner and the trust store say */
export async function proveStatement<T extends Statement>(
  rooms: Rooms,
  given: { jws: string; typ: string; peer: Oin; read: (claims: unknown) => T },
): Promise<ProvenStatement<T>> {
  const now = rooms.clock.now();
  const { jws, typ, peer, read } = given;
  const {
    claims: raw,
    certificate,
    signer,
  } = await proveSigner(rooms, { jws, typ, peer, at: now });
  const claims = read(raw);
  rooms.trust.judge(certificate, { use: 'authenticiteit', at: claims.iat * 1000, now });
  if (claims.aud !== toUrn(rooms.identity.oin)) throw invalid('aud is not this router');
  const age = now / 1000 - claims.iat;
  if (age > OLDEST || age < -AHEAD) throw invalid('it was not made within the last ten minutes');
  if (signer.status !== 'actief' || !inForce(signer, now)) {
    throw new Refusal('not-authorised', 'the agency is suspended', [], 'statement');
  }
  const note = { subject: subjects.statement(signer.oin, claims.jti), dig: digestOf(jws) };
  return { signer, claims, once: (work) => once(rooms, note, work) };
}

/** Refusals that stand in the ledger: others may be a yes when the same is said again. */
const REMEMBERED: ReadonlySet<string> = new Set(['not-authorised', 'too-many-subscriptions']);

/** What became of a statement. */
interface Note {
  readonly dig: string;
  readonly refused?: Pick<Refusal, 'code' | 'faults'>;
}

/** Noted after the work, under the id of the statement. */
async function once(
  { bus, turns }: Rooms,
  { subject, dig }: { subject: string; dig: string },
  work: () => Promise<unknown>,
): Promise<void> {
  const giveUp = await turns.take(subject);
  try {
    const said = bus.log('ID');
    const before = await said.last(subject);
    if (before !== null) return sayAgain(before.data, dig);
    const refusal = await work().then(() => undefined, remembered);
    const note = write({ dig, ...(refusal && { refused: refusal }) });
    const result = await said.put(subject, note, { expect: 0 });
    // Another pipeline was first, perhaps with another register: one statement has one answer.
    if (isConflict(result)) return sayAgain((await said.last(subject))?.data ?? note, dig);
    if (refusal !== undefined) throw refusal;
  } finally {
    giveUp();
  }
}

function remembered(error: unknown): Refusal {
  if (error instanceof Refusal && REMEMBERED.has(error.code)) return error;
  throw error;
}

/** @throws Refusal id-reused, or what it was refused for */
function sayAgain(noted: Uint8Array, dig: string): void {
  const { dig: known, refused } = read(noted);
  if (known !== dig) throw new Refusal('id-reused');
  if (refused !== undefined) {
    throw new Refusal(refused.code, undefined, refused.faults, 'statement');
  }
}

/** The digest alone unless it was refused, as older versions wrote it. */
const write = ({ dig, refused }: Note): Buffer =>
  Buffer.from(
    refused === undefined
      ? dig
      : `${dig} ${JSON.stringify({ code: refused.code, faults: refused.faults })}`,
  );

function read(noted: Uint8Array): Note {
  const [dig = '', ...rest] = Buffer.from(noted).toString().split(' ');
  if (rest.length === 0) return { dig };
  return { dig, refused: JSON.parse(rest.join(' ')) as Pick<Refusal, 'code' | 'faults'> };
}

const invalid = (detail: string): Refusal => new Refusal('statement-invalid', detail);
