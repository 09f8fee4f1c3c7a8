/** The questions that a door may ask, and who answers each (questions.ts). */
import { readCertificate } from '../certs/certificate.ts';
import { parseOin, parseUuid7 } from '../schemas/ids.ts';
import { toProblem } from '../schemas/problem.ts';
import { readObject } from '../schemas/read.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Prio, Question } from './bus/subjects.ts';
import { collect } from './collect.ts';
import { historyOf } from './history.ts';
import type { Lanes } from './lanes.ts';
import { openPushes } from './push.ts';
import type { Answer, Questions } from './questions.ts';
import { acceptReceipt } from './receipts/accept.ts';
import { inForce, listed } from './registry.ts';
import type { Rooms } from './rooms.ts';
import { receiptsOf, statusOf } from './status.ts';
import { openSubscriptionAnswers } from './subscriptions/answers.ts';
import { acceptClockStatement } from './terms/accept-statement.ts';
import { openTickets } from './tickets.ts';

export type Answers = {
  readonly [Q in Question]: (ask: Questions[Q]['ask']) => Promise<Questions[Q]['value']>;
};

export function openAnswers(rooms: Rooms): Answers {
  const tickets = openTickets(rooms);
  const pushes = openPushes(rooms, tickets);
  return {
    peer: async ({ der }) => whoIs(rooms, der),
    collect: (ask) => collect(rooms, tickets, ask),
    receipt: async ({ peer, ontvangstbewijs }) => ({
      jti: await acceptReceipt(rooms, peer, ontvangstbewijs),
    }),
    status: async (ask) => statusOf(rooms, await tickets.owner(ask), ask.bericht),
    receipts: async (ask) => ({
      ontvangstbewijzen: await receiptsOf(rooms, await tickets.owner(ask), ask.bericht),
    }),
    history: async (ask) => historyOf(rooms, await tickets.owner(ask), ask),
    clock: async ({ peer, verklaring }) => ({
      jti: await acceptClockStatement(rooms, peer, verklaring),
    }),
    ...openSubscriptionAnswers(rooms, tickets),
    organisations: async () => ({ organisaties: organisations(rooms) }),
    certificates: async ({ oin }) => registration(rooms, oin),
    endpoints: async () => ({ bezorgadressen: await pushes.endpoints() }),
    push: (ask) => pushes.push(ask),
    gone: async ({ postbus }) => {
      await pushes.gone(postbus);
      return { gestopt: true };
    },
  };
}

/** What agencies wait for with a message under way goes before what they merely want to know. */
const LANE: Readonly<Record<Question, Prio>> = {
  peer: 'spoed',
  collect: 'spoed',
  receipt: 'spoed',
  status: 'normaal',
  receipts: 'normaal',
  history: 'normaal',
  clock: 'normaal',
  subscribe: 'normaal',
  subscriptions: 'normaal',
  subscription: 'normaal',
  events: 'normaal',
  organisations: 'normaal',
  certificates: 'normaal',
  endpoints: 'normaal',
  push: 'spoed',
  gone: 'normaal',
};

/** Whose row it waits in: the agency's, and until it is known who that is, the certificate's. */
const partyOf = (ask: object): string => {
  const { peer, postbus, der } = ask as Record<'peer' | 'postbus' | 'der', unknown>;
  return String(peer ?? postbus ?? der);
};

/**
 * Answers one question as it came over the bus, when it is the agency's turn. Refusals and faults become problems; a fault is
 * logged without content.
 */
export async function answerOne<Q extends Question>(
  rooms: Rooms,
  answers: Answers,
  lanes: Lanes,
  question: Q,
  data: Uint8Array,
): Promise<Answer<Questions[Q]['value']>> {
  try {
    const ask = readAsk(data) as Questions[Q]['ask'];
    const work = () => answers[question](ask);
    return { ok: true, value: await lanes.run(LANE[question], partyOf(ask), work) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: toProblem(error) };
    rooms.metrics.countFault(question);
    rooms.log.error({ err: error, question }, 'question failed');
    return { ok: false, problem: toProblem(new Refusal('temporarily-unavailable')) };
  }
}

/** The ids in a question are checked for what they are before they name anything. */
function readAsk(data: Uint8Array): unknown {
  const ask = readObject(data);
  try {
    for (const name of ['peer', 'postbus', 'oin']) if (name in ask) parseOin(ask[name]);
    for (const name of ['bericht', 'abonnement']) if (name in ask) parseUuid7(ask[name]);
  } catch {
    throw new Refusal('bad-request');
  }
  return ask;
}

/** To a stranger every no is the same, except that the router cannot know now. */
function whoIs(rooms: Rooms, der: string): Questions['peer']['value'] {
  const now = rooms.clock.now();
  try {
    const certificate = readCertificate(Buffer.from(der, 'base64'));
    const known = rooms.registry.certificate(certificate.x5t, 'tls', now);
    const agency = known?.oin && rooms.registry.agency(known.oin);
    if (known === undefined || !agency || !inForce(agency, now))
      throw new Refusal('not-authenticated');
    rooms.trust.judge(known, { use: 'tls', at: now, now });
    return { oin: agency.oin, naam: agency.naam };
  } catch (error) {
    if (error instanceof Refusal && !error.retry) throw new Refusal('not-authenticated');
    throw error;
  }
}

function organisations({ registry, clock }: Rooms) {
  const now = clock.now();
  return registry
    .all()
    .filter((agency) => inForce(agency, now))
    .map((agency) => ({
      oin: agency.oin,
      naam: agency.naam,
      rollen: agency.rollen,
      status: agency.status,
      certificaten: (['tls', 'authenticiteit', 'vertrouwelijkheid'] as const).flatMap((gebruik) =>
        listed(agency, gebruik, now).map(({ x5t, notAfter }) => ({
          gebruik,
          x5t,
          geldigTot: new Date(notAfter).toISOString(),
        })),
      ),
    }));
}

function registration({ registry }: Rooms, oin: Parameters<Rooms['registry']['agency']>[0]) {
  const agency = registry.agency(oin);
  if (agency === undefined) throw new Refusal('not-found');
  return { oin, registratie: agency.registratie };
}
