/**
 * One agency alone, in a process of its own with nothing but its own keys: tries every operation of
 * the OpenAPI document that the door itself gives, with ids and OINs of somebody else, and prints
 * what came back as JSON. Started by the tests; it reads what it may use from standard input.
 */
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import type { IdentityConfig } from '../../certs/config.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { newUuid7, parseOin, toUrn } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';

export interface WalkInput {
  readonly url: string;
  readonly identity: IdentityConfig;
  readonly authorities: readonly string[];
  readonly router: string;
  /** What stands in a path or a body: by name, that of another, and one that nobody has. */
  readonly values: readonly {
    readonly whose: string;
    readonly oin: string;
    readonly jti: string;
    readonly receipt: string;
  }[];
}

export interface Step {
  readonly operation: string;
  readonly whose: string;
  readonly how: string;
  readonly status: number;
  readonly body: unknown;
}

interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly requestBody?: { readonly content: object };
        readonly security?: readonly Readonly<Record<string, unknown>>[];
      }
    >
  >;
}

const {
  url,
  identity: config,
  authorities,
  router,
  values,
} = JSON.parse(await text(process.stdin)) as WalkInput;
const identity = await loadIdentity(config);
const agent = new Agent({ connect: { ca: [...authorities], ...identity.tls } });

interface Try {
  readonly how: string;
  readonly body?: string;
  readonly type?: string;
  readonly ticket?: string;
}

async function ask(method: string, path: string, { body, type, ticket }: Partial<Try> = {}) {
  const answer = await request(`${url}${path}`, {
    ...{ method: method as 'GET', dispatcher: agent, body: body ?? null },
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(ticket !== undefined && { authorization: `Bearer ${ticket}` }),
    },
  });
  const said = await answer.body.text();
  return { status: answer.statusCode, body: said === '' ? undefined : JSON.parse(said) };
}

const now = () => Math.floor(Date.now() / 1000);
/** A ticket that this agency signs, for whatever mailbox. */
const ticket = (postbus: string, iss: string = identity.oin) =>
  sign(
    {
      ...{
        iss: toUrn(parseOin(iss)),
        aud: toUrn(parseOin(router)),
        postbus: toUrn(parseOin(postbus)),
      },
      ...{ jti: newUuid7(Date.now()), iat: now(), exp: now() + 300 },
    },
    TYP.ticket,
    identity.signing,
  );

/** A receipt that this agency signs about whatever message. */
const statement = (oin: string, bericht: string) =>
  sign(
    {
      ...{
        iss: toUrn(identity.oin),
        aud: toUrn(parseOin(oin)),
        jti: newUuid7(Date.now()),
        iat: now(),
      },
      ...{ txn: newUuid7(Date.now()) },
      events: {
        [RECEIPT_EVENT]: {
          staat: 'afgeleverd',
          afzender: toUrn(parseOin(oin)),
          bericht,
          dig: 'A'.repeat(43),
        },
      },
    },
    TYP.receipt,
    identity.signing,
  );

const ticketsOf = async (oin: string): Promise<readonly (readonly [string, string])[]> => [
  ['own ticket', await ticket(identity.oin)],
  ['ticket for it', await ticket(oin)],
  ['ticket in its name', await ticket(oin, oin)],
];

/** The ways to try an operation. @param asksTicket whether it wants one as bearer token */
async function triesOf(
  { type, asksTicket }: { type: string | undefined; asksTicket: boolean },
  { oin, jti, receipt }: WalkInput['values'][number],
): Promise<Try[]> {
  if (asksTicket) {
    const tickets = (await ticketsOf(oin)).map(([how, one]) => ({ how, ticket: one }));
    return [{ how: 'no ticket' }, ...tickets];
  }
  if (type === undefined) return [{ how: '' }];
  if (type === 'application/json') {
    const body = (bewijs: string) => JSON.stringify({ bewijs, maximum: 50 });
    return (await ticketsOf(oin)).map(([how, one]) => ({ how, type, body: body(one) }));
  }
  const own = await statement(oin, jti);
  return [
    { how: 'what is its', type, body: receipt },
    { how: 'a receipt of its own about it', type, body: own },
    { how: 'rubbish', type, body: 'e30.e30.AAAA' },
  ];
}

const { body: document } = (await ask('GET', '/v1/openapi.json')) as { body: Document };
const steps: Step[] = [];
for (const [path, methods] of Object.entries(document.paths))
  for (const [method, { requestBody, security = [] }] of Object.entries(methods))
    for (const value of values) {
      const { whose, oin, jti } = value;
      const [type] = Object.keys(requestBody?.content ?? {});
      const asksTicket = security.some((one) => 'collectionTicket' in one);
      const filled = path
        .replace('{oin}', oin)
        .replace('{jti}', jti)
        .replace('{id}', jti)
        .replace('{kant}/{sinds}/{na}', 'verzonden/0/0')
        .replace('{berichttype}', 'vt-melding')
        .replace('{versie}', '1.0');
      for (const one of await triesOf({ type, asksTicket }, value)) {
        const { how } = one;
        const { status, body: said } = await ask(method.toUpperCase(), `/v1${filled}`, one);
        steps.push({
          operation: `${method.toUpperCase()} ${path}`,
          whose,
          how,
          status,
          body: said,
        });
      }
    }
await agent.destroy();
process.stdout.write(JSON.stringify(steps));
