import { readFileSync } from 'node:fs';
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import { readObject } from '../../schemas/read.ts';
import type { Question } from '../consult/put-question.ts';
import { readTime, sayTime } from '../consult/time-said.ts';
import { leftInWords } from '../consult/words.ts';
import { partnersTable, warnings } from '../consult/words-before.ts';
import { BY, who } from './employee.ts';
import { ALL, allConsultations, findConsultation, oneAt } from './find-consultation.ts';
import {
  findApi,
  type LocalApi,
  type Options,
  oneOf,
  textOf,
  WHERE,
  whereAgain,
} from './local-api.ts';
import { endOf } from './say-end.ts';
import { verdict } from './verdict.ts';

const CHECK = [
  '--check',
  'send nothing: check the body, and show which partners are open',
] as const;
export const open: Command = {
  name: 'consult open <file>',
  summary: 'put one question to several partners under one clock; - reads from stdin',
  options: [
    ['--to <oins>', 'the partners, with commas between them'],
    ['--basis <code>', 'legal basis'],
    ['--clock <clock>', 'zsm-6 or zsm-9: hours of questioning, the night not counted'],
    ['--arrest <time>', 'since when the clock runs: 22:10, or date and time'],
    ['--until <time>', 'an end of your own, instead of --clock and --arrest'],
    ['--type <type>', 'type of the question', 'check-op-bekendheid'],
    ['--zaak <uuid>', 'case'],
    CHECK,
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost consult open vraag.json --to 00000099000000020000,00000099000000050000 --basis wjsg-39f.1.f --clock zsm-6 --arrest 22:10 --config adapter.yaml',
  async run([file = '-'], options) {
    const [zaak, grondslag] = [textOf(options, 'zaak'), textOf(options, 'basis')];
    if (grondslag === undefined) {
      const next = 'name the legal basis, such as --basis wjsg-39f.1.f';
      throw new CommandError('usage', '--basis is missing', next);
    }
    const given = {
      ...question(file, options),
      ...clock(options),
      aan: partnersIn(options),
      grondslag,
      ...(zaak !== undefined && { zaak }),
    };
    return await ask(await findApi(options), ALL, given, options);
  },
};

export const askMore: Command = {
  name: 'consult ask <conversation> <file>',
  summary: 'ask more under the same clock, of those who know the person; - reads from stdin',
  options: [
    ['--to <oins>', 'who is asked; those who said that the person is known, when absent'],
    ['--basis <code>', 'legal basis; that of the first question when absent'],
    ['--type <type>', 'type of the question', 'verzoek-casusinformatie'],
    CHECK,
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost consult ask 0192f0c1-7d3e-7abc-8def-0123456789ab vraag.json --config adapter.yaml',
  async run([conversation = '', file = '-'], options) {
    const grondslag = textOf(options, 'basis');
    const given = {
      ...question(file, options),
      ...(textOf(options, 'to') !== undefined && { aan: partnersIn(options) }),
      ...(grondslag !== undefined && { grondslag }),
    };
    const api = await findApi(options);
    const path = oneAt(await findConsultation(api, conversation), '/_vraag');
    return await ask(api, path, given, options);
  },
};

/** An id of our own: should the adapter fall silent, nothing is asked twice. */
function question(file: string, options: Options) {
  const type = textOf(options, 'type');
  return {
    jti: newUuid7(systemClock.now()),
    medewerker: who(options),
    ...(type !== undefined && { berichttype: type }),
    inhoud: readObject(readFileSync(file === '-' ? 0 : file)),
  };
}

/** @throws CommandError usage */
function partnersIn(options: Options): string[] {
  const to = textOf(options, 'to');
  if (to === undefined) {
    throw new CommandError('usage', '--to is missing', 'name the partners, with commas between');
  }
  return to.split(',').map((oin) => oin.trim());
}

/** @throws CommandError usage */
function clock(options: Options) {
  const klok = oneOf(options, 'clock', ['zsm-6', 'zsm-9'] as const);
  const until = textOf(options, 'until');
  if (klok !== undefined && until !== undefined) {
    const next = '--clock ends by the law; leave out --until, or --clock and --arrest';
    throw new CommandError('usage', 'both --clock and --until are given', next);
  }
  if ((klok === undefined) === (until === undefined)) {
    const next = 'give --clock with --arrest, or --until';
    throw new CommandError('usage', 'it is not said which clock runs', next);
  }
  if (until !== undefined) return { klok: 'vrij', eind: endOf(until) };
  const arrest = textOf(options, 'arrest');
  if (arrest === undefined) {
    const next = 'the clock of the law runs since the arrest: give --arrest 22:10';
    throw new CommandError('usage', '--arrest is missing', next);
  }
  return { klok, aanvang: since(arrest) };
}

function since(said: string): string {
  const at = readTime(said, systemClock.now());
  if (at !== undefined) return new Date(at).toISOString();
  const next = 'write 22:10, 2026-03-02T22:10 (Dutch time), or a moment with its zone';
  throw new CommandError('usage', `--arrest ${said} is no time`, next);
}

/** A closed partner is a warning, no refusal; the router's refusal is one. */
async function ask(api: LocalApi, path: string, given: Given, options: Options): Promise<Report> {
  const isCheck = options['check'] === true;
  const used = path === ALL ? await sameNumber(api, given) : [];
  const asked = await api.post<Question>(path, { ...given, ...(isCheck && { proef: true }) });
  const table = partnersTable(asked, systemClock.now());
  const warned = [...warnings(asked), ...used];
  if (isCheck) {
    const exit = asked.partners.some(({ geweigerd }) => geweigerd) ? 'refused' : 'ok';
    return { json: asked, text: [whole(asked), ...warned].join('\n'), table, exit };
  }
  const taken = await verdict(api, asked.bericht ?? given.jti);
  const text = [
    `${taken ? 'asked' : 'NOT YET ASKED: on its way to the router;'} ${asked.partners.length}; ${whole(asked)}`,
    ...warned,
    `follow it: ketenpost consult show ${asked.conversatie} --watch${whereAgain(options)}`,
  ];
  return { json: asked, text: text.join('\n'), table };
}

interface Given {
  readonly jti: string;
  readonly inhoud: Record<string, unknown>;
}

/** People name a consultation by their number: one that is in use already names two. */
async function sameNumber(api: LocalApi, { inhoud }: Given): Promise<string[]> {
  const { identificatie: number } = inhoud;
  return (await allConsultations(api))
    .filter(({ kenmerk }) => kenmerk !== undefined && kenmerk === number)
    .slice(0, 1)
    .map((one) => `WARNING  the number ${one.kenmerk} is in use: ${one.conversatie}`);
}

function whole(asked: Question): string {
  const now = systemClock.now();
  return `answers count until ${sayTime(asked.eind, now)}: ${leftInWords(asked, now)}`;
}
