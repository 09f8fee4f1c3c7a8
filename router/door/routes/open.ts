/** What anybody may read: the interface itself and the schemas of the message types. */

import { openApi } from '../openapi.ts';
import { decline } from '../problems.ts';
import type { DoorRooms } from '../rooms.ts';
import type { PublicRoute } from '../route.ts';

type Types = Pick<DoorRooms, 'types'>;

export const listTypes = ({ types }: Types): PublicRoute => ({
  method: 'GET',
  path: '/berichttypen',
  open: true,
  answer: () => ({
    status: 200,
    body: {
      berichttypen: types.list().map(({ type, versions, summary }) => ({
        berichttype: type,
        versies: versions,
        omschrijving: summary,
      })),
    },
  }),
});

export const bodySchemaOf = ({ types }: Types): PublicRoute => ({
  method: 'GET',
  path: '/berichttypen/{berichttype}/{versie}/schema',
  gives: 'application/schema+json',
  open: true,
  answer({ params }) {
    const schema = types.schemaOf(params['berichttype'] ?? '', params['versie'] ?? '');
    if (schema === undefined) throw decline('not-found', 'no such message type or version');
    return { status: 200, body: schema };
  },
});

export const document = (): PublicRoute => {
  const text = JSON.stringify(openApi());
  return {
    method: 'GET',
    path: '/openapi.json',
    open: true,
    answer: () => ({ status: 200, body: text }),
  };
};
