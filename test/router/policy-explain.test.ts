/** `ketenpost policy explain`: one case, yes or no, and why. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { policyExplain } from '../../router/commands/policy.ts';
import type { CommandError } from '../../schemas/command.ts';

const context = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};
const explain = (options: Record<string, string>) => policyExplain.run([], options, context);

test('a report of the police about Heusden may be sent, and the law is named', async () => {
  const { exit, text } = await explain({
    ...{ van: 'politie', type: 'vt-melding', gemeente: '0797', grondslag: 'bpg-4.2.1.i' },
  });
  assert.is(exit, 'ok');
  assert.match(text ?? '', /Heusden: .*Midden-Brabant/);
  assert.match(text ?? '', /Besluit politiegegevens/);
});

test('on another basis it may not, and the right basis is named', async () => {
  const { exit, text } = await explain({
    ...{ van: 'politie', type: 'halt-verwijzing', naar: 'halt', grondslag: 'wpg-16.1.b' },
  });
  assert.is(exit, 'refused');
  assert.match(text ?? '', 'bpg-4.2.1.f');
});

test('what is no role, type, basis or municipality is said, with what there is', async () => {
  const good = { van: 'politie', type: 'vt-melding', naar: 'vt', grondslag: 'bpg-4.2.1.i' };
  const wrong: [object, RegExp][] = [
    [{ van: 'brandweer' }, /Roles are: politie/],
    [{ type: 'melding' }, /Types are: .*vt-melding/],
    [{ grondslag: 'avg-6' }, /Legal bases are: .*wpg-16/],
    [{ gemeente: '9999' }, /CBS code/],
    [{ naar: '00000099000000020000' }, /--config router.yaml/],
  ];
  for (const [change, next] of wrong) {
    try {
      await explain({ ...good, ...change });
      assert.unreachable(JSON.stringify(change));
    } catch (error) {
      assert.match((error as CommandError).next, next);
    }
  }
});

test.run();
