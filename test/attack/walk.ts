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
    Record<string, { readonly requestBody?: { readonly content: object } }>
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

async function ask(method: string, path: string, body?: string, type?: string) {
  const answer = await request(`${url}${path}`, {
    ...{ method: method as 'GET', dispatcher: agent, body: body ?? null },
    headers: type === undefined ? {} : { 'content-type': type },
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

/** What may be tried as a body of a type, with the name of each way. */
async function bodiesOf(
  type: string | undefined,
  { oin, jti, receipt }: WalkInput['values'][number],
): Promise<[string, string | undefined][]> {
  if (type === undefined) return [['', undefined]];
  if (type === 'application/json') {
    const tickets: [string, string][] = [
      ['own ticket', await ticket(identity.oin)],
      ['ticket for it', await ticket(oin)],
      ['ticket in its name', await ticket(oin, oin)],
    ];
    return tickets.map(([how, bewijs]) => [how, JSON.stringify({ bewijs, maximum: 50 })]);
  }
  const own = await statement(oin, jti);
  return [
    ['what is its', receipt],
    ['a receipt of its own about it', own],
    ['rubbish', 'e30.e30.AAAA'],
  ];
}

const { body: document } = (await ask('GET', '/v1/openapi.json')) as { body: Document };
const steps: Step[] = [];
for (const [path, methods] of Object.entries(document.paths))
  for (const [method, { requestBody }] of Object.entries(methods))
    for (const value of values) {
      const { whose, oin, jti } = value;
      const [type] = Object.keys(requestBody?.content ?? {});
      const filled = path
        .replace('{oin}', oin)
        .replace('{jti}', jti)
        .replace('{berichttype}', 'vt-melding')
        .replace('{versie}', '1.0');
      for (const [how, body] of await bodiesOf(type, value)) {
        const { status, body: said } = await ask(method.toUpperCase(), `/v1${filled}`, body, type);
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
