/** The results as a table, and whether they are good. */
import { type Paint, table } from '../../terminal.ts';
import { isGood, type Told } from './told.ts';

const HEAD = [
  ...['fault', 'moments', 'offered', 'accepted', 'copies', 'delivered', 'told', 'lost', 'twice'],
  ...['repeats', 'untold', 'recovery', 'ledger', ''],
];

export function toTable(all: readonly Told[], paint: Paint): string {
  return table(
    HEAD,
    all.map((told) => toRow(told, paint)),
    paint,
  );
}

function toRow(told: Told, paint: Paint): string[] {
  const { fault, moments, notRun, broken } = told;
  if (notRun !== undefined) return [fault, paint.dim(`not run: needs ${notRun}`)];
  if (broken !== undefined) return [fault, paint.bad(`broke off: ${broken.split('\n')[0]}`)];
  const counts = [told.offered, told.accepted, told.copies, told.delivered, told.told];
  const zero = (value: number) => (value === 0 ? '0' : paint.bad(`${value}`));
  return [
    ...[fault, moments],
    ...counts.map(String),
    ...[zero(told.lost), zero(told.twice), `${told.repeats}`, zero(told.unknown)],
    `${told.recoverySeconds.toFixed(1)} s`,
    told.ledgerWhole ? 'whole' : paint.bad('not whole'),
    isGood(told) ? paint.good('✓') : paint.bad('✗'),
  ];
}

export const LEGEND = `offered, accepted: messages. copies: one for each recipient of an accepted message. delivered: the
recipient's own system has it. told: it has not, and the sender knows. lost: it has not, and the
sender does not know. twice: as if it were two. repeats: again under the same key, which the system
knows. untold: delivered, and the sender has not heard. recovery: the longest time from the end of
a fault until all that was handed in before it was there.`;
