/** An agency as it appears to the pipeline: signs, seals, collects and receipts with its own keys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityConfig } from '../../certs/config.ts';
import { digestOf } from '../../certs/digest.ts';
import type { SigningKey } from '../../certs/keys.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { open } from '../../certs/open.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { usesOf } from '../../certs/suit.ts';
import { readJws } from '../../certs/verify.ts';
import { projectFolder } from '../../project.ts';
import type { Bus } from '../../router/bus/bus.ts';
import { type Prio, type Question, subjects } from '../../router/bus/subjects.ts';
import {
  type Answer,
  type Questions,
  ROUTE_HEADERS,
  type RouteAnswer,
} from '../../router/questions.ts';
import type { Clock } from '../../schemas/clock.ts';
import type {
  Aflevering,
  Bericht,
  Feit,
  Inzending,
  Ontvangstbewijs,
  Ophaalbewijs,
  Ophaalverzoek,
} from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, parseUuid, toUrn, type Uuid } from '../../schemas/ids.ts';
import type { Problem } from '../../schemas/problem.ts';
import type { State } from '../../schemas/states.ts';
import { CTY, RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';

type Claims = Partial<Bericht>;
export type Collected = Partial<Ophaalverzoek> & Pick<Ophaalbewijs, 'gezien'>;
type Given = { readonly peer?: Oin; readonly prio?: Prio };

export interface Player {
  readonly oin: Oin;
  readonly identity: Identity;
  /** A whole and good message, an urgent report unless something else is given. */
  claims(given?: Claims): Bericht;
  sign(claims: object, key?: SigningKey): Promise<string>;
  seal(jws: string): Promise<string>;
  /** Offers a sealed submission as a door would. */
  offer(jwe: string, given?: Given): Promise<RouteAnswer>;
  /** Signs, seals and offers. */
  send(
    claims: Claims,
    given?: Given,
  ): Promise<RouteAnswer & { jws: string; jwe: string; claims: Bericht }>;
  ask<Q extends Question>(
    question: Q,
    ask: Questions[Q]['ask'],
  ): Promise<Answer<Questions[Q]['value']>>;
  ticket(given?: object): Promise<string>;
  /** What a request to the door about messages of its own comes with. */
  showing(given?: object): Promise<{ headers: { authorization: string } }>;
  /** With a ticket that says what was seen, when that is given. */
  collect(given?: Collected): Promise<Questions['collect']['value']>;
  /** Opens a delivery that is for this agency. */
  open(jwe: string): Promise<{ jws: string; claims: Bericht; note: Record<string, unknown> }>;
  receipt(
    jws: string,
    staat: State,
    given?: { fact?: Partial<Feit>; claims?: Partial<Ontvangstbewijs> },
  ): Promise<string>;
}

export interface PlayerOptions {
  readonly identity: IdentityConfig;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly router: Identity;
}

const TIMEOUT = { timeoutMs: 60_000 };

