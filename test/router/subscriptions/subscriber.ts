/** What a subscriber says and asks, and a source of case events, over the bus as a door would. */
import { randomUUID } from 'node:crypto';
import { sign } from '../../../certs/sign.ts';
import type { Question } from '../../../router/bus/subjects.ts';
import type { Questions, RouteAnswer } from '../../../router/questions.ts';
import type { SealedEvent } from '../../../router/subscriptions/pull-events.ts';
import type { SubscriptionView } from '../../../router/subscriptions/show.ts';
import type { Abonnementsverklaring } from '../../../schemas/generated/wire.ts';
import { newUuid7, parseUuid, toUrn, type Uuid, type Uuid7 } from '../../../schemas/ids.ts';
import { TYP } from '../../../schemas/typ.ts';
import { AGENCIES, OPERATOR } from '../../town/agencies.ts';
import type { House } from '../house.ts';
import { eventBody, type Player } from '../player.ts';

export const CHANGED = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';

export const newCase = (): Uuid => parseUuid(randomUUID());

type Said = Partial<Abonnementsverklaring>;

export interface Subscriber {
  /** A signed statement; begins a subscription unless something else is given, to a case of Veilig Thuis. */
  statement(said: Said): Promise<string>;
  offer(verklaring: string): Promise<SubscriptionView | string>;
  /** @returns the subscription, or the code of the refusal */
  say(said: Said): Promise<SubscriptionView | string>;
  /** @returns its id */
  begin(said: Said): Promise<Uuid7>;
  list(): Promise<readonly SubscriptionView[]>;
  show(abonnement: Uuid7): Promise<SubscriptionView | string>;
  pull(
    abonnement: Uuid7,
    given?: { since?: string; limit?: number },
  ): Promise<readonly SealedEvent[] | string>;
  /** The ids of the messages that a pull gives. */
  pulled(abonnement: Uuid7): Promise<readonly string[] | string>;
}

export function subscriberOf(house: House, player: Player): Subscriber {
  const { oin: peer } = player;
  const now = () => house.clock.now();
  async function ask<Q extends Question>(question: Q, given: Omit<Questions[Q]['ask'], 'peer'>) {
    const answer = await player.ask(question, { peer, ...given } as never);
    return answer.ok ? answer.value : answer.problem.code;
  }
  const subscriber: Subscriber = {
    statement: (said) =>
      sign(
        {
          ...{ iss: toUrn(peer), aud: toUrn(OPERATOR.oin), jti: newUuid7(now()) },
          ...{ iat: Math.floor(now() / 1000), abonnement: newUuid7(now()), handeling: 'begin' },
          ...(said.zaak !== undefined && { bron: toUrn(AGENCIES.vt.oin) }),
          ...said,
        },
        TYP.subscription,
        player.identity.signing,
      ),
    offer: (verklaring) => ask('subscribe', { verklaring }),
    say: async (said) => subscriber.offer(await subscriber.statement(said)),
    async begin(said) {
      const begun = await subscriber.say(said);
      if (typeof begun === 'string') throw new Error(`refused: ${begun}`);
      return begun.id;
    },
    async list() {
      const answer = await ask('subscriptions', { bewijs: await player.ticket() });
      if (typeof answer === 'string') throw new Error(`refused: ${answer}`);
      return answer.abonnementen;
    },
    show: async (abonnement) => ask('subscription', { abonnement, bewijs: await player.ticket() }),
    async pull(abonnement, given = {}) {
      const answer = await ask('events', { abonnement, bewijs: await player.ticket(), ...given });
      return typeof answer === 'string' ? answer : answer.events;
    },
    async pulled(abonnement) {
      const events = await subscriber.pull(abonnement);
      return typeof events === 'string' ? events : events.map(({ id }) => id.slice(21));
    },
  };
  return subscriber;
}

/** Sends a case event. */
export function tell(
  source: Player,
  { zaak, grondslag, ...attributes }: { zaak: Uuid; grondslag: string } & Record<string, string>,
): Promise<RouteAnswer & { jws: string; claims: { jti: Uuid7 } }> {
  const inhoud = { ...eventBody(source.oin).inhoud, subject: zaak, ...attributes };
  const about = { berichttype: 'zaak-gebeurtenis', prio: 'normaal', zaak, inhoud } as const;
  return source.send({ ...about, grondslag });
}
