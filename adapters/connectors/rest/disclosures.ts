/** The route that tells who asked how a case of ours stands, and what came of it. */
import { PATTERNS, parseOin, parseUuid } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { instant } from '../../instant.ts';
import { namesOf } from '../../names.ts';
import type { Rooms } from '../../rooms.ts';
import type { Disclosure } from '../../store/disclosures.ts';
import { names } from './names-schema.ts';
import { count, furtherOn, paging, skipping } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { oin, text, time } from './words.ts';

const zaak = text('Case, opaque', { pattern: PATTERNS.uuid });
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

export const DISCLOSURES: readonly Route[] = [
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
    codes: [],
    handle: list,
  },
];
