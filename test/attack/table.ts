/** docs/attacks.md, as the catalogue has it. */

import type { Row, TestName } from './catalogue/row.ts';
import { SECTIONS } from './catalogue.ts';

const HEAD = [
  '# Attacks, and what comes of them',
  '',
  'Made by `npm run attack`, which tries every row for real and prints what happened. This page is the catalogue that it goes by;',
  'a test holds the two equal, and every test named here is part of `npm test`. Ids J, X, H and N are those of the list of attacks',
  'from which the design started, with the products that fell to them; the other rows were added. A code is one of',
  '[errors.md](errors.md); what stands between brackets happens before anything is said.',
  '',
].join('\n');

/** The test file of a test, from the root of the project. */
export const fileOf = (test: TestName): string => `test/${test.split(' › ')[0]}.test.ts`;
export const titleOf = (test: TestName): string => test.split(' › ').slice(1).join(' › ');

export const everyRow = (): readonly Row[] =>
  SECTIONS.flatMap(({ rows }) => rows as readonly Row[]);

export function attacksPage(): string {
  const sections = SECTIONS.map(({ title, rows }) =>
    [
      `## ${title}`,
      '',
      '| id | attack | what comes of it | code | tests |',
      '|---|---|---|---|---|',
      ...(rows as readonly Row[]).map(line),
      '',
    ].join('\n'),
  );
  return `${HEAD}\n${sections.join('\n')}`;
}

function line(row: Row): string {
  if ('absent' in row)
    return `| ${row.id} | ${row.attack} | does not apply: ${row.absent} | – | – |`;
  const codes = row.codes.map((code) => (code.startsWith('(') ? code : `\`${code}\``)).join(', ');
  const tests = row.tests.map((test) => `\`${fileOf(test)}\`: ${titleOf(test)}`).join('<br>');
  return `| ${row.id} | ${row.attack} | ${row.outcome} | ${codes} | ${tests} |`;
}
