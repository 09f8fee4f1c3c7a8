/** The steps as a table. */
import { type Paint, table } from '../../terminal.ts';
import { isGood, type Row } from './step.ts';

const HEAD = [
  ...['step', 'offered', 'accepted', 'copies', 'delivered', 'told', 'lost', 'twice', 'untold'],
  ...['retried', 'refused beyond', 'recovery', 'ledger', ''],
];

export function toTable(rows: readonly Row[], paint: Paint): string {
  return table(
    HEAD,
    rows.map((row) => toCells(row, paint)),
    paint,
  );
}

function toCells(row: Row, paint: Paint): string[] {
  const zero = (value: number) => (value === 0 ? '0' : paint.bad(`${value}`));
  const counts = [row.offered, row.accepted, row.copies, row.delivered, row.told];
  const refused = `${row.refusedBeyondRetry}`;
  return [
    row.what,
    ...counts.map(String),
    ...[zero(row.lost), zero(row.twice), zero(row.untold), `${row.retried}`],
    row.mustNotRefuse ? zero(row.refusedBeyondRetry) : refused,
    `${row.recoverySeconds.toFixed(1)} s`,
    row.ledgerWhole ? 'whole' : paint.bad('not whole'),
    isGood(row) ? paint.good('✓') : paint.bad('✗'),
  ];
}

export const LEGEND = `offered, accepted: messages that adapters took from their systems. copies: one for each recipient.
delivered: the recipient's own system has it. told: it has not, and the sender knows. lost: it has not,
and the sender does not know. untold: delivered, and the sender has not heard. retried: the router took
the message at the second offer; refused beyond: at a later one. recovery: from the end of the step
until all that was handed in before was there.`;
