/** Puts one question to partners: checked, looked up whom it goes to, sent, and noted who asked. */
import type { Bericht, Raadpleging } from '../../schemas/generated/wire.ts';
import { fromUrn, newUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { instant } from '../instant.ts';
import { post } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import { compose } from '../send/compose.ts';
import type { Draft } from '../send/draft.ts';
import { noteAction } from '../settle.ts';
import { claimsOf } from './claims.ts';
import { faultsOfClock } from './clock-faults.ts';
import { lookUp, type Partner } from './partners.ts';
import { type Resterend, resterend } from './time-left.ts';

/** What both kinds of question have. */
export interface Asking {
  readonly jti?: Uuid7;
  readonly medewerker: string;
  /** Nothing is sent: it is checked, and told who would be asked. */
  readonly proef?: boolean;
  readonly berichttype?: string;
  readonly versie?: string;
  readonly inhoud: Record<string, unknown>;
}

export interface Question {
  /** Absent, as is the next, when nothing was sent. */
  readonly conversatie?: Uuid7;
  readonly bericht?: Uuid7;
  readonly klok: Raadpleging['klok'];
  readonly aanvang: string;
  readonly eind: string;
  readonly resterend: Resterend;
  readonly partners: readonly Partner[];
}

/** What the kind of question decides. */
export type Settled = Omit<Draft, 'inhoud' | 'jti' | 'versie'>;

/**
 * Everything is checked before a partner is looked up, and again when it is sent. What was handed in
 * before gets the same answer, whatever the register and the clock say since.
 * @throws Refusal with every fault, by place in what was handed in; recipient-unknown, by the register
 */
export async function putQuestion(
  rooms: Rooms,
  given: Asking,
  settled: Settled,
): Promise<Question> {
  const { jti = newUuid7(rooms.clock.now()), berichttype, versie, inhoud, medewerker } = given;
  const draft = {
    ...{ ...settled, jti, inhoud, prio: 'spoed' as const },
    ...(berichttype !== undefined && { berichttype }),
    ...(versie !== undefined && { versie }),
  };
  const earlier = claimsOf(rooms, jti);
  const isAgain = earlier?.raadpleging !== undefined;
  const question = await told(rooms, isAgain ? earlier : composeQuestion(rooms, draft));
  if (!isAgain) refuseUnknown(question.partners);
  if (given.proef === true) return question;
  const { bericht, conversatie } = await post(rooms, draft);
  await noteAsking(rooms, jti, medewerker);
  return { bericht, conversatie, ...question };
}

/** The router asks nobody when it cannot find one of them: that is said before anything is sent. */
function refuseUnknown(partners: readonly Partner[]): void {
  const faults = partners.flatMap(({ oin, naam, onbekend }, at) => {
    const who = [oin, naam].filter((one) => one !== undefined).join(' ');
    return onbekend === undefined ? [] : [{ plaats: `/aan/${at}`, melding: `${who} ${onbekend}` }];
  });
  if (faults.length > 0) throw new Refusal('recipient-unknown', undefined, faults, 'adapter');
}

/** Faults of the clock at the places where this body has it, and in words that people understand. */
function composeQuestion(rooms: Rooms, draft: Omit<Draft, 'prio'> & { prio: 'spoed' }): Bericht {
  try {
    return compose(rooms, draft);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const faults = faultsOfClock(draft.raadpleging, error.faults, rooms.clock.now());
    throw new Refusal(error.code, error.message, faults);
  }
}

/** Once, however often the same is handed in. */
async function noteAsking(rooms: Rooms, jti: Uuid7, medewerker: string): Promise<void> {
  const { store, oin } = rooms;
  await store.write(() => {
    if (store.actions.of(oin, jti).length > 0) return;
    noteAction(rooms, { sender: oin, jti }, 'raadpleging-gevraagd', { medewerker });
  });
}

async function told(
  rooms: Rooms,
  claims: Pick<Bericht, 'aud' | 'raadpleging' | 'berichttype' | 'grondslag'>,
): Promise<Question> {
  const { aud = [], raadpleging, berichttype, grondslag } = claims;
  const now = rooms.clock.now();
  const clock = raadpleging as Raadpleging;
  const within = { from: now, until: clock.eind * 1000 };
  const partners = await Promise.all(
    aud.map((urn) => lookUp(rooms, fromUrn(urn), within, { berichttype, grondslag })),
  );
  return {
    klok: clock.klok,
    aanvang: instant(clock.aanvang * 1000),
    eind: instant(clock.eind * 1000),
    resterend: resterend(clock, now),
    partners,
  };
}
