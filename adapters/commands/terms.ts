/** What a person says of a clock of the agency: it begins, is longer, has ended. */
import type { Command } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { findApi, WHERE } from './local-api.ts';
import { dutchEnd, readClock } from './terms-words.ts';

const SAY = {
  begin: { path: '_begin', done: 'runs' },
  extend: { path: '_verleng', done: 'is longer' },
  end: { path: '_einde', done: 'has ended' },
} as const;

const say = (word: keyof typeof SAY, summary: string, term: string): Command => ({
  name: `terms ${word} <term> <message>`,
  summary,
  options: [BY, ...WHERE],
  example: `ketenpost terms ${word} ${term} 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml`,
  async run([klok = '', message = ''], options) {
    const { afzender, bericht } = readClock(klok, message);
    const api = await findApi(options);
    const path = ['', 'v1', 'termijnen', klok, afzender, bericht, SAY[word].path]
      .map(encodeURIComponent)
      .join('/');
    const done = await api.post<{ eind?: string }>(path, { medewerker: who(options) });
    const until = done.eind === undefined ? '' : `, until ${dutchEnd(done.eind)}`;
    return { json: done, text: `${klok} ${SAY[word].done}${until}` };
  },
});

export const begin = say('begin', 'a clock of yours begins', 'onderzoek');
export const extend = say('extend', 'a clock of yours is made longer', 'informeren-betrokkene');
export const end = say('end', 'a clock of yours ends: it is done', 'informeren-betrokkene');
