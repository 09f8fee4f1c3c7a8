import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import type { ConsultationView } from '../consult/view.ts';
import { type Screen, watch } from '../consult/watch.ts';
import { aligned, headLines, partnerTable, summaryLines } from '../consult/words-shown.ts';
import { BY, who } from './employee.ts';
import { findConsultation, oneAt } from './find-consultation.ts';
import { findApi, type LocalApi, type Options, WHERE, whereAgain } from './local-api.ts';

const EVERY_MS = 2_000;
/** How long after the end the summary is waited for. */
const PATIENCE_MS = 60_000;

/** Where a consultation is watched: the terminal, or what a test puts in its place. */
export const showOn = (screen: Screen, everyMs = EVERY_MS): Command => ({
  name: 'consult show <conversation>',
  summary: 'who was asked, has it, answered and what; how long is left',
  options: [
    ['--watch', 'show it anew as it changes, until the clock ends or Ctrl-C'],
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost consult show 0192f0c1-7d3e-7abc-8def-0123456789ab --watch --config adapter.yaml',
  async run([conversation = ''], options, { signal }) {
    const api = await findApi(options);
    const look = looker(api, await findConsultation(api, conversation), options);
    const first = await look();
    if (options['watch'] !== true || options['json'] === true) return reportOf(first, options);
    let last = first;
    await watch({
      look: async (columns) => {
        const found = await look().catch(gone);
        last = found ?? last;
        const away = found === undefined ? ['', 'THE ADAPTER DOES NOT ANSWER; trying again'] : [];
        return { lines: [...linesOf(last, columns), ...away], over: isOver(last) };
      },
      ...{ screen, signal, everyMs },
    });
    return reportOf(last, options);
  },
});

export const show = showOn(process.stdout);

function looker(api: LocalApi, conversation: string, options: Options) {
  const headers = { 'ketenpost-medewerker': encodeURIComponent(who(options)) };
  return () => api.get<ConsultationView>(oneAt(conversation), headers);
}

/** An adapter that is started anew is waited for; what it says is told. */
function gone(error: unknown): undefined {
  const { code } = Object((error as { cause?: unknown }).cause) as { code?: string };
  const unheard = error instanceof CommandError && error.exit === 'unreachable';
  if (unheard || (code !== undefined && /^(E[A-Z]|UND_)/.test(code))) return undefined;
  throw error;
}

/** At the end the summary is waited for, but not for ever. */
function isOver({ staat, samenvatting, eind }: ConsultationView): boolean {
  if (staat === 'loopt') return false;
  const waited = systemClock.now() - Date.parse(eind);
  return staat !== 'verstreken' || samenvatting !== undefined || waited > PATIENCE_MS;
}

function linesOf(view: ConsultationView, columns?: number): string[] {
  const now = systemClock.now();
  return [
    ...headLines(view, now),
    '',
    ...aligned(partnerTable(view, now), columns),
    '',
    ...summaryLines(view, now),
  ];
}

function reportOf(view: ConsultationView, options: Options): Report {
  const now = systemClock.now();
  const whole = `every message of it: ketenpost case show ${view.conversatie}${whereAgain(options)}`;
  const text = [...headLines(view, now), ...summaryLines(view, now), whole].join('\n');
  return { json: view, text, table: partnerTable(view, now) };
}
