import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CODES } from '../../schemas/codes.ts';
import { generateAll } from '../../schemas/generate.ts';
import { RULES } from '../../schemas/rules.ts';

const outputs = await generateAll();

test('what is generated equals a fresh run: npm run generate was not forgotten', () => {
  for (const [path, fresh] of Object.entries(outputs)) {
    const present = readFileSync(join('schemas', path), 'utf8');
    assert.ok(present === fresh, `schemas/${path} is stale: npm run generate`);
  }
});

test('nothing lies in the folder that the generator did not write', () => {
  const written = Object.keys(outputs).filter((path) => path.startsWith('generated/'));
  assert.equal(
    readdirSync(join('schemas', 'generated')).sort(),
    written.map((path) => path.slice('generated/'.length)).sort(),
  );
});

test('the page of errors has every code and every rule once', () => {
  const page = outputs['../docs/errors.md'] ?? '';
  for (const code of Object.keys(CODES)) {
    assert.is(page.split(`| \`${code}\` |`).length, 2, code);
  }
  for (const [type, rules] of Object.entries(RULES)) {
    const section = page.split(type === '*' ? '### Every message' : `### \`${type}\``)[1] ?? '';
    for (const { id } of rules) assert.match(section, `| ${id} |`);
  }
});

test('every code says what is wrong and what to do, in one sentence each', () => {
  for (const [code, { title, remedy, status }] of Object.entries(CODES)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.match(title, /^[A-Z].*\.$/, code);
    assert.match(remedy, /^[A-Z].*\.$/, code);
    assert.ok(status >= 400 && status < 600, code);
  }
});

test.run();
