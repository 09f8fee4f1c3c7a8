/** The route that tells how the adapter of this agency is: what needs a person, in numbers. */
import type { Rooms } from '../../rooms.ts';
import { gapsOf } from '../../subscriptions/gaps.ts';
import type { Given, Route } from './route.ts';
import { oin, time } from './words.ts';

const number = (description: string) => ({ type: 'integer', description });

const condition = {
  type: 'object',
  required: ['oin', 'opslagVol', 'alarmen', 'wachtOpMens', 'hiaten', 'vermist'],
  properties: {
    oin,
    opslagVol: { type: 'boolean', description: 'The disk is full: nothing can be stored' },
    alarmen: number('Urgent messages that wait too long; see /v1/alarmen'),
    wachtOpMens: number('Messages that no system of the agency took; see /v1/koppelingen'),
    hiaten: number('Gaps in cases that you subscribed to; see /v1/abonnementen/hiaten'),
    vermist: number('Messages that came after the backup that was restored; see /v1/vermist'),
    teruggezetOp: { ...time, description: 'When a backup was restored into this store' },
    teruggezetVan: { ...time, description: 'When that backup was made' },
  },
} as const;

const MOST = 1_000;

function tell(rooms: Rooms): Given {
  const { oin: own, store } = rooms;
  const restored = store.history.restored();
  return {
    status: 200,
    body: {
      oin: own,
      opslagVol: store.space.full,
      alarmen: store.alarms.open(MOST).length,
      wachtOpMens: store.handovers.inState('mens', MOST).length,
      hiaten: gapsOf(rooms).length,
      vermist: store.missing.count(),
      ...(restored && { teruggezetOp: restored.at, teruggezetVan: restored.from }),
    },
  };
}

export const CONDITION: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/toestand',
    summary: 'How this adapter is: what needs a person, in numbers',
    answer: condition,
    status: 200,
    codes: [],
    handle: tell,
  },
];
