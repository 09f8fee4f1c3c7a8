import { type Command, CommandError } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { findApi, WHERE } from './local-api.ts';
import { shortly } from './words.ts';

interface Handover {
  readonly kanaal: string;
  readonly afzender: string;
  readonly bericht: string;
  readonly berichttype?: string;
  readonly prio: string;
  readonly ontvangenOp?: string;
  readonly staat: string;
  readonly pogingen: number;
  readonly status?: number;
  readonly volgendePoging?: string;
}

interface Found {
  readonly koppelingen: readonly Handover[];
}

const tableOf = ({ koppelingen }: Found) => ({
  head: ['received', 'prio', 'type', 'message', 'channel', 'tries', 'status', 'next try'],
  rows: koppelingen.map((one) => [
    one.ontvangenOp ? shortly(one.ontvangenOp) : '',
    one.prio,
    one.berichttype ?? '',
    `${one.afzender}/${one.bericht}`,
    one.kanaal,
    String(one.pogingen),
    String(one.status ?? ''),
    one.volgendePoging ? shortly(one.volgendePoging) : '',
  ]),
});

export const handovers: Command = {
  name: 'handovers',
  summary: "what the agency's own systems did not take, and waits for a person",
  options: [['--waiting', 'instead what will be tried again by itself'], ...WHERE],
  example: 'ketenpost handovers --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const staat = options['waiting'] === true ? 'wacht' : 'mens';
    const found = await api.get<Found>(`/v1/koppelingen?staat=${staat}&aantal=200`);
    const what = staat === 'mens' ? 'wait for a person' : 'will be tried again';
    return {
      json: found,
      text: `${found.koppelingen.length} ${what}`,
      table: tableOf(found),
    };
  },
};

export const redrive: Command = {
  name: 'handovers redrive [messages...]',
  summary: 'hand over again what waits for a person; it is recorded who did it',
  options: [
    ['--all', 'everything that waits for a person'],
    ['--dry-run', 'only tell what would be handed over again'],
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost handovers redrive 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run(messages, options) {
    const all = options['all'] === true;
    if (all === messages.length > 0) {
      const next = 'name messages as SENDER/ID, or give --all';
      throw new CommandError('usage', 'it is not said which messages', next);
    }
    const api = await findApi(options);
    const proef = options['dryRun'] === true;
    const found = await api.post<Found>('/v1/koppelingen/_opnieuw', {
      medewerker: who(options),
      proef,
      ...(!all && { berichten: messages.map(toId) }),
    });
    const count = found.koppelingen.length;
    const text = proef ? `${count} would be handed over again` : `${count} handed over again`;
    return { json: found, text, table: tableOf(found) };
  },
};

/** A message as people write it. @throws CommandError usage */
export function toId(text: string): { readonly afzender: string; readonly bericht: string } {
  const [afzender, bericht, more] = text.split('/');
  if (afzender && bericht && more === undefined) return { afzender, bericht };
  throw new CommandError('usage', `${text} names no message`, 'write it as SENDER/ID');
}
