import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CODELIJSTEN } from '../../schemas/generated/codelijsten.ts';
import { messageTypes } from '../../schemas/messages.ts';
import { ROLES } from '../../schemas/policy.ts';
import { STATES } from '../../schemas/states.ts';

const glossary = readFileSync(join('docs', 'glossary.md'), 'utf8');

test('the glossary has every role, state and message type', () => {
  for (const role of Object.keys(ROLES)) assert.match(glossary, `\`${role}\``);
  for (const state of Object.keys(STATES)) assert.match(glossary, `| ${state} |`);
  const answers = ['uitslag-check-op-bekendheid', 'uitkomst-casusinformatie'];
  for (const { type } of messageTypes()) {
    assert.ok(answers.includes(type) || glossary.includes(type), type);
  }
});

test('the glossary says who states a state, as the table does', () => {
  for (const [state, { by }] of Object.entries(STATES)) {
    assert.match(glossary, new RegExp(`^\\| ${state} \\| \\w+ \\| ${by} \\|$`, 'm'));
  }
});

test('the glossary has the statuses and outcomes of Veilig Thuis', () => {
  for (const list of [CODELIJSTEN.vtStatussen, CODELIJSTEN.vtUitkomsten]) {
    for (const { code } of list.waarden) assert.match(glossary, `| ${code} |`);
  }
});

test.run();
