/** YAML that a person wrote is read in one way, or not at all. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readYaml } from '../../schemas/yaml.ts';

test('what is good is read, aliases too', () => {
  assert.equal(readYaml('a: &x [1]\nb: *x\n'), { value: { a: [1], b: [1] } });
});

test('a fault is told by its line', () => {
  assert.equal(readYaml('a: 1\nb: [\n'), { fault: 'not YAML (line 3)' });
  assert.ok('fault' in readYaml('a: 1\na: 2\n'), 'a name that stands twice');
});

test('an alias of nothing, or of more than memory holds, is a fault and no crash', () => {
  assert.equal(readYaml('*nothing:'), { fault: 'an alias in it cannot be followed' });
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let at = 1; at < 12; at++)
    lines.push(
      `a${at}: &a${at} [${Array(10)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    );
  assert.equal(readYaml(lines.join('\n')), { fault: 'an alias in it cannot be followed' });
});

test.run();
