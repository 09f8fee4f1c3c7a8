import { sign } from '../certs/sign.ts';
import { seconds } from '../schemas/clock.ts';
import type { WireTypes } from '../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../schemas/ids.ts';
import { TYP } from '../schemas/typ.ts';
import { refusalOf } from './answer.ts';
import type { Rooms } from './rooms.ts';

const STATEMENTS = {
  klok: { path: '/v1/klokken', typ: TYP.clock },
  abonnement: { path: '/v1/subscriptions', typ: TYP.subscription },
} as const;
type Statement = keyof typeof STATEMENTS;

/**
 * Signs what this agency states, by the document of its claims, and gives it to the router.
 * @throws Refusal what the router said; router-unreachable when it did not answer
 */
export async function tellRouter<S extends Statement>(
  { oin, router, clock, identity, door }: Rooms,
  document: S,
  said: Omit<WireTypes[S], 'iss' | 'aud' | 'jti' | 'iat'>,
): Promise<void> {
  const { path, typ } = STATEMENTS[document];
  const by = { iss: toUrn(oin), aud: toUrn(router) };
  const claims = { ...by, jti: newUuid7(clock.now()), iat: seconds(clock), ...said };
  const jws = await sign(claims, typ, identity.signing);
  const answer = await door.give(path, 'application/jose', jws);
  if (!answer.ok) throw refusalOf(answer.problem);
}
