import { CODES, isCode } from '../../schemas/codes.ts';
import type { Command, Report } from '../../schemas/command.ts';
import type { Names } from '../names.ts';
import type { Track } from '../track.ts';
import { findApi, WHERE } from './local-api.ts';
import { named, shortly } from './words.ts';

export const track: Command = {
  name: 'track <id>',
  summary: 'how far a sent message has come, as a line of time',
  options: WHERE,
  example: 'ketenpost track 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([id = ''], options) {
    const api = await findApi(options);
    return reportOf(
      await api.get<Track & { namen?: Names }>(`/v1/berichten/${encodeURIComponent(id)}`),
    );
  },
};

const BAD = new Set(['geweigerd', 'verlopen']);
const NOT_TAKEN = new Set(['afgewezen', 'onbestelbaar']);

/** Refused when the message will not arrive. */
export function reportOf(found: Track & { readonly namen?: Names }): Report {
  const { namen } = found;
  const lost = found.ontvangers.some(({ staat }) => NOT_TAKEN.has(staat));
  const at = found.ontvangers.map(
    ({ oin, staat, code }) => `  ${whole(oin, namen)}  ${staat}${code ? ` (${code})` : ''}`,
  );
  const alarms = (found.alarmen ?? []).map(({ advies }) => `  ALARM  ${advies}`);
  const head = `${found.berichttype} ${found.bericht}: ${found.staat}`;
  return {
    json: found,
    text: [head, ...alarms, ...at, ...whyNotYet(found), ...problemLines(found.probleem)].join('\n'),
    table: {
      head: ['time', 'state', 'by', 'copy of', 'code', ''],
      rows: found.tijdlijn.map((one) => [
        shortly(one.op),
        one.staat,
        named(one.door, namen),
        one.ontvanger ? named(one.ontvanger, namen) : '',
        one.code ?? '',
        one.tegenstrijdig ? 'contradictory' : '',
      ]),
    },
    exit: BAD.has(found.staat) || lost ? 'refused' : 'ok',
  };
}

const whole = (oin: string, names: Names = {}): string =>
  names[oin] === undefined ? oin : `${oin} ${names[oin]}`;

/** While it waits: what came of the last offer, and when the next one is. */
function whyNotYet({ staat, laatsteCode: code, volgendePoging: next }: Track): string[] {
  if (staat !== 'ingediend' || code === undefined) return [];
  const why = isCode(code) ? ` ${CODES[code].title}` : '';
  return [
    `  last offer: ${code}.${why}${next === undefined ? '' : ` Next offer: ${shortly(next)}`}`,
  ];
}

function problemLines(problem: unknown): string[] {
  const { code, errors } = Object(problem) as {
    code?: string;
    errors?: { plaats: string; melding: string }[];
  };
  if (code === undefined) return [];
  return [`  ${code}`, ...(errors ?? []).map(({ plaats, melding }) => `  ${plaats}: ${melding}`)];
}
