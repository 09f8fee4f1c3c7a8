import type { Command } from '../../schemas/command.ts';
import { findApi, textOf, WHERE } from './local-api.ts';
import { shortly } from './words.ts';

interface Found {
  readonly voor: string;
  readonly berichten: readonly {
    readonly afzender: string;
    readonly bericht: string;
    readonly berichttype: string;
    readonly ontvangenOp: string;
    readonly staat: string;
  }[];
}

export const pastRetention: Command = {
  name: 'inbox old',
  summary: 'reports that are past the retention period, to be destroyed by a person',
  options: [['--years <number>', 'the retention period', '20'], ...WHERE],
  example: 'ketenpost inbox old --years 20 --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const years = encodeURIComponent(textOf(options, 'years') ?? '20');
    const found = await api.get<Found>(`/v1/bewaring?aantal=200&jaren=${years}`);
    return {
      json: found,
      text: `${found.berichten.length} received before ${found.voor} and not destroyed`,
      table: {
        head: ['received', 'type', 'message', 'state'],
        rows: found.berichten.map((one) => [
          ...[
            shortly(one.ontvangenOp),
            one.berichttype,
            `${one.afzender}/${one.bericht}`,
            one.staat,
          ],
        ]),
      },
    };
  },
};
