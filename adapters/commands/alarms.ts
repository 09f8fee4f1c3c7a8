import { systemClock } from '../../schemas/clock.ts';
import type { Command, Report } from '../../schemas/command.ts';
import type { AlarmView } from '../alarm-view.ts';
import type { Names } from '../names.ts';
import { BY, who } from './employee.ts';
import { findApi, WHERE } from './local-api.ts';
import { named, shortly } from './words.ts';

export const alarms: Command = {
  name: 'alarms',
  summary: 'urgent messages that wait too long, and whom to telephone',
  options: [['--over', 'those that are over, the newest first'], ...WHERE],
  example: 'ketenpost alarms --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const over = options['over'] === true;
    const staat = over ? 'voorbij' : 'open';
    const found = await api.get<{ alarmen: AlarmView[]; namen?: Names }>(
      `/v1/alarmen?staat=${staat}`,
    );
    const { alarmen } = found;
    if (over) return ended(found);
    const blocks = alarmen.map((one) => block(one, systemClock.now(), found.namen));
    return { json: found, text: [headline(alarmen), ...blocks].join('\n\n') };
  },
};

const headline = (found: readonly AlarmView[]): string =>
  found.length === 0
    ? 'no alarms'
    : `${found.length} urgent ${found.length === 1 ? 'message waits' : 'messages wait'}: TELEPHONE`;

/** What somebody on duty reads: whom to telephone first, then about what, then how to say that it is in hand. */
function block(one: AlarmView, now: number, names?: Names): string {
  const { advies, afzender, bericht, ontvanger, berichtstaat, sinds, gezienOp, id } = one;
  const stands = berichtstaat === undefined ? '' : `, ${berichtstaat}`;
  const to = ontvanger === undefined ? '' : ` to ${named(ontvanger, names)}`;
  const seen = gezienOp === undefined ? 'not seen yet' : `seen ${shortly(gezienOp)}`;
  return [
    `ALARM  ${advies}`,
    `       since ${shortly(sinds)} (${lasting(now - Date.parse(sinds))})${stands}`,
    `       message ${bericht}`,
    `       from ${named(afzender, names)}${to}`,
    `       ${seen}: ketenpost alarms seen ${id}`,
  ].join('\n');
}

/** As people say it: 40 s, 12 min, 3 h 5 min. */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (seconds < 100) return `${seconds} s`;
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const ended = (found: { alarmen: AlarmView[] }): Report => ({
  json: found,
  text: `over: ${found.alarmen.length}`,
  table: {
    head: ['raised', 'over', 'by', 'what', 'message', 'with'],
    rows: found.alarmen.map(({ opgekomen, voorbijOp, voorbijDoor, soort, bericht, bellen }) => [
      ...[
        shortly(opgekomen),
        voorbijOp ? shortly(voorbijOp) : '',
        voorbijDoor ?? '',
        soort,
        bericht,
      ],
      bellen.naam ?? bellen.oin ?? '',
    ]),
  },
});

export const seen: Command = {
  name: 'alarms seen <id>',
  summary: 'say that you have seen an alarm; it is recorded who did',
  options: [BY, ...WHERE],
  example: 'ketenpost alarms seen 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([id = ''], options) {
    const api = await findApi(options);
    const path = `/v1/alarmen/${encodeURIComponent(id)}/_gezien`;
    const done = await api.post<AlarmView>(path, { medewerker: who(options) });
    return { json: done, text: done.advies };
  },
};
