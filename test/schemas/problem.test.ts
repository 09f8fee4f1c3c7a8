import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../schemas/clock.ts';
import { CODES, type Code, isCode } from '../../schemas/codes.ts';
import { CommandError, EXITS } from '../../schemas/command.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';

const codes = Object.keys(CODES) as Code[];

test('a refusal says its stage and whether it may be tried again, as the table has it', () => {
  for (const code of codes) {
    const refusal = new Refusal(code);
    assert.is(refusal.message, CODES[code].title);
    assert.is(refusal.stage, CODES[code].stage);
    assert.is(refusal.retry, CODES[code].retry);
  }
  assert.is(new Refusal('malformed', 'not JSON', [], 'verify').stage, 'verify');
});

test('what may be tried again has the status of something that passes, and the other way round', () => {
  for (const code of codes) {
    const { status, retry, stage } = CODES[code];
    const passes = [408, 429, 503, 507].includes(status);
    assert.ok(passes === retry || stage === 'recipient', code);
  }
});

test('a problem has what RFC 9457 asks, and what helps: code, stage, remedy, every fault', () => {
  const faults = [{ plaats: '/inhoud/sashNiveau', melding: 'must be there' }];
  const problem = toProblem(new Refusal('schema-invalid', 'two faults', faults), {
    instance: 'urn:uuid:0196b9a0-0000-7000-8000-000000000001',
  });
  assert.equal(problem, {
    type: 'urn:nl:ketenpost:probleem:schema-invalid',
    title: CODES['schema-invalid'].title,
    status: 400,
    detail: 'two faults',
    code: 'schema-invalid',
    stadium: 'validate',
    opnieuw: false,
    advies: CODES['schema-invalid'].remedy,
    errors: faults,
    instance: 'urn:uuid:0196b9a0-0000-7000-8000-000000000001',
  });
});

test('only the codes of the table are codes', () => {
  for (const code of codes) assert.ok(isCode(code));
  for (const other of ['', 'toString', '__proto__', 'Malformed', null]) assert.not(isCode(other));
});

test('seconds are whole and never ahead of the clock', () => {
  assert.is(seconds({ now: () => 1_999 }), 1);
  assert.is(seconds({ now: () => 2_000 }), 2);
});

test('every exit has a number of its own, and a command error names one', () => {
  const numbers = Object.values(EXITS);
  assert.is(new Set(numbers).size, numbers.length);
  const error = new CommandError('unreachable', 'no router', 'start it');
  assert.equal([EXITS[error.exit], error.next], [5, 'start it']);
});

test.run();
