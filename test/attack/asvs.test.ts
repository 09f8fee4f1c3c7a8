/** docs/asvs.md names every requirement of its chapters once, and only files and tests that are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../../project.ts';
import { isThere } from './existing.ts';

const page = readFileSync(join(projectFolder(), 'docs', 'asvs.md'), 'utf8');
const security = readFileSync(join(projectFolder(), 'SECURITY.md'), 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^\d+\.\d+\.\d+$/.test(cells[1] ?? ''));

/** How many requirements each section of ASVS 5.0.0 has. */
const SECTIONS: Readonly<Record<string, number>> = {
  ...{ '4.1': 5, '4.2': 5, '4.3': 2, '4.4': 4, '9.1': 3, '9.2': 4 },
  ...{ '11.1': 4, '11.2': 5, '11.3': 5, '11.4': 4, '11.5': 2, '11.6': 2, '11.7': 2 },
  ...{ '12.1': 5, '12.2': 2, '12.3': 5, '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 4 },
};

test('every requirement of V4, V9, V11, V12 and V16 stands in it once, in order', () => {
  const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
  );
  assert.equal(
    rows.map((cells) => cells[1]),
    wanted,
  );
});

test('each has a verdict, and evidence or a reason', () => {
  for (const [, number, requirement = '', verdict = '', evidence = ''] of rows) {
    assert.ok(requirement.length > 10, number);
    assert.match(verdict, /^(met|not met|n\.a\.)/, number);
    assert.ok(evidence !== '–' || verdict.startsWith('n.a.:'), number);
    if (verdict.startsWith('not met')) assert.ok(verdict.length > 20, number);
  }
});

/** `file` › title, separated by semicolons; a semicolon may stand in a title. */
const namedIn = (text: string): { file: string; title: string | undefined }[] =>
  text
    .split(/;? ?(?=`(?:[a-z]+\/|SECURITY)[\w./-]*`)/)
    .map((one) => /`((?:[a-z]+\/|SECURITY)[\w./-]*)`(?: › (.+?))?[;.]?$/.exec(one.trim()))
    .flatMap((hit) => (hit === null ? [] : [{ file: hit[1] ?? '', title: hit[2] }]));

test('every file and every test that is named as evidence is there', () => {
  let tests = 0;
  for (const [, number, , , evidence = ''] of rows)
    for (const { file, title } of namedIn(evidence)) {
      assert.ok(existsSync(join(projectFolder(), file)), `${number}: ${file}`);
      if (!file.endsWith('.test.ts') || title === undefined) continue;
      const name = file.slice('test/'.length, -'.test.ts'.length);
      assert.ok(isThere(`${name} › ${title}`), `${number}: ${file} › ${title}`);
      tests += 1;
    }
  assert.ok(tests > 60, `${tests} tests are named`);
});

test('every file that SECURITY.md names is there', () => {
  const named = [...security.matchAll(/`((?:[a-z]+\/)[\w./-]+\.(?:ts|md))`/g)].map(
    ([, file]) => file,
  );
  assert.ok(named.length > 5);
  for (const file of named) assert.ok(existsSync(join(projectFolder(), file ?? '')), file);
});

test.run();
