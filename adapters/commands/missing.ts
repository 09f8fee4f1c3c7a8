import type { Command } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { toId } from './handovers.ts';
import { findApi, WHERE } from './local-api.ts';
import { counted, shortly } from './words.ts';

interface Missing {
  readonly richting: string;
  readonly afzender: string;
  readonly bericht: string;
  readonly ontvanger: string;
  readonly staat: string;
  readonly op: string;
  readonly bellen: { readonly oin: string; readonly naam?: string; readonly telefoon?: string };
  readonly advies: string;
}

interface Found {
  readonly vermist: readonly Missing[];
  readonly teruggezetVan?: string;
  readonly volledig: boolean;
}

export const missing: Command = {
  name: 'missing',
  summary: 'what came after the backup that was restored, and whom to ask for it',
  options: WHERE,
  example: 'ketenpost missing --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const found = await api.get<Found>('/v1/vermist?aantal=200');
    return {
      json: found,
      text: headline(found).join('\n'),
      table: {
        head: ['stated', 'what', 'message', 'state', 'telephone'],
        rows: found.vermist.map((one) => [
          shortly(one.op),
          one.richting,
          `${one.afzender}/${one.bericht}`,
          one.staat,
          [one.bellen.telefoon ?? 'no number registered', one.bellen.naam ?? one.bellen.oin].join(
            ' ',
          ),
        ]),
      },
    };
  },
};

function headline({ vermist, teruggezetVan, volledig }: Found): string[] {
  const advice = new Set(vermist.map(({ richting, advies }) => `${richting}: ${advies}`));
  return [
    ...(teruggezetVan === undefined
      ? []
      : [`the store was restored from a backup of ${shortly(teruggezetVan)}`]),
    vermist.length === 0
      ? 'nothing is missing'
      : `${counted(vermist.length, 'message')} ${vermist.length === 1 ? 'is' : 'are'} missing here`,
    ...(volledig ? [] : ['the router has not been asked yet: look again when it can be reached']),
    ...advice,
  ];
}

export const settle: Command = {
  name: 'missing done <message>',
  summary: 'say that a missing message is dealt with; it is recorded who did',
  options: [BY, ...WHERE],
  example:
    'ketenpost missing done 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([message = ''], options) {
    const { afzender, bericht } = toId(message);
    const api = await findApi(options);
    const path = `/v1/vermist/${encodeURIComponent(afzender)}/${encodeURIComponent(bericht)}`;
    const done = await api.post(`${path}/_afgehandeld`, { medewerker: who(options) });
    return { json: done, text: 'recorded' };
  },
};
