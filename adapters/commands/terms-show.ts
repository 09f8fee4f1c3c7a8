/** The story of one clock, and the table of clocks in words. */
import { systemClock } from '../../schemas/clock.ts';
import type { Command, Report } from '../../schemas/command.ts';
import type { Stretch } from '../../schemas/count-term.ts';
import { lengthInWords, termInWords } from '../../schemas/term-words.ts';
import { TERMS, type TermEntry, type TermId } from '../../schemas/terms.ts';
import type { Names } from '../names.ts';
import type { ClockStory } from '../terms/story.ts';
import { findApi, WHERE } from './local-api.ts';
import { dutchDay, dutchEnd, dutchTime, left, readClock, readTerm } from './terms-words.ts';
import { hanging, together } from './words.ts';

export const show: Command = {
  name: 'terms show <term> [message]',
  summary:
    'the story of one clock: what began it, its moments and why those; or one row of the table',
  options: WHERE,
  example:
    'ketenpost terms show onderzoek 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([term = '', message], options) {
    if (message === undefined) return rowOf(readTerm(term));
    const { klok, afzender, bericht } = readClock(term, message);
    const api = await findApi(options);
    const path = ['', 'v1', 'termijnen', klok, afzender, bericht].map(encodeURIComponent).join('/');
    const story = await api.get<Told>(path);
    return { json: story, text: storyLines(story, systemClock.now()).join('\n') };
  },
};

export const table: Command = {
  name: 'terms table',
  summary: 'the table of clocks: what begins each, how long it lasts, what ends it, by which law',
  options: [],
  example: 'ketenpost terms table',
  async run() {
    const all = Object.entries<TermEntry>(TERMS);
    return {
      json: { termijnen: TERMS },
      table: {
        head: ['term', 'begins when', 'lasts', 'ends when', 'source'],
        rows: all.map(([id, entry]) => {
          const { begins, lasts, ends } = termInWords(entry);
          return [id, plain(begins), lasts, plain(ends), entry.bron];
        }),
      },
    };
  },
};

const plain = (text: string): string => text.replaceAll('`', '');

function rowOf(term: TermId): Report {
  const entry: TermEntry = TERMS[term];
  const words = termInWords(entry);
  const lines = [
    `${term}: ${entry.naam}`,
    `  begins when ${words.begins}; lasts ${words.lasts}; can be made longer: ${words.longer}`,
    `  ends when ${words.ends}`,
    `  of ${words.owner}; reminded ${words.reminders}; at the end ${words.atTheEnd} is told`,
    `  source: ${entry.bron}`,
  ];
  return { json: { klok: term, ...entry }, text: plain(lines.join('\n')) };
}

type Told = ClockStory & { readonly namen?: Names };

function storyLines(story: Told, now: number): string[] {
  const from = story.namen?.[story.afzender];
  const { klok, naam, bron, afzender, bericht, staat, eind, begonnen, aanvang } = story;
  const { medewerker = 'somebody' } = begonnen;
  const by = begonnen.door === 'ontvangst' ? 'its message was received' : `${medewerker} said so`;
  const rest = staat === 'beeindigd' ? 'ended' : left(Date.parse(eind) - now);
  return [
    `${klok}: ${naam} (${bron})`,
    `  message  ${afzender}/${bericht}${from === undefined ? '' : `, from ${from}`}`,
    `  began    ${dutchTime(aanvang)}: ${by}`,
    ...related(story),
    ...story.telling.flatMap(counted),
    ...story.verlengingen.map((one) => `  longer   ${dutchTime(one.op)}: ${one.medewerker ?? ''}`),
    `  until    ${dutchEnd(eind)} (${rest})`,
    ...story.momenten
      .filter(({ soort }) => soort === 'herinnering')
      .map(({ op }) => `  reminder ${dutchTime(op)}`),
    ...story.herinneringen.map(
      ({ op, soort }) =>
        `  heard    ${dutchTime(op)}: ${soort === 'loopt' ? 'it runs' : 'it has run out'}`,
    ),
    ...ended(story),
  ];
}

const related = ({ correcties, ingetrokkenDoor }: ClockStory): string[] => [
  ...correcties.map((one) => `  corrected by ${one}: the clock runs on`),
  ...(ingetrokkenDoor ? [`  withdrawn by ${ingetrokkenDoor}: the clock runs on`] : []),
];

/** Which days count, and which do not, by name. */
export function counted({ duur, vanaf, laatste, geteld, overgeslagen }: Stretch): string[] {
  const days =
    geteld.length > 0 ? `: ${geteld.map((dag) => together(dutchDay(dag))).join(', ')}` : '';
  const free = overgeslagen.map(({ dag, reden }) => together(`${dutchDay(dag)}${holiday(reden)}`));
  return [
    ...under(
      'counted',
      `${lengthInWords(duur)} after ${dutchDay(vanaf)}, to ${dutchDay(laatste)}${days}`,
    ),
    ...(free.length > 0 ? under('skipped', free.join(', ')) : []),
  ];
}

/** That a day is in the weekend stands before it. */
const holiday = (reden: string): string =>
  reden === 'zaterdag' || reden === 'zondag' ? '' : ` (${reden})`;

/** Of many days on more than one line. */
const under = (what: string, text: string): string[] =>
  hanging(`  ${what}  `, ' '.repeat(what.length + 4), text);

const ENDED = {
  antwoord: 'answered by',
  verklaring: 'said by',
  afwijzing: 'the message was rejected',
} as const;

function ended({ beeindigd }: ClockStory): string[] {
  if (beeindigd === undefined) return [];
  const { op, door, medewerker, antwoord } = beeindigd;
  const how = ENDED[door as keyof typeof ENDED] ?? door;
  return [`  ended    ${dutchTime(op)}: ${[how, antwoord ?? medewerker ?? ''].join(' ').trim()}`];
}
