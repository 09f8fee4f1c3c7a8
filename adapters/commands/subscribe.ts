import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import type { Names } from '../names.ts';
import { BY, who } from './employee.ts';
import { findApi, type Options, textOf, WHERE } from './local-api.ts';
import { endOf } from './say-end.ts';
import { lastMinute } from './terms-words.ts';
import { counted, named, POLICY, shortly } from './words.ts';

interface Subscription {
  readonly abonnement: string;
  readonly bron?: string;
  readonly zaak?: string;
  readonly typen?: readonly string[];
  readonly regio?: string;
  readonly grondslag: string;
  readonly eind?: string;
  readonly staat: 'loopt' | 'beeindigd';
  readonly beeindigdOp?: string;
  readonly reden?: string;
  readonly vernomenOp?: string;
  readonly overgeslagen?: { readonly aantal: number; readonly laatstOp?: string };
}

interface Gap {
  readonly afzender: string;
  readonly zaak: string;
  readonly van: string;
  readonly tot: string;
  readonly aantal: number;
  readonly sinds: string;
  readonly abonnement: string;
}

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
    const begun = await api.post<Subscription>('/v1/abonnementen', wish);
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

/** What ended without a word of ours is to be seen for so long, by who looks now and then. */
const NEWS_MS = 30 * 86_400_000;

const isShown = ({ staat, reden, vernomenOp = '' }: Subscription): boolean =>
  staat === 'loopt' ||
  (reden !== 'opgezegd' && Date.parse(vernomenOp) > systemClock.now() - NEWS_MS);

export const list: Command = {
  name: 'subscribe list',
  summary: 'subscriptions of yours, what ended of late, and whether anything is missing',
  options: [['--all', 'all that ended, too'], ...WHERE],
  example: 'ketenpost subscribe list --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const found = await api.get<{
      abonnementen: Subscription[];
      hiaten: Gap[];
      namen?: Names;
      routerGevraagd: boolean;
      routerZei?: string;
    }>('/v1/abonnementen');
    const shown = found.abonnementen.filter((one) => options['all'] === true || isShown(one));
    const running = found.abonnementen.filter(({ staat }) => staat === 'loopt').length;
    return {
      json: { ...found, abonnementen: shown },
      text: [
        `${running} running`,
        ...found.hiaten.map((gap) => gapLine(gap, found.namen)),
        ...(found.routerGevraagd ? [] : [unheard(found.routerZei)]),
      ].join('\n'),
      table: {
        head: ['subscription', 'of', 'source', 'basis', 'until', 'state'],
        rows: shown.map((one) => [
          ...[one.abonnement, whatOf(one)],
          ...[one.bron === undefined ? 'all' : named(one.bron, found.namen), one.grondslag],
          ...[one.eind === undefined ? '' : endInWords(one.eind), stateOf(one)],
        ]),
      },
    };
  },
};

export const subscribe: Command = {
  ...list,
  name: 'subscribe',
  example: 'ketenpost subscribe --config adapter.yaml',
};

const unheard = (said: string | undefined): string =>
  said === undefined
    ? 'the router did not answer: this is what was known'
    : `the router refuses to tell (${said}): this is what was known`;

const endInWords = (end: string): string => shortly(lastMinute(Date.parse(end)));

const whatOf = ({ zaak, typen, regio }: Subscription): string =>
  [zaak, typen?.join(', '), regio].filter((one) => one !== undefined).join('; ');

const stateOf = ({ staat, beeindigdOp = '', reden = '', overgeslagen }: Subscription): string =>
  [
    staat === 'loopt' ? staat : `${staat} ${shortly(beeindigdOp)} ${reden}`,
    ...(overgeslagen === undefined ? [] : [leftOut(overgeslagen)]),
  ].join('; ');

const leftOut = ({ aantal, laatstOp }: NonNullable<Subscription['overgeslagen']>): string =>
  `${aantal} LEFT OUT${laatstOp === undefined ? '' : `, last ${shortly(laatstOp)}`}`;

const gapLine = ({ aantal, afzender, zaak, van, tot }: Gap, names?: Names): string =>
  `MISSING  ${aantal} in case ${zaak} of ${named(afzender, names)}: ${numbers(van, tot)}`;
const numbers = (from: string, to: string): string =>
  from === to ? short(from) : `${short(from)}-${short(to)}`;
const short = (sequence: string): string => sequence.replace(/^0+(?=.)/, '');

export const gaps: Command = {
  name: 'subscribe gaps',
  summary: 'events that did not come though later ones did: ask again with events or fetch',
  options: WHERE,
  example: 'ketenpost subscribe gaps --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const found = await api.get<{ hiaten: Gap[]; namen?: Names }>('/v1/abonnementen/hiaten');
    const { hiaten, namen } = found;
    return {
      json: found,
      text: hiaten.length === 0 ? 'nothing is missing' : counted(hiaten.length, 'gap'),
      table: {
        head: ['since', 'source', 'case', 'missing', 'subscription'],
        rows: hiaten.map((one) => [
          ...[shortly(one.sinds), named(one.afzender, namen), one.zaak],
          ...[numbers(one.van, one.tot), one.abonnement],
        ]),
      },
    };
  },
};

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
