import { systemClock } from '../../schemas/clock.ts';
import type { Command } from '../../schemas/command.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import type { Thread, ThreadSummary } from '../thread.ts';
import { draw } from './draw-thread.ts';
import { findConsultation } from './find-consultation.ts';
import { findApi, textOf, WHERE } from './local-api.ts';
import { counted, shortly } from './words.ts';

/** Anything else is the number of a question that we put: its conversation is meant. */
const IS_ID = new RegExp(PATTERNS.uuid, 'i');
const NEITHER =
  'ketenpost case list shows cases, ketenpost consult list the numbers of consultations';

export const show: Command = {
  name: 'case show <id>',
  summary: 'every message of one case or conversation, as one line of time',
  options: WHERE,
  example: 'ketenpost case show 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([id = ''], options) {
    const api = await findApi(options);
    const thread = IS_ID.test(id) ? id : await findConsultation(api, id, NEITHER);
    const found = await api.get<Thread>(`/v1/zaken/${encodeURIComponent(thread)}`);
    return { json: found, text: draw(found, systemClock.now()) };
  },
};

export const list: Command = {
  name: 'case list',
  summary: 'cases and conversations, the one with the newest message first',
  options: [['--count <number>', 'how many', '30'], ...WHERE],
  example: 'ketenpost case list --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const count = encodeURIComponent(textOf(options, 'count') ?? '30');
    const found = await api.get<{ draden: ThreadSummary[] }>(`/v1/zaken?aantal=${count}`);
    const waiting = found.draden.filter(({ opOns }) => opOns > 0).length;
    return {
      json: found,
      text: `${counted(found.draden.length, 'thread')}, ${waiting} with something for us`,
      table: {
        head: ['last message', 'messages', 'with', 'waits', '', 'case or conversation'],
        rows: found.draden.map((one) => [
          ...[shortly(one.laatste), `${one.berichten}${one.afgekapt ? '+' : ''}`],
          one.partijen.map(({ naam, oin }) => naam ?? oin).join(', '),
          waits(one),
          ...[one.soort === 'zaak' ? 'case' : '', one.draad],
        ]),
      },
    };
  },
};

export const cases: Command = {
  ...list,
  name: 'case',
  example: 'ketenpost case --config adapter.yaml',
};

const waits = ({ opOns, onderweg, alarmen }: ThreadSummary): string =>
  [
    alarmen > 0 ? 'ALARM' : '',
    opOns > 0 ? `${opOns} for us` : '',
    onderweg > 0 ? `${onderweg} under way` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
