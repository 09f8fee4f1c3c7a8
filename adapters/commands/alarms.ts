import type { Command } from '../../schemas/command.ts';
import type { AlarmView } from '../alarm-view.ts';
import { BY, who } from './employee.ts';
import { findApi, WHERE } from './local-api.ts';

export const alarms: Command = {
  name: 'alarms',
  summary: 'urgent messages that wait too long, and whom to telephone',
  options: [['--over', 'those that are over, the newest first'], ...WHERE],
  example: 'ketenpost alarms --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const over = options['over'] === true;
    const staat = over ? 'voorbij' : 'open';
    const found = await api.get<{ alarmen: AlarmView[] }>(`/v1/alarmen?staat=${staat}`);
    const { alarmen } = found;
    return {
      json: found,
      text: over ? `${alarmen.length} alarms are over` : headline(alarmen),
      table: {
        head: [
          'raised',
          'what',
          'from',
          'message',
          'to',
          'telephone',
          over ? 'over' : 'seen',
          'id',
        ],
        rows: alarmen.map((one) => toLine(one, over)),
      },
    };
  },
};

const headline = (found: readonly AlarmView[]): string =>
  found.length === 0
    ? 'no alarms'
    : `${found.length} urgent ${found.length === 1 ? 'message waits' : 'messages wait'}: TELEPHONE`;

function toLine(one: AlarmView, over: boolean): string[] {
  const { naam, oin, telefoon } = one.bellen;
  const phone = [telefoon ?? 'no number registered', naam ?? oin].filter(Boolean).join(' ');
  const ended = over ? `${one.voorbijOp ?? ''} ${one.voorbijDoor ?? ''}` : (one.gezienOp ?? '');
  const { opgekomen, soort, afzender, bericht, ontvanger = '?', id } = one;
  return [opgekomen, soort, afzender, bericht, ontvanger, phone, ended, id];
}

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
