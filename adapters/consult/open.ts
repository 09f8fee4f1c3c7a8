/** Puts a question to several partners at once, under one clock; and more questions to those who know the person. */
import { seconds } from '../../schemas/clock.ts';
import type { Bericht, Raadpleging } from '../../schemas/generated/wire.ts';
import { fromUrn, newUuid7, type Oin, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { instant } from '../instant.ts';
import { post } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import type { DraftClock } from '../send/clock.ts';
import { compose } from '../send/compose.ts';
import type { Draft } from '../send/draft.ts';
import { noteAction } from '../settle.ts';
import { claimsOf } from './claims.ts';
import { faultsOfClock } from './clock-faults.ts';
import { isKnownBy } from './known.ts';
import { lookUp, type Partner } from './partners.ts';
import { type Stand, standOf, toClaim } from './stand.ts';
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

export interface Opening extends Asking {
  readonly aan: readonly Oin[];
  readonly grondslag: string;
  readonly klok: Raadpleging['klok'];
  /** Of the arrest; with the clock `vrij` it may be absent: now. */
  readonly aanvang?: string;
  /** By the law when absent. */
  readonly eind?: string;
  readonly zaak?: Uuid;
}

export interface FollowUp extends Asking {
  /** Those who said that the person is known, when absent. */
  readonly aan?: readonly Oin[];
  readonly grondslag?: string;
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

/** @throws Refusal with every fault, by place in what was handed in; recipient-unknown, by the register */
export function openConsultation(rooms: Rooms, given: Opening): Promise<Question> {
  const { klok, aanvang, eind, aan, grondslag, zaak } = given;
  const begin = aanvang ?? (klok === 'vrij' ? instant(seconds(rooms.clock) * 1000) : undefined);
  const raadpleging = { klok, aanvang: begin, ...(eind !== undefined && { eind }) } as DraftClock;
  return ask(rooms, given, {
    ...{ berichttype: 'check-op-bekendheid', aan, grondslag, raadpleging },
    ...(zaak !== undefined && { zaak }),
  });
}

/**
 * Asks more in the same conversation, under the same clock.
 * @throws Refusal state-conflict when the clock has ended, or nobody said that the person is known;
 * and as when it is opened
 */
export function askMore(rooms: Rooms, conversation: string, given: FollowUp): Promise<Question> {
  const stand = findStand(rooms, conversation);
  const { klok, aanvang, eind } = toClaim(stand);
  if (rooms.clock.now() >= eind * 1000) {
    throw new Refusal('state-conflict', 'its clock has ended: open a new consultation');
  }
  const aan = given.aan ?? knowing(rooms, stand);
  if (aan.length === 0) {
    throw new Refusal('state-conflict', 'nobody said that the person is known: name who is asked');
  }
  const first = firstClaims(rooms, stand);
  return ask(rooms, given, {
    berichttype: 'verzoek-casusinformatie',
    aan,
    conversatie: stand.conversation,
    grondslag: given.grondslag ?? first?.grondslag ?? '',
    raadpleging: { klok, aanvang: instant(aanvang * 1000), eind: instant(eind * 1000) },
    ...(first?.zaak !== undefined && { zaak: first.zaak }),
  });
}

/** @throws Refusal not-found */
export function findStand(rooms: Rooms, conversation: string): Stand {
  const stand = standOf(rooms, conversation);
  if (stand !== undefined) return stand;
  throw new Refusal('not-found', 'there is no such consultation of ours', [], 'adapter');
}

const knowing = (rooms: Rooms, { asked }: Stand): Oin[] => [
  ...new Set(
    asked
      .filter(({ answers }) => answers.some((one) => isKnownBy(rooms, one) === true))
      .map(({ partner }) => partner),
  ),
];

const firstClaims = (rooms: Rooms, { questions }: Stand): Bericht | undefined =>
  questions[0] && claimsOf(rooms, questions[0].jti);

type Settled = Omit<Draft, 'inhoud' | 'jti' | 'versie'>;

/**
 * Everything is checked before a partner is looked up, and again when it is sent. What was handed in
 * before gets the same answer, whatever the register says since.
 */
async function ask(rooms: Rooms, given: Asking, settled: Settled): Promise<Question> {
  const { jti = newUuid7(rooms.clock.now()), berichttype, versie, inhoud, medewerker } = given;
  const draft = {
    ...{ ...settled, jti, inhoud, prio: 'spoed' as const },
    ...(berichttype !== undefined && { berichttype }),
    ...(versie !== undefined && { versie }),
  };
  const question = await told(rooms, composeQuestion(rooms, draft));
  if (rooms.store.outbox.get(jti) === undefined) refuseUnknown(question.partners);
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