export async function openPlayer({
  bus,
  clock,
  router,
  ...options
}: PlayerOptions): Promise<Player> {
  const identity = await loadIdentity(options.identity);
  const { oin } = identity;
  const to = sealForOf(router);
  const now = () => Math.floor(clock.now() / 1000);
  const askOne: Player['ask'] = async (question, ask) =>
    decode(await bus.ask(subjects.ask(question), Buffer.from(JSON.stringify(ask)), TIMEOUT));
  const player: Player = {
    oin,
    identity,
    claims: (given = {}) => ({
      ...{ iss: toUrn(oin), jti: newUuid7(clock.now()), iat: now(), exp: now() + 86_400 },
      ...{ berichttype: 'vt-melding', versie: '1.0', conversatie: newUuid7(clock.now()) },
      ...{ grondslag: 'bpg-4.2.1.i', prio: 'spoed', inhoud: body('vt-melding', 'heusden-spoed') },
      ...given,
    }),
    sign: (claims, key = identity.signing) => sign(claims, TYP.message, key),
    seal: (jws) => seal(Buffer.from(jws), CTY.submission, to),
    async offer(jwe, { peer = oin, prio = 'spoed' } = {}) {
      const headers = { [ROUTE_HEADERS.peer]: peer, [ROUTE_HEADERS.prio]: prio };
      return decode(await bus.ask(subjects.route(prio), Buffer.from(jwe), { ...TIMEOUT, headers }));
    },
    async send(given, how = {}) {
      const claims = player.claims(given);
      const jws = await player.sign(claims);
      const jwe = await player.seal(jws);
      return { ...(await player.offer(jwe, { prio: claims.prio, ...how })), jws, jwe, claims };
    },
    ask: askOne,
    ticket: (given = {}) =>
      sign(
        {
          ...{ iss: toUrn(oin), aud: toUrn(router.oin), postbus: toUrn(oin) },
          ...{ jti: newUuid7(clock.now()), iat: now(), exp: now() + 300, ...given },
        },
        TYP.ticket,
        identity.signing,
      ),
    showing: async (given) => ({
      headers: { authorization: `Bearer ${await player.ticket(given)}` },
    }),
    async collect({ gezien, ...given } = {}) {
      const bewijs = given.bewijs ?? (await player.ticket(gezien && { gezien }));
      const answer = await askOne('collect', {
        peer: oin,
        postbus: oin,
        verzoek: { ...given, bewijs },
      });
      if (!answer.ok) throw Object.assign(new Error(answer.problem.code), answer);
      return answer.value;
    },
    async open(jwe) {
      const opened = await open(jwe, CTY.delivery, (x5t) =>
        identity.opening.find((k) => k.x5t === x5t),
      );
      if (opened === null) throw new Error('not for me');
      const { bericht, routenota } = JSON.parse(opened.plaintext.toString()) as Aflevering;
      const { claims } = readJws(bericht, TYP.message);
      return {
        jws: bericht,
        claims: claims as unknown as Bericht,
        note: readJws(routenota, TYP.routeNote).claims,
      };
    },
    receipt(jws, staat, { fact = {}, claims = {} } = {}) {
      const { iss, jti, conversatie } = readJws(jws, TYP.message).claims as unknown as Bericht;
      const receipt: Ontvangstbewijs = {
        ...{ iss: toUrn(oin), aud: iss, jti: newUuid7(clock.now()), iat: now(), txn: conversatie },
        events: {
          [RECEIPT_EVENT]: { staat, afzender: iss, bericht: jti, dig: digestOf(jws), ...fact },
        },
        ...claims,
      };
      return sign(receipt, TYP.receipt, identity.signing);
    },
  };
  return player;
}

function sealForOf(router: Identity) {
  const certificate = router.certificates.find((one) => usesOf(one).includes('vertrouwelijkheid'));
  if (certificate === undefined) throw new Error('the router has no certificate to seal for');
  return { certificate, alg: sealAlgOf(certificate.publicKey, 'RSA-OAEP-256') };
}

const decode = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString()) as T;

/** A sample body, as it lies beside the schemas. */
export const body = (type: string, name: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(
      join(projectFolder(), 'schemas', 'messages', 'samples', type, `${name}.json`),
      'utf8',
    ),
  );

/** What stands in an answer that must be a yes. */
export function accepted(answer: RouteAnswer): Inzending {
  if (answer.ok) return answer.value;
  throw new Error(`refused: ${JSON.stringify(answer.problem)}`);
}

/** The problem in an answer that must be a no. */
export function refused(answer: RouteAnswer): Problem {
  if (!answer.ok) return answer.problem;
  throw new Error('accepted, and should have been refused');
}

/** A case event of an agency, and the case that it is about. */
export function eventBody(oin: Oin): { zaak: Uuid; inhoud: Record<string, unknown> } {
  const sample = body('zaak-gebeurtenis', 'zaakstatus-gewijzigd');
  const zaak = parseUuid(sample['subject']);
  return { zaak, inhoud: { ...sample, source: `${toUrn(oin)}:systeem:zaaksysteem` } };
}
