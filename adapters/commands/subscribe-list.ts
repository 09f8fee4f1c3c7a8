/** What an agency subscribed to, what ended of late, and what did not come. */
import { systemClock } from '../../schemas/clock.ts';
import type { Command } from '../../schemas/command.ts';
import type { Names } from '../names.ts';
import { findApi, WHERE } from './local-api.ts';
import { lastMinute } from './terms-words.ts';
import { counted, named, shortly } from './words.ts';

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
    const running = shown.filter(({ staat }) => staat === 'loopt').length;
    const ended = shown.length - running;
    return {
      json: { ...found, abonnementen: shown },
      text: [
        `${running} running${ended > 0 ? `, ${ended} ended` : ''}`,
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

/** The last minute of it. */
export const endInWords = (end: string): string => shortly(lastMinute(Date.parse(end)));

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
