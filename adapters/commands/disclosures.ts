import type { Command } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { findApi, textOf, WHERE } from './local-api.ts';

interface Disclosure {
  readonly op: string;
  readonly afnemer: string;
  readonly zaak: string;
  readonly uitkomst: string;
  readonly grondslag?: string;
  readonly digest?: string;
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
    const api = await findApi(options);
    const query = new URLSearchParams();
    for (const [option, name] of [
      ['case', 'zaak'],
      ['by', 'afnemer'],
      ['vanaf', 'vanaf'],
    ] as const) {
      const value = textOf(options, option);
      if (value !== undefined) query.set(name, value);
    }
    const found = await api.get<{ verstrekkingen: Disclosure[]; volgende?: string }>(
      `/v1/verstrekkingen?${query}`,
    );
    const { verstrekkingen, volgende } = found;
    const given = verstrekkingen.filter(({ uitkomst }) => uitkomst === 'verstrekt').length;
    const more = volgende === undefined ? '' : `; there may be more: --vanaf ${volgende}`;
    return {
      json: found,
      text: `${verstrekkingen.length} times asked, ${given} times given${more}`,
      table: {
        head: ['when', 'who', 'case', 'outcome', 'basis'],
        rows: verstrekkingen.map((one) => [
          ...[one.op, one.afnemer, one.zaak, one.uitkomst, one.grondslag ?? ''],
        ]),
      },
    };
  },
};

export const fetchAtSource: Command = {
  name: 'subscribe fetch <sender> <id>',
  summary: 'fetch what an event points to, at its source; it is recorded who did, there and here',
  options: [BY, ...WHERE],
  example:
    'ketenpost subscribe fetch 00000099000000010000 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([sender = '', id = ''], options) {
    const api = await findApi(options);
    const place = [sender, id].map(encodeURIComponent).join('/');
    const found = await api.post<{ gegevens: object; opgehaaldOp: string }>(
      `/v1/postvak/${place}/_haalop`,
      { medewerker: who(options) },
    );
    return { json: found, text: JSON.stringify(found.gegevens, undefined, 2) };
  },
};
