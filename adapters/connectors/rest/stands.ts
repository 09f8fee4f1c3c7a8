/** Routes for how a case of ours stands, to be given to those who were told of it (dataref/serve.ts). */
import { PATTERNS, parseUuid } from '../../../schemas/ids.ts';
import { GRONDSLAGEN } from '../../../schemas/policy.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { Asked, Given, Route } from './route.ts';
import { text, time } from './words.ts';

/** What may be put here of one case, as JSON. */
const LARGEST = 64 * 1024;

const zaak = text('Case, opaque', { pattern: PATTERNS.uuid });
const stand = {
  description: 'How the case stands, in the words of your own system; at most 64 KB',
};

const putting = {
  type: 'object',
  additionalProperties: false,
  required: ['grondslag', 'stand'],
  properties: {
    grondslag: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', enum: Object.keys(GRONDSLAGEN) },
      description: 'Legal bases on which it may be given: the matrix says to whom on each',
    },
    stand,
  },
} as const;

const kept = {
  type: 'object',
  required: ['zaak', 'bijgewerktOp'],
  properties: { zaak, bijgewerktOp: time },
} as const;

const caseIn = ({ path }: Asked) => {
  try {
    return parseUuid(path['zaak'] ?? '');
  } catch {
    throw new Refusal('bad-request', 'not the id of a case');
  }
};

async function put({ store, clock }: Rooms, asked: Asked): Promise<Given> {
  const { grondslag, stand: given } = asked.body as { grondslag: string[]; stand: unknown };
  const of = caseIn(asked);
  if (Buffer.byteLength(JSON.stringify(given)) > LARGEST) {
    throw new Refusal('too-large', `how a case stands has at most ${LARGEST} bytes of JSON`);
  }
  const at = clock.now();
  await store.write(() => store.stands.put({ zaak: of, bases: grondslag, at, stand: given }));
  return { status: 200, body: { zaak: of, bijgewerktOp: instant(at) } };
}

async function remove({ store }: Rooms, asked: Asked): Promise<Given> {
  const of = caseIn(asked);
  const was = await store.write(() => store.stands.remove(of));
  if (!was) throw new Refusal('not-found', 'nothing was put here of this case');
  return { status: 200, body: { zaak: of, staat: 'verwijderd' } };
}

export const STANDS: readonly Route[] = [
  {
    method: 'PUT',
    path: '/v1/zaken/{zaak}/stand',
    summary: 'Put here how a case of yours stands, for those whom your events told of it',
    body: putting,
    answer: kept,
    status: 200,
    codes: ['schema-invalid'],
    handle: put,
  },
  {
    method: 'DELETE',
    path: '/v1/zaken/{zaak}/stand',
    summary: 'Take away how a case of yours stands: from now on nobody is given it',
    answer: {
      type: 'object',
      required: ['zaak', 'staat'],
      properties: { zaak, staat: { const: 'verwijderd' } },
    },
    status: 200,
    codes: ['not-found'],
    handle: remove,
  },
];
