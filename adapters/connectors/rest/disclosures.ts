/** Routes for how a case of ours stands, to be given to those who were told of it, and for who asked. */
import { PATTERNS, parseOin, parseUuid } from '../../../schemas/ids.ts';
import { GRONDSLAGEN } from '../../../schemas/policy.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { fetchCase } from '../../dataref/fetch.ts';
import { instant } from '../../instant.ts';
import { namesOf } from '../../names.ts';
import type { Rooms } from '../../rooms.ts';
import type { Disclosure } from '../../store/disclosures.ts';
import { names } from './names-schema.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { type Acknowledgement, acknowledgement } from './schemas.ts';
import { oin, text, time } from './words.ts';

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

const disclosure = {
  type: 'object',
  required: ['op', 'afnemer', 'zaak', 'uitkomst'],
  properties: {
    op: time,
    afnemer: { ...oin, description: 'Who asked, by its TLS certificate' },
    zaak,
    uitkomst: text(
      'verstrekt, or why not: certificaat, geschorst, niet-te-beoordelen, te-vaak, niet-verteld, geen-stand, geen-recht',
    ),
    grondslag: text('On which basis it was given'),
    digest: text('SHA-256 of what was given'),
  },
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

/** @throws Refusal bad-request */
function asked<T>(name: string, value: string | undefined, read: (value: unknown) => T): T | null {
  try {
    return value === undefined ? null : read(value);
  } catch {
    throw new Refusal('bad-request', `${name} is not one`);
  }
}

function list(rooms: Rooms, { query }: Asked): Given {
  const of = asked('zaak', query['zaak'], parseUuid);
  const peer = asked('afnemer', query['afnemer'], parseOin);
  const [limit, offset] = [count(query), furtherOn(query)];
  const rows = rooms.store.disclosures.list({ zaak: of, peer, limit, offset });
  const more = rows.length === limit && { volgende: String(offset + limit) };
  const namen = namesOf(
    rooms,
    rows.map((row) => row.peer),
  );
  return { status: 200, body: { verstrekkingen: rows.map(viewOf), namen, ...more } };
}

const viewOf = ({ at, peer, zaak: of, outcome, basis, digest }: Disclosure) => ({
  ...{ op: instant(at), afnemer: peer, zaak: of, uitkomst: outcome },
  ...(basis !== null && { grondslag: basis }),
  ...(digest !== null && { digest }),
});

async function fetched(rooms: Rooms, { path, body }: Asked): Promise<Given> {
  const { medewerker } = body as Acknowledgement;
  const id = { sender: path['afzender'] ?? '', jti: path['jti'] ?? '' };
  const { at, digest, answer } = await fetchCase(rooms, id, medewerker);
  return { status: 200, body: { opgehaaldOp: instant(at), digest, gegevens: answer } };
}

export const DISCLOSURES: readonly Route[] = [
  {
    method: 'PUT',
    path: '/v1/zaken/{zaak}/stand',
    summary: 'Put here how a case of yours stands, for those whom your events told of it',
    body: putting,
    answer: kept,
    status: 200,
    codes: ['schema-invalid', 'bad-request'],
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
    codes: ['not-found', 'bad-request'],
    handle: remove,
  },
  {
    method: 'GET',
    path: '/v1/verstrekkingen',
    summary: 'Who asked how a case of yours stands, when, and what came of it; the newest first',
    query: [
      { name: 'zaak', description: 'Only of this case', schema: { type: 'string' } },
      { name: 'afnemer', description: 'Only what this agency asked', schema: { type: 'string' } },
      skipping,
      paging,
    ],
    answer: {
      type: 'object',
      required: ['verstrekkingen'],
      properties: {
        verstrekkingen: { type: 'array', items: disclosure },
        namen: names,
        volgende: text('Ask from here for more'),
      },
    },
    status: 200,
    codes: ['bad-request'],
    handle: list,
  },
  {
    method: 'POST',
    path: '/v1/postvak/{afzender}/{jti}/_haalop',
    summary:
      'Fetch what an event points to, at its source; who did is recorded, what came is not kept',
    body: acknowledgement,
    answer: {
      type: 'object',
      required: ['opgehaaldOp', 'digest', 'gegevens'],
      properties: {
        opgehaaldOp: time,
        digest: text('SHA-256 of what was given; the source has recorded the same'),
        gegevens: { type: 'object', description: 'As the source gave it' },
      },
    },
    status: 200,
    codes: [
      'not-found',
      'destroyed',
      'source-not-trusted',
      'source-unreachable',
      'not-authenticated',
    ],
    handle: fetched,
  },
];
