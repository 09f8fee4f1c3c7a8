import { type Command, CommandError } from '../../schemas/command.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import type { Names } from '../names.ts';
import { findApi, textOf, WHERE } from './local-api.ts';
import { counted, named, shortly } from './words.ts';

interface Disclosure {
  readonly op: string;
  readonly afnemer: string;
  readonly zaak: string;
  readonly uitkomst: string;
  readonly grondslag?: string;
  readonly digest?: string;
}

interface Found {
  readonly verstrekkingen: Disclosure[];
  readonly namen?: Names;
  readonly volgende?: string;
}

export const disclosures: Command = {
  name: 'disclosures',
  summary: 'who asked how a case of yours stands, when, and what came of it',
  options: [
    ['--case <uuid>', 'only of this case'],
    ['--by <oin>', 'only what this agency asked'],
    ['--vanaf <n>', 'leave out this many'],
    ...WHERE,
  ],
  example: 'ketenpost disclosures --config adapter.yaml',
  async run(_args, options) {
    const query = new URLSearchParams();
    for (const [option, name, pattern, next] of [
      ['case', 'zaak', PATTERNS.uuid, 'give the id of a case whole'],
      ['by', 'afnemer', PATTERNS.oin, 'give an OIN whole, of twenty digits'],
      ['vanaf', 'vanaf', '^[0-9]{1,9}$', 'give the number that the last answer named'],
    ] as const) {
      const value = textOf(options, option);
      if (value === undefined) continue;
      if (!new RegExp(pattern).test(value))
        throw new CommandError('usage', `--${option} ${value} is none`, next);
      query.set(name, value);
    }
    const api = await findApi(options);
    const found = await api.get<Found>(`/v1/verstrekkingen?${query}`);
    const { verstrekkingen, volgende } = found;
    const given = verstrekkingen.filter(({ uitkomst }) => uitkomst === 'verstrekt').length;
    const more = volgende === undefined ? '' : `; there may be more: --vanaf ${volgende}`;
    return {
      json: found,
      text: `${counted(verstrekkingen.length, 'time')} asked, ${counted(given, 'time')} given${more}`,
      table: {
        head: ['when', 'who', 'case', 'outcome', 'basis'],
        rows: verstrekkingen.map((one) => [
          ...[shortly(one.op), named(one.afnemer, found.namen), one.zaak, one.uitkomst],
          one.grondslag ?? '',
        ]),
      },
    };
  },
};
