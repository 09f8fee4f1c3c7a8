/** Begin and end a subscription, ask again for its events, and fetch at the source what one points to. */
import { type Command, CommandError } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { findApi, type Options, textOf, WHERE } from './local-api.ts';
import { endOf } from './say-end.ts';
import { endInWords } from './subscribe-list.ts';
import { counted, messageOf, POLICY } from './words.ts';

interface Event {
  readonly afzender: string;
  readonly bericht: string;
  readonly uitkomst: 'nieuw' | 'bekend' | 'geweigerd' | 'blijft';
  readonly type?: string;
  readonly zaak?: string;
  readonly volgnummer?: number;
  readonly dataref?: string;
}

const pathOf = (id: string, verb: string): string =>
  `/v1/abonnementen/${encodeURIComponent(id)}/${verb}`;

export const begin: Command = {
  name: 'subscribe begin',
  summary: 'be told of events of a case, of kinds of events, or of a region',
  options: [
    ['--case <uuid>', 'of this case of --source; the subscription ends with it'],
    ['--types <types>', 'of these CloudEvents types, with commas between them'],
    ['--region <code>', 'of this VT region, such as VT16'],
    ['--source <oin>', 'only what this agency tells; needed with --case'],
    ['--basis <code>', 'legal basis on which you may be told'],
    ['--until <time>', 'ends by itself: at the end of a day, such as 2026-12-31, or at a moment'],
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost subscribe begin --case 6f0b3c1e-7a52-4d3e-9b1c-2f4e5d6a7b8c --source 00000099000000040000 --basis wjsg-39f.1.f --config adapter.yaml',
  async run(_args, options) {
    const wish = { medewerker: who(options), ...wishOf(options) };
    const api = await findApi(options);
    const begun = await api.post<{ abonnement: string; eind?: string }>('/v1/abonnementen', wish);
    const until = begun.eind === undefined ? '' : ` until ${endInWords(begun.eind)}`;
    return { json: begun, text: `subscribed: ${begun.abonnement}${until}` };
  },
};

function wishOf(options: Options): Record<string, unknown> {
  const [zaak, typen, regio, bron, grondslag] = [
    ...[textOf(options, 'case'), textOf(options, 'types'), textOf(options, 'region')],
    ...[textOf(options, 'source'), textOf(options, 'basis')],
  ];
  if (zaak === undefined && typen === undefined && regio === undefined) {
    const next = 'give --case <uuid>, --types <types> or --region <code>';
    throw new CommandError('usage', 'it is not said what to be told of', next);
  }
  if (zaak !== undefined && bron === undefined) {
    const next = 'give --source <oin>: the agency whose case it is';
    throw new CommandError('usage', '--source is missing: a case is one of its source', next);
  }
  if (grondslag === undefined) {
    throw new CommandError('usage', '--basis is missing', POLICY);
  }
  const until = textOf(options, 'until');
  return {
    ...{ grondslag, ...(zaak && { zaak }), ...(regio && { regio }), ...(bron && { bron }) },
    ...(typen && { typen: typen.split(',').map((one) => one.trim()) }),
    ...(until && { eind: endOf(until) }),
  };
}

export const end: Command = {
  name: 'subscribe end <id>',
  summary: 'end a subscription: nothing more comes under it',
  options: [BY, ...WHERE],
  example: 'ketenpost subscribe end 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([id = ''], options) {
    const api = await findApi(options);
    const done = await api.post<object>(pathOf(id, '_einde'), { medewerker: who(options) });
    return { json: done, text: 'beeindigd' };
  },
};

const BECAME: Readonly<Record<Event['uitkomst'], string>> = {
  nieuw: 'new',
  bekend: 'known',
  geweigerd: 'REFUSED',
  blijft: 'stays in the mailbox',
};

export const events: Command = {
  name: 'subscribe events <id>',
  summary: 'ask the router again for what waits under a subscription, and take it in',
  options: [['--since <place>', 'go on from here, as the last answer said'], ...WHERE],
  example: 'ketenpost subscribe events 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([id = ''], options) {
    const api = await findApi(options);
    const since = textOf(options, 'since');
    const query = new URLSearchParams(since === undefined ? {} : { sinds: since });
    const found = await api.post<{ gebeurtenissen: Event[]; volgende?: string }>(
      `${pathOf(id, '_ophalen')}?${query}`,
      {},
    );
    const { gebeurtenissen, volgende } = found;
    const fresh = gebeurtenissen.filter(({ uitkomst }) => uitkomst === 'nieuw').length;
    const more = volgende === undefined ? '' : `; ask for more with --since ${volgende}`;
    return {
      json: found,
      text: `${counted(gebeurtenissen.length, 'event')}, ${fresh} of them new${more}`,
      table: {
        head: ['case', 'number', 'type', 'message', ''],
        rows: gebeurtenissen.map((one) => [
          ...[one.zaak ?? '', String(one.volgnummer ?? ''), one.type ?? ''],
          ...[`${one.afzender}/${one.bericht}`, BECAME[one.uitkomst]],
        ]),
      },
    };
  },
};

export const fetchAtSource: Command = {
  name: 'subscribe fetch <message> [id]',
  summary: 'fetch what an event points to, at its source; it is recorded who did, there and here',
  options: [BY, ...WHERE],
  example:
    'ketenpost subscribe fetch 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([message, id], options) {
    const { afzender, bericht } = messageOf(message, id);
    const api = await findApi(options);
    const place = [afzender, bericht].map(encodeURIComponent).join('/');
    const found = await api.post<{ gegevens: object; opgehaaldOp: string }>(
      `/v1/postvak/${place}/_haalop`,
      { medewerker: who(options) },
    );
    return { json: found, text: JSON.stringify(found.gegevens, undefined, 2) };
  },
};
