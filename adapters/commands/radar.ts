import type { Command, Report } from '../../schemas/command.ts';
import type { Group, Match } from '../radar/view.ts';
import { findApi, type LocalApi, textOf, WHERE } from './local-api.ts';
import { sureness } from './tell-radar.ts';
import { counted, messageOf, shortly } from './words.ts';

export const radar: Command = {
  name: 'radar [message] [id]',
  summary: 'reports about the same people or household',
  options: [['--count <number>', 'how many groups', '20'], ...WHERE],
  example: 'ketenpost radar --config adapter.yaml',
  async run([message, id], options) {
    const named = message === undefined ? undefined : messageOf(message, id);
    const api = await findApi(options);
    if (named === undefined) return groups(api, textOf(options, 'count') ?? '20');
    return one(api, named.afzender, named.bericht);
  },
};

const HEAD = ['received', 'what is the same', 'report'];
/** Of whom it is stands before it, so that a narrow screen folds between the two. */
const rowOf = ({ ontvangenOp, soorten, sterkte, afzender, bericht, staat }: Match): string[] => [
  ...[shortly(ontvangenOp), `${sureness(sterkte)}: ${soorten.join(', ')}`],
  `${afzender.naam}, ${staat} ${afzender.oin}/${bericht}`,
];

async function one(api: LocalApi, sender: string, id: string): Promise<Report> {
  const path = `/v1/radar/${encodeURIComponent(sender)}/${encodeURIComponent(id)}`;
  const found = await api.get<{ aan: boolean; meldingen: Match[] }>(path);
  const text = counted(found.meldingen.length, 'other report');
  return {
    json: found,
    text: found.aan ? `${text} about the same people or household` : OFF,
    table: { head: HEAD, rows: found.meldingen.map(rowOf) },
  };
}

async function groups(api: LocalApi, count: string): Promise<Report> {
  const path = `/v1/radar?aantal=${encodeURIComponent(count)}`;
  const found = await api.get<{ aan: boolean; groepen: Group[]; volgende?: string }>(path);
  const { groepen, volgende } = found;
  const more = volgende === undefined ? '' : '; there are more';
  return {
    json: found,
    text: found.aan ? `${counted(groepen.length, 'group')} of reports${more}` : OFF,
    table: {
      head: ['group', ...HEAD],
      rows: groepen.flatMap(({ meldingen }, at) =>
        meldingen.map((match, place) => [place === 0 ? String(at + 1) : '', ...rowOf(match)]),
      ),
    },
  };
}

const OFF = 'This adapter has no radar: it is for a Veilig Thuis (docs/adapter.md).';
