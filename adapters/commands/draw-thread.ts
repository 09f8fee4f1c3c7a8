/** Draws a case thread: days, times in the Netherlands, and a line down the side from message to message. */
import type { Thread, ToldEvent } from '../thread.ts';
import { lastMinute } from './terms-words.ts';
import { wordsFor } from './thread-words.ts';
import { hanging } from './words.ts';

const ZONE = { timeZone: 'Europe/Amsterdam' } as const;
const DAY = new Intl.DateTimeFormat('en-GB', {
  ...ZONE,
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
});
const TIME = new Intl.DateTimeFormat('en-GB', { ...ZONE, hour: '2-digit', minute: '2-digit' });

const momentOf = ({ op, soort }: ToldEvent): number =>
  soort === 'termijn-eind' ? lastMinute(Date.parse(op)) : Date.parse(op);

/** @param now where the line passes from what was to what is to come */
export function draw(thread: Thread, now: number): string {
  const numbers = numbered(thread.tijdlijn);
  const lines = [titleOf(thread)];
  let day = '';
  let ahead = false;
  for (const event of thread.tijdlijn.reduce(together, [])) {
    const at = momentOf(event);
    if (!ahead && at > now) {
      ahead = true;
      lines.push(' ┆', ` ┼┄┄ now, ${DAY.format(now)} ${TIME.format(now)} ┄┄`);
    }
    if (DAY.format(at) !== day) lines.push(ahead ? ' ┆' : ' │', ` ┌ ${DAY.format(at)}`);
    day = DAY.format(at);
    lines.push(...linesOf(event, TIME.format(at), numbers));
  }
  return [...lines, '', ...legend(thread, numbers)].join('\n');
}

/** Clocks that one message starts begin on one line. */
function together(events: ToldEvent[], event: ToldEvent): ToldEvent[] {
  const last = events.at(-1);
  const one = [last, event].every((each) => each?.soort === 'termijn-begin');
  if (last === undefined || !one || last.bericht !== event.bericht || last.op !== event.op)
    return [...events, event];
  return [...events.slice(0, -1), { ...last, naam: `${last['naam']}; ${event['naam']}` }];
}

function linesOf(event: ToldEvent, time: string, numbers: ReadonlyMap<string, number>): string[] {
  const number = event.bericht === undefined ? undefined : numbers.get(event.bericht);
  const label = number === undefined ? '    ' : `(${number})`.padEnd(4);
  const { mark, text } = wordsFor(event, numbers);
  // What belongs to a message stands further in than the message.
  const words = text.trimStart();
  const before = ` ${mark} ${time}  ${label} ${' '.repeat(text.length - words.length)}`;
  const side = mark === '┆' ? '┆' : '│';
  return hanging(before, ` ${side}`.padEnd(before.length + 2), words);
}

/** Messages have long ids: in the picture each has a number, in order of time. */
function numbered(events: readonly ToldEvent[]): ReadonlyMap<string, number> {
  const arrivals = events.filter(({ soort }) => soort === 'ontvangen' || soort === 'verzonden');
  return new Map(arrivals.map(({ bericht }, at) => [bericht ?? '', at + 1]));
}

function titleOf({ soort, draad, berichten, partijen, opOns, onderweg, afgekapt }: Thread): string {
  const what = `${soort === 'zaak' ? 'Case' : 'Conversation'} ${draad}`;
  const many = berichten === 1 ? '1 message' : `${berichten} messages`;
  const whom = partijen.map(({ naam, oin }) => naam ?? oin).join(', ');
  const waits = [
    opOns > 0 ? `${opOns} waiting for us` : '',
    onderweg > 0 ? `${onderweg} under way` : '',
  ];
  const rest = waits.filter((text) => text !== '').join(', ');
  const line = `${many} with ${whom || 'nobody yet'}${rest ? `; ${rest}` : ''}`;
  const head = [what, ...hanging('', '  ', line)].join('\n');
  return afgekapt ? `${head}\nTHE NEWEST ONLY: there are older messages than can be shown` : head;
}

/** What to copy for `inbox read` and `track`, and for what was asked of partners. */
const legend = (
  { tijdlijn, raadplegingen }: Thread,
  numbers: ReadonlyMap<string, number>,
): string[] => [
  ...tijdlijn
    .filter(({ soort }) => soort === 'ontvangen' || soort === 'verzonden')
    .map(({ soort, bericht = '', afzender }) => {
      const how =
        soort === 'ontvangen' ? `inbox read ${String(afzender)} ${bericht}` : `track ${bericht}`;
      return `${`(${numbers.get(bericht)})`.padEnd(5)} ketenpost ${how}`;
    }),
  ...raadplegingen.map((one) => `      ketenpost consult show ${one}`),
];
