/** Tables for people; `--json` prints the results themselves. */
import { type Paint, table } from '../terminal.ts';
import type { Configuration } from './configuration.ts';
import type { Floors } from './floors.ts';
import { NOT_IN_THE_FLOOR } from './operations.ts';
import type { ProfileFigures } from './path.ts';
import type { Share, Summary } from './profile.ts';
import {
  isMet,
  judge,
  PROFILE_NAMES,
  peakOf,
  type Result,
  ratioAlone,
  ratioOf,
} from './results.ts';
import { TARGETS } from './targets.ts';

const MB = 1024 * 1024;
const megabytes = (bytes: number) => (bytes / MB).toFixed(0);

export function report(results: readonly Result[], made: Configuration, paint: Paint): string {
  const title = (text: string) => `\n${paint.strong(text)}`;
  return [
    title('The path'),
    mainTable(results, paint),
    LEGEND,
    title('CPU by process, ms for one message at the top rate'),
    cpuTable(results, paint),
    title('Every message arrived exactly once'),
    verifyTable(results, paint),
    title('Targets'),
    targetTable(results, paint),
    ...results.map((result) => profileReport(result, paint)).filter((text) => text !== ''),
    title('Made with'),
    ...Object.entries(made).map(([name, value]) => `${name.padEnd(10)} ${value}`),
  ].join('\n');
}

const LEGEND = `msg/s: top rate, submit to afgeleverd known at the sender. p50, p99: ms at half of it, counted from when
each message was due. CPU: ms over all processes. Floor: the same cryptography alone, all cores at work
(in parentheses: on an idle machine). JetStream: the same writes alone, msg/s and ms of CPU. Memory: peak, MB.`;

function mainTable(results: readonly Result[], paint: Paint): string {
  const head = ['profile', 'body', 'to', 'msg/s', 'p50', 'p99', 'CPU', 'floor', 'ratio', 'target'];
  return table([...head, 'JetStream', 'router', 'adapter', 'nats'], results.map(row), paint);
}

function row(result: Result): string[] {
  const { case: of, path, floor, jetstream } = result;
  return [
    PROFILE_NAMES[of.profile],
    `${of.body / 1024} KB`,
    `${of.recipients}`,
    path.top.delays.rate.toFixed(0),
    path.half.p50.toFixed(0),
    path.half.p99.toFixed(0),
    path.top.cpu.all.toFixed(2),
    `${floor.loaded.toFixed(2)} (${floor.alone.cpu.toFixed(2)})`,
    `${ratioOf(result).toFixed(2)} (${ratioAlone(result).toFixed(2)})`,
    `${TARGETS.ratio[of.profile]}`,
    `${jetstream.rate.toFixed(0)}, ${(jetstream.cpu.client + jetstream.cpu.server).toFixed(2)}`,
    ...(['router', 'adapter', 'nats-server'] as const).map((kind) =>
      megabytes(peakOf(result, kind)),
    ),
  ];
}

function cpuTable(results: readonly Result[], paint: Paint): string {
  const names = [...new Set(results.flatMap(({ path }) => Object.keys(path.top.cpu.by)))];
  const rows = results.map(({ case: of, path }) => [
    of.name,
    ...names.map((name) => path.top.cpu.by[name]?.toFixed(2) ?? ''),
    sumOf(path.top.writes).toFixed(1),
  ]);
  return table(['case', ...names, 'writes'], rows, paint);
}

const sumOf = (values: Readonly<Record<string, number>>) =>
  Object.values(values).reduce((total, value) => total + value, 0);

function verifyTable(results: readonly Result[], paint: Paint): string {
  const head = ['case', 'sent', 'copies', 'arrived once', 'missing', 'twice', 'offered again'];
  const rows = results.map(({ case: of, path: { verified: v } }) => {
    const good = v.missing + v.twice === 0;
    const counts = [v.arrived, v.missing, v.twice, v.offeredAgain].map(String);
    const cells = [of.name, `${v.sent}`, `${v.sent * of.recipients}`, ...counts];
    return cells.map((cell) => (good ? cell : paint.bad(cell)));
  });
  return table(head, rows, paint);
}

function targetTable(results: readonly Result[], paint: Paint): string {
  const rows = judge(results).map((judged) => {
    const { target, wanted, found, unit } = judged;
    const by = Math.abs(1 - found / wanted) * 100;
    const verdict = isMet(judged)
      ? paint.good(`met by ${by.toFixed(0)} %`)
      : paint.bad(`missed by ${by.toFixed(0)} %`);
    return [target, `${wanted} ${unit}`, `${found.toFixed(2)} ${unit}`, verdict];
  });
  return table(['target', 'wanted', 'worst case', ''], rows, paint);
}

/** What the floor of one case holds, operation by operation. */
export function floorReport({ alone }: Floors, paint: Paint): string {
  const rows = alone.lines.map((line) => [
    ...[line.who, line.act, line.thing, `${line.bytes}`, `${line.times}`],
    line.microseconds.toFixed(0),
  ]);
  const head = ['who', 'does', 'with', 'bytes', 'times', 'µs each'];
  const not = NOT_IN_THE_FLOOR.map((line) => `  ${line}`);
  return [
    table(head, rows, paint),
    `in all ${alone.cpu.toFixed(2)} ms; counted as nothing:`,
    ...not,
  ].join('\n');
}

/** Processes that were idle beside the path are left out. */
const BUSY_SHARE = 0.1;

function profileReport({ case: of, profile }: Result, paint: Paint): string {
  if (profile === undefined) return '';
  const busy = Object.entries(profile.processes).filter(
    ([, { busy, idle }]) => busy > BUSY_SHARE * (busy + idle),
  );
  const parts = busy.map(([name, summary]) => processReport(name, summary, profile, paint));
  const title = paint.strong(`Where the time of the main threads goes: ${of.name}`);
  return [`\n${title}, µs for one message (slower than without profiling)`, ...parts].join('\n');
}

function processReport(
  name: string,
  { busy, kinds, files }: Summary,
  { messages }: ProfileFigures,
  paint: Paint,
): string {
  const cells = ({ name: what, milliseconds }: Share) => [
    what,
    ((milliseconds / messages) * 1000).toFixed(0),
    `${((100 * milliseconds) / busy).toFixed(0)} %`,
  ];
  const rows = kinds.map((kind, at) => [...cells(kind), ...cells(files[at] ?? kind)]);
  const head = [`${name}: kind of work`, 'µs', '', 'file of ours that asked for it', 'µs', ''];
  return `\n${table(head, rows, paint)}`;
}
