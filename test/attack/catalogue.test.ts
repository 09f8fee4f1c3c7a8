/** The catalogue is whole, names tests that are there, and is the page that people read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../../project.ts';
import { isCode } from '../../schemas/codes.ts';
import { isThere } from './existing.ts';
import { attacksPage, everyRow } from './table.ts';

const rows = everyRow();
const upTo = (letter: string, last: number) =>
  Array.from({ length: last }, (_, at) => `${letter}${at + 1}`);

test('every row of the list of attacks stands in it, once', () => {
  const ids = rows.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const id of [...upTo('J', 19), ...upTo('X', 9), ...upTo('H', 11), ...upTo('N', 9)])
    assert.ok(ids.includes(id), id);
});

test('every row has tests that are there, and codes of the table', () => {
  for (const row of rows) {
    if ('absent' in row) {
      assert.ok(row.absent.length > 5, row.id);
      continue;
    }
    assert.ok(row.tests.length > 0 && row.codes.length > 0, row.id);
    for (const one of row.tests) assert.ok(isThere(one), `${row.id}: ${one}`);
    for (const code of row.codes)
      assert.ok(isCode(code) || code === 'aanvaard' || /^\(.+\)$/.test(code), `${row.id}: ${code}`);
  }
});

test('a test that is not there is noticed', () => {
  assert.not.ok(isThere('attack/jose › J1 a message that says nothing of the kind'));
  assert.not.ok(isThere('attack/none › '));
  assert.not.ok(isThere('attack/jose › '));
});

test('docs/attacks.md is the catalogue: npm run attack', () => {
  const page = readFileSync(join(projectFolder(), 'docs', 'attacks.md'), 'utf8');
  assert.ok(page === attacksPage(), 'docs/attacks.md is not as the catalogue: run npm run attack');
});

test.run();
