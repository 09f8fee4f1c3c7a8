/** Routes for evidence: what came in and was refused. The list has no content. */
import { Refusal } from '../../../schemas/refusal.ts';
import { instant } from '../../instant.ts';
import type { Rooms } from '../../rooms.ts';
import type { EvidenceRow } from '../../store/evidence.ts';
import { count, paging } from './paging.ts';
import type { Asked, Given, Route } from './route.ts';
import { jti, oin, text, time } from './words.ts';

const piece = {
  digest: text('SHA-256 of what came in'),
  soort: { type: 'string', enum: ['aflevering', 'ontvangstbewijs', 'waarmerk', 'alarm'] },
  op: time,
  code: text('Why it was refused'),
  afzender: oin,
  bericht: jti,
} as const;

const view = ({ digest, kind, at, code, sender, message }: EvidenceRow) => ({
  digest,
  soort: kind,
  op: instant(at),
  code,
  ...(sender && { afzender: sender }),
  ...(message && { bericht: message }),
});

function list(rooms: Rooms, { query }: Asked): Given {
  return { status: 200, body: { bewijzen: rooms.store.evidence.list(count(query)).map(view) } };
}

function one({ store }: Rooms, { path }: Asked): Given {
  const digest = path['digest'] ?? '';
  const found = store.evidence.get(digest);
  const stuk = store.evidence.content(digest);
  if (found === undefined || stuk === undefined) {
    throw new Refusal('not-found', undefined, [], 'adapter');
  }
  return { status: 200, body: { ...view(found), stuk } };
}

export const EVIDENCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/bewijzen',
    summary: 'What came in and was refused, the newest first; without its content',
    query: [paging],
    answer: {
      type: 'object',
      required: ['bewijzen'],
      properties: { bewijzen: { type: 'array', items: { type: 'object', properties: piece } } },
    },
    status: 200,
    codes: [],
    handle: list,
  },
  {
    method: 'GET',
    path: '/v1/bewijzen/{digest}',
    summary: 'One piece, byte for byte as it came: sealed or signed, by whom it says',
    answer: {
      type: 'object',
      required: ['digest', 'stuk'],
      properties: { ...piece, stuk: text('Compact JWE or JWS') },
    },
    status: 200,
    codes: ['not-found'],
    handle: one,
  },
];
