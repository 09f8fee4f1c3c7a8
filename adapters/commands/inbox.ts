import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import type { AlarmView } from '../alarm-view.ts';
import { sayTime } from '../consult/time-said.ts';
import type { GivenMessage, Summary } from '../view.ts';
import { BY, who } from './employee.ts';
import { findApi, oneOf, textOf, WHERE } from './local-api.ts';
import { hintText, matchLines } from './tell-radar.ts';
import { counted, messageOf, shortly } from './words.ts';

const STATES = ['afgeleverd', 'verwerkt', 'afgewezen'] as const;
const REJECTIONS = ['wrongly-addressed', 'not-processable'] as const;

const place = (message?: string, id?: string): string => {
  const { afzender, bericht } = messageOf(message, id);
  return `/v1/postvak/${encodeURIComponent(afzender)}/${encodeURIComponent(bericht)}`;
};

export const inbox: Command = {
  name: 'inbox',
  summary: 'what was received: what waits for an answer first, then urgent',
  options: [
    ['--staat <state>', 'only afgeleverd, verwerkt or afgewezen'],
    ['--type <type>', 'only of this message type'],
    ...WHERE,
  ],
  example: 'ketenpost inbox --staat afgeleverd --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const query = new URLSearchParams();
    const [state, type] = [oneOf(options, 'staat', STATES), textOf(options, 'type')];
    if (state !== undefined) query.set('staat', state);
    if (type !== undefined) query.set('berichttype', type);
    const found = await api.get<{ berichten: Summary[] }>(`/v1/postvak?${query}`);
    const { alarmen } = await api.get<{ alarmen: AlarmView[] }>('/v1/alarmen?staat=open');
    const count = counted(found.berichten.length, 'message');
    return {
      json: found,
      text: [count, ...alarmen.map(alarmLine)].join('\n'),
      table: {
        head: ['received', 'prio', 'type', 'from', 'message', 'state', ''],
        rows: found.berichten.map(toLine),
      },
    };
  },
};

/** Above the list: what must not be missed, of what was sent as well. */
const alarmLine = ({ advies, bericht }: AlarmView): string => `ALARM  ${advies} (${bericht})`;

function toLine(one: Summary): string[] {
  const later = one.ingetrokkenDoor ? 'withdrawn' : one.vervangenDoor ? 'corrected' : '';
  const stuck = one.koppelingen.some(({ staat }) => staat === 'mens') ? 'not taken over' : '';
  const gone = one.vernietigdOp ? 'destroyed' : '';
  const { afzender, bericht, berichttype, ontvangenOp, prio, staat } = one;
  const note = [
    one.alarm ? 'ALARM' : '',
    ...underClock(one),
    gone,
    later,
    stuck,
    hintText(one.radar),
  ]
    .filter((text) => text !== '')
    .join(', ');
  const id = `${afzender.oin}/${bericht}`;
  return [shortly(ontvangenOp), prio, berichttype, afzender.naam, id, staat, note];
}

/** What the clock of a consultation makes of it: of a question to us, or of an answer to ours. */
function underClock(one: Summary | GivenMessage): string[] {
  const { beantwoordenVoor: until, beantwoord, herinnerdOp, ingetrokkenDoor, teLaat } = one;
  if (teLaat) return ['LATE: after the end of the consultation'];
  if (until === undefined || ingetrokkenDoor !== undefined) return [];
  if (beantwoord) return ['answered'];
  const now = systemClock.now();
  const [by, overdue] = [sayTime(until, now), Date.parse(until) <= now];
  const reminded = herinnerdOp === undefined ? '' : `, reminded ${sayTime(herinnerdOp, now)}`;
  return [`${overdue ? 'ANSWER WAS DUE' : 'ANSWER BY'} ${by}${reminded}`];
}

export const read: Command = {
  name: 'inbox read <message> [id]',
  summary: 'open a received message; that it was read is recorded',
  options: [BY, ...WHERE],
  example:
    'ketenpost inbox read 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([message, id], options) {
    const api = await findApi(options);
    const headers = { 'ketenpost-medewerker': encodeURIComponent(who(options)) };
    const opened = await api.get<GivenMessage>(place(message, id), headers);
    const { afzender, bericht, staat, ingetrokkenDoor, vervangenDoor } = opened;
    const lines = [
      `${bericht.berichttype} from ${afzender.naam} (${afzender.oin}, verified), ${staat}`,
      ...(ingetrokkenDoor ? [`WITHDRAWN by the sender: see ${ingetrokkenDoor}`] : []),
      ...(vervangenDoor ? [`CORRECTED by the sender: see ${vervangenDoor}`] : []),
      ...underClock(opened),
      ...matchLines(opened.radar),
      JSON.stringify(bericht.inhoud, undefined, 2),
    ];
    return { json: opened, text: lines.join('\n') };
  },
};

export const acknowledge: Command = {
  name: 'inbox ack <message> [id]',
  summary: 'acknowledge a received message: the sender gets the receipt verwerkt',
  options: [BY, ...WHERE],
  example:
    'ketenpost inbox ack 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([message, id], options) {
    const api = await findApi(options);
    const done = await api.post(`${place(message, id)}/_bevestig`, { medewerker: who(options) });
    return { json: done, text: 'verwerkt' };
  },
};

export const reject: Command = {
  name: 'inbox reject <message> [id]',
  summary: 'reject a received message: the sender gets the receipt afgewezen with the code',
  options: [
    ['--code <code>', 'wrongly-addressed or not-processable'],
    ['--toelichting <text>', 'explanation for the sender, without personal data'],
    ['--doorverwijzing <oin>', 'with wrongly-addressed: the right agency'],
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost inbox reject 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --code wrongly-addressed --config adapter.yaml',
  async run([message, id], options) {
    const code = oneOf(options, 'code', REJECTIONS);
    if (code === undefined) {
      throw new CommandError(
        'usage',
        '--code is missing',
        'give wrongly-addressed or not-processable',
      );
    }
    const api = await findApi(options);
    const [toelichting, doorverwijzing] = [
      textOf(options, 'toelichting'),
      textOf(options, 'doorverwijzing'),
    ];
    const done = await api.post(`${place(message, id)}/_wijsaf`, {
      medewerker: who(options),
      code,
      ...(toelichting !== undefined && { toelichting }),
      ...(doorverwijzing !== undefined && { doorverwijzing }),
    });
    return { json: done, text: 'afgewezen' };
  },
};
