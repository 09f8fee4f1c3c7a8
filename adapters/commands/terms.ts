import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import { TERMS, type TermEntry } from '../../schemas/terms.ts';
import { BY, who } from './employee.ts';
import { findApi, WHERE } from './local-api.ts';

interface TermView {
  readonly klok: string;
  readonly naam: string;
  readonly afzender: string;
  readonly bericht: string;
  readonly eind: string;
  readonly staat: 'loopt' | 'verstreken';
}

export const terms: Command = {
  name: 'terms',
  summary: 'statutory clocks, and which have run out',
  options: [['--overdue', 'only those that have run out'], ...WHERE],
  example: 'ketenpost terms --overdue --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const all = (await api.get<{ termijnen: TermView[] }>('/v1/termijnen')).termijnen;
    const termijnen = all.filter(
      ({ staat }) => options['overdue'] !== true || staat === 'verstreken',
    );
    const late = all.filter(({ staat }) => staat === 'verstreken').length;
    return {
      json: { termijnen },
      text: `${all.length} running, ${late} of them overdue`,
      table: {
        head: ['term', 'until', 'left', 'sender', 'message'],
        rows: termijnen.map((one) => [
          ...[one.naam, dutch(one.eind), left(Date.parse(one.eind) - systemClock.now())],
          ...[one.afzender, one.bericht],
        ]),
      },
    };
  },
};

const DUTCH = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Amsterdam',
  dateStyle: 'short',
  timeStyle: 'short',
});
/** The last minute that counts: a day ends at midnight, which people read as the day after. */
const dutch = (end: string): string => DUTCH.format(Date.parse(end) - 60_000);

const left = (ms: number): string => {
  const hours = Math.floor(Math.abs(ms) / 3_600_000);
  const text = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
  return ms < 0 ? `OVERDUE ${text}` : text;
};

const SAY = { begin: 'begin', extend: 'verleng', end: 'einde' } as const;

const say = (word: keyof typeof SAY, summary: string, term: string): Command => ({
  name: `terms ${word} <term> <message>`,
  summary,
  options: [BY, ...WHERE],
  example: `ketenpost terms ${word} ${term} 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml`,
  async run([klok = '', message = ''], options) {
    const known = Object.keys(TERMS);
    if (!known.includes(klok)) {
      throw new CommandError(
        'usage',
        `there is no term ${klok}`,
        `Use one of ${known.join(', ')}.`,
      );
    }
    const [sender = '', jti = ''] = message.split('/');
    if (jti === '') {
      throw new CommandError(
        'usage',
        `${message} names no message`,
        'Write SENDER/ID, as terms lists them.',
      );
    }
    const api = await findApi(options);
    const path = ['', 'v1', 'termijnen', klok, sender, jti, `_${SAY[word]}`]
      .map(encodeURIComponent)
      .join('/');
    const done = await api.post<object>(path, { medewerker: who(options) });
    const { naam }: TermEntry = TERMS[klok as keyof typeof TERMS];
    return { json: done, text: `${naam}: ${SAY[word]}` };
  },
});

export const begin = say('begin', 'a clock of yours begins', 'onderzoek');
export const extend = say('extend', 'a clock of yours is made longer', 'informeren-betrokkene');
export const end = say('end', 'a clock of yours ends: it is done', 'informeren-betrokkene');
