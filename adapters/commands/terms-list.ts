/** The clocks of an agency, or of each agency that an adapter serves. */
import { systemClock } from '../../schemas/clock.ts';
import type { Command, Report } from '../../schemas/command.ts';
import type { Names } from '../names.ts';
import type { TermView } from '../terms/story.ts';
import { findApi, type Options, textOf, WHERE } from './local-api.ts';
import { left, shortEnd } from './terms-words.ts';
import { counted } from './words.ts';

/** `eigenaar`: the agency whose clock it is; absent when the adapter was found by its address. */
type Listed = TermView & { readonly eigenaar?: string; readonly van?: string };

const SUMMARY = 'statutory clocks, and which have run out';
const OPTIONS: Command['options'] = [['--overdue', 'only those that have run out'], ...WHERE];

async function run(_args: readonly string[], options: Options): Promise<Report> {
  const found = await Promise.all((await whose(options)).map((one) => ask(options, one)));
  const all = found.flat().sort((a, b) => a.eind.localeCompare(b.eind));
  const late = all.filter(({ staat }) => staat === 'verstreken');
  const termijnen = options['overdue'] === true ? late : all;
  const several = new Set(all.map(({ eigenaar }) => eigenaar)).size > 1;
  return {
    json: { termijnen },
    text: `${counted(all.length, 'clock')}, ${late.length} of them overdue`,
    table: {
      head: [...(several ? ['agency'] : []), 'term', 'until', 'left', 'message'],
      rows: termijnen.map((one) => [...(several ? [one.eigenaar ?? ''] : []), ...row(one)]),
    },
  };
}

/** Every agency of the configuration that has a local API, unless one is named. */
async function whose(options: Options): Promise<readonly (string | undefined)[]> {
  const config = textOf(options, 'config');
  const named = textOf(options, 'agency');
  if (config === undefined || named !== undefined || textOf(options, 'url') !== undefined)
    return [named];
  const { readAdapterConfig } = await import('../config.ts');
  const { agencies } = await readAdapterConfig(config);
  const withApi = agencies.filter(({ rest }) => rest !== undefined);
  return withApi.length === 0 ? [undefined] : withApi.map(({ identity }) => identity.oin);
}

async function ask(options: Options, agency: string | undefined): Promise<Listed[]> {
  const api = await findApi({ ...options, agency });
  const found = await api.get<{ termijnen: TermView[]; namen?: Names }>('/v1/termijnen');
  return found.termijnen.map((one) => {
    const van = found.namen?.[one.afzender];
    return { ...(agency !== undefined && { eigenaar: agency }), ...one, ...(van && { van }) };
  });
}

/** Who sent the message stands before it, so that a narrow screen folds between the two. */
function row({ klok, afzender, bericht, eind, herinnerdOp, van }: Listed): string[] {
  const rest = left(Date.parse(eind) - systemClock.now());
  const message = `${afzender}/${bericht}`;
  return [
    ...[klok, shortEnd(eind), herinnerdOp === undefined ? rest : `${rest}, reminded`],
    van === undefined ? message : `${van} ${message}`,
  ];
}

const example = (name: string): string => `ketenpost ${name} --overdue --config adapter.yaml`;

export const terms: Command = {
  name: 'terms',
  summary: SUMMARY,
  options: OPTIONS,
  example: example('terms'),
  run,
};

export const list: Command = { ...terms, name: 'terms list', example: example('terms list') };
