/** A consultation as its parties see it: the prosecutor asks, partners answer, by the clock of the house. */
import { openAuthority } from '../../certs/authority/authority.ts';
import { readJws } from '../../certs/verify.ts';
import { CONSULTATION } from '../../router/consultations/consultation-key.ts';
import type { Consultation, ConsultationName } from '../../router/consultations.ts';
import { openHandlers } from '../../router/deadlines/handlers.ts';
import { Keeper } from '../../router/deadlines/keeper.ts';
import { openLease } from '../../router/lease.ts';
import type { Rooms } from '../../router/rooms.ts';
import type { Bericht, Herinnering, Samenvatting } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import type { House } from './house.ts';
import { accepted, body, type Collected, type Player } from './player.ts';

/** On which basis each may answer the prosecutor. */
const GROUNDS: Partial<Record<AgencyName, string>> = {
  ...{ vt: 'wmo-5.1.6.2', reclassering: 'sv-147', rvdk: 'sv-494', halt: 'sr-77e' },
  politie: 'wpg-16.1.b',
};

/** What came to an agency: deliveries opened and receipted, words of the router seen. */
export interface Post {
  readonly deliveries: { claims: Bericht; note: Record<string, unknown>; jws: string }[];
  readonly herinneringen: Herinnering[];
  readonly samenvattingen: Samenvatting[];
  /** The words as they were signed. */
  readonly words: string[];
}

export async function collectAll(player: Player): Promise<Post> {
  const post: Post = { deliveries: [], herinneringen: [], samenvattingen: [], words: [] };
  let back: Collected = {};
  for (;;) {
    const given = await player.collect({ maximum: 50, ...back });
    const { afleveringen, ontvangstbewijzen, alarmen = [], mededelingen = [] } = given;
    const notes = [...ontvangstbewijzen, ...alarmen, ...mededelingen];
    if (afleveringen.length + notes.length === 0) return post;
    const opened = await Promise.all(afleveringen.map(({ inhoud }) => player.open(inhoud)));
    post.deliveries.push(...opened);
    for (const jws of mededelingen) sort(post, jws);
    back = {
      gezien: notes.map(noteOf),
      ontvangstbewijzen: await Promise.all(
        opened.map(({ jws }) => player.receipt(jws, 'afgeleverd')),
      ),
    };
  }
}

const partOf = <T>(jws: string, at: number): T =>
  JSON.parse(Buffer.from(jws.split('.')[at] ?? '', 'base64url').toString()) as T;

function sort({ words, herinneringen, samenvattingen }: Post, jws: string): void {
  words.push(jws);
  if (partOf<{ typ: string }>(jws, 0).typ === TYP.summary) {
    samenvattingen.push(checkWire('samenvatting', readJws(jws, TYP.summary).claims));
  } else herinneringen.push(checkWire('herinnering', readJws(jws, TYP.reminder).claims));
}

export const newConversation = (house: House): Uuid7 => newUuid7(house.clock.now());

/** The prosecutor asks these partners, under a clock of an hour of its own unless another is given. */
export async function ask(house: House, to: readonly AgencyName[], given: Partial<Bericht> = {}) {
  return (await house.agency('om')).send({ ...questionFor(house, to), ...given });
}

export function questionFor(house: House, to: readonly AgencyName[]): Partial<Bericht> {
  const now = Math.floor(house.clock.now() / 1000);
  return {
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
    aud: to.map((name) => toUrn(AGENCIES[name].oin)),
    raadpleging: { klok: 'vrij', aanvang: now - 10, eind: now + 3590 },
    inhoud: body('check-op-bekendheid', 'zsm'),
  };
}

/** @returns the answer as it was sent, accepted */
export async function reply(
  house: House,
  name: AgencyName,
  question: Bericht,
  given: Partial<Bericht> = {},
) {
  const sent = await (await house.agency(name)).send(answerTo(name, question, given));
  accepted(sent);
  return sent;
}

export const answerTo = (
  name: AgencyName,
  { jti, iss, conversatie }: Bericht,
  given: Partial<Bericht> = {},
): Partial<Bericht> => ({
  ...{ berichttype: 'uitslag-check-op-bekendheid', grondslag: GROUNDS[name] ?? '' },
  ...{
    aud: [iss],
    verwijst: jti,
    conversatie,
    inhoud: body('uitslag-check-op-bekendheid', 'bekend'),
  },
  ...given,
});

/** The prosecutor withdraws a question from these partners. */
export async function withdraw(house: House, question: Bericht, from: readonly AgencyName[]) {
  const sent = await (await house.agency('om')).send(withdrawalOf(question, from));
  accepted(sent);
  return sent;
}

export const withdrawalOf = (
  { berichttype, conversatie, jti: trektIn, grondslag }: Bericht,
  from: readonly AgencyName[],
): Partial<Bericht> => ({
  ...{ berichttype, grondslag, conversatie, trektIn, inhoud: { reden: 'onjuist' } },
  aud: from.map((name) => toUrn(AGENCIES[name].oin)),
});

export const nameOf = ({ conversatie }: Pick<Bericht, 'conversatie'>): ConsultationName => ({
  asker: AGENCIES.om.oin,
  conversatie,
});

export async function recordOf(house: House, question: Bericht): Promise<Consultation> {
  const found = await house.rooms.consultations.find(nameOf(question));
  if (found === undefined) throw new Error('no such consultation');
  return found;
}

export interface TestKeeper {
  look(): Promise<boolean>;
  /** Gives the lease back. */
  stop(): Promise<void>;
}

/** The keeper of a pipeline, as startDeadlines has it, for consultations only. */
export async function openKeeper({ bus, ...rooms }: Rooms, holder: string): Promise<TestKeeper> {
  const { deadlines, clock, metrics, log } = rooms;
  const bucket = await bus.bucket('lease');
  const lease = openLease({ bucket, key: 'raadplegingen', holder, lengthMs: 30_000, clock });
  const { [CONSULTATION]: keep } = openHandlers({ ...rooms, bus });
  if (keep === undefined) throw new Error('nobody keeps consultations');
  const handlers = { [CONSULTATION]: keep };
  const parts = { deadlines, lease, handlers, clock, metrics, log };
  const keeper = new Keeper(parts, new AbortController().signal);
  const stop = async () => {
    keeper.letGo();
    await lease.release();
  };
  return { look: () => keeper.look(), stop };
}

/** For which moment each house has revocation lists: they count for four hours. */
const LISTS = new WeakMap<House, number>();
const HOURS = 3_600_000;

/** Moves the clock of the house on, with revocation lists of that time. */
export async function setClock(house: House, at: number): Promise<void> {
  house.clock.ahead = at - Date.now();
  if (Math.abs(at - (LISTS.get(house) ?? 0)) < 3 * HOURS) return;
  LISTS.set(house, at);
  const authority = await openAuthority(house.keys.authority.dir, { clock: house.clock });
  await authority.writeCrls();
  await house.trust.revocations.refresh();
}
