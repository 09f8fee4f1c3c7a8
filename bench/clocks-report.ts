/** What many clocks and subscriptions cost, as tables for people. */
import { type Paint, table } from '../terminal.ts';
import type { ClocksResult, Update } from './clocks.ts';
import type { Loaded, Restart } from './clocks-child.ts';
import type { Configuration } from './configuration.ts';
import { median } from './figures.ts';

export function clocksReport(result: ClocksResult, made: Configuration, paint: Paint): string {
  const { crowd, recipients, updates, single, restarts } = result;
  const { clocks, subscriptions, agencies } = crowd;
  const title = (text: string) => `\n${paint.strong(text)}`;
  return [
    title(`One update, with ${clocks} clocks and ${subscriptions} subscriptions of ${agencies}`),
    table(UPDATE_HEAD, [rowOf(`${recipients}`, updates), rowOf('1', single)], paint),
    `ms, median of ${updates.length} one after another (and the slowest); from the offer of the sealed message
until all copies, their receipt and the ledger are durable. P-256 keys, an event of 1 KB.`,
    title('A pipeline that starts, until it has read'),
    table(START_HEAD, startRows(restarts), paint),
    `median of ${restarts.length} processes; memory is what the process holds more of afterwards, in all at the end.`,
    title('Made with'),
    ...Object.entries(made).map(([name, value]) => `${name.padEnd(10)} ${value}`),
  ].join('\n');
}

const UPDATE_HEAD = ['subscribers told', 'ms', 'CPU router', 'CPU nats-server', 'CPU for each'];
const START_HEAD = ['', 'ms', 'memory, MB'];

function rowOf(told: string, updates: readonly Update[]): string[] {
  const of = (figure: (one: Update) => number) => updates.map(figure);
  const both = (values: number[]) => `${round(median(values))} (${round(Math.max(...values))})`;
  const all = of(({ cpu, broker }) => cpu + broker);
  const each = all.reduce((sum, one) => sum + one, 0) / all.length / Math.max(1, Number(told));
  return [
    told,
    both(of(({ wall }) => wall)),
    ...[both(of(({ cpu }) => cpu)), both(of(({ broker }) => broker))],
    each.toFixed(2),
  ];
}

function startRows(restarts: readonly Restart[]): string[][] {
  const row = (name: string, of: (one: Restart) => Loaded) => [
    name,
    round(median(restarts.map((one) => of(one).ms))),
    megabytes(median(restarts.map((one) => of(one).bytes))),
  ];
  const open = median(restarts.map((one) => one.open));
  const memory = megabytes(median(restarts.map((one) => one.memory)));
  return [
    row('the register', ({ register }) => register),
    row('the subscriptions', ({ subscriptions }) => subscriptions),
    row(`the deadlines (${open})`, ({ deadlines }) => deadlines),
    ['in all', '', memory],
  ];
}

const round = (value: number): string => value.toFixed(0);
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
