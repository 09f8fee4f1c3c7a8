import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMPLAINTS } from '../../schemas/generate/complaints.ts';
import { toStatesPage } from '../../schemas/generate/states-page.ts';
import { maySentFollow, SENT, SENT_STATES } from '../../schemas/sent.ts';
import { isState, mayFollow, STATES, type State, standing } from '../../schemas/states.ts';

const NAMES = Object.keys(STATES) as State[];
const byRecipient = NAMES.filter((state) => STATES[state].by === 'recipient');

const stated = fc.uniqueArray(fc.constantFrom(...NAMES));

test('where a copy stands does not depend on the order in which receipts arrive', () => {
  const twoOrders = stated.chain((states) =>
    fc.tuple(
      fc.constant(states),
      fc.shuffledSubarray(states, { minLength: states.length, maxLength: states.length }),
    ),
  );
  fc.assert(fc.property(twoOrders, ([one, other]) => standing(one) === standing(other)));
});

test('what may follow is further along', () => {
  for (const from of NAMES) {
    for (const to of STATES[from].next) assert.is(standing([to, from]), to, `${from} to ${to}`);
  }
});

test('a receipt that arrives twice changes nothing', () => {
  fc.assert(fc.property(stated, (states) => standing([...states, ...states]) === standing(states)));
});

test('a copy stands at something that was stated', () => {
  assert.is(standing([]), undefined);
  fc.assert(
    fc.property(
      stated,
      (states) => states.length === 0 || states.includes(standing(states) as State),
    ),
  );
});

test('states only move forward: no way leads back, but for what was unreadable or late', () => {
  for (const from of NAMES) {
    assert.not(mayFollow(from, from), from);
    for (const to of STATES[from].next) assert.not(mayFollow(to, from), `${from} and ${to}`);
  }
});

test('a late afgeleverd wins over onbestelbaar, and a new copy over an unreadable one', () => {
  assert.is(standing(['aanvaard', 'onbestelbaar', 'afgeleverd']), 'afgeleverd');
  assert.is(standing(['afgeleverd', 'onbestelbaar']), 'afgeleverd');
  assert.is(standing(['onleesbaar', 'verwerkt', 'aanvaard']), 'verwerkt');
  assert.is(standing(['onbestelbaar', 'onleesbaar']), 'onbestelbaar');
});

test('two final words of one copy: the refusal counts', () => {
  assert.is(standing(['afgewezen', 'verwerkt']), 'afgewezen');
  assert.is(standing(['geweigerd', 'aanvaard']), 'aanvaard');
});

test('a final word of a recipient settles the copy and erases it', () => {
  for (const state of byRecipient) assert.ok(STATES[state].erases, state);
  for (const state of NAMES) {
    if (STATES[state].next.length === 0) assert.ok(STATES[state].settles, state);
  }
});

test('the states of a sent message: each can be reached, and none but the last stands still', () => {
  for (const state of SENT_STATES) {
    const reached = SENT_STATES.some((from) => maySentFollow(from, state));
    assert.ok(reached || state === 'ingediend', state);
    assert.is(SENT[state].next.length === 0, state === 'afgerond', state);
    assert.not(maySentFollow(state, state), state);
    // Offers are made until the receipts are in, or the end has come; and then no more.
    assert.is(SENT[state].offers, state === 'ingediend' || state === 'aanvaard', state);
  }
});

test('each complaint names a test that is there', () => {
  for (const { file, test: name } of COMPLAINTS) {
    assert.ok(readFileSync(file, 'utf8').includes(name), `${file} has no test: ${name}`);
  }
  assert.ok(COMPLAINTS.length >= 15);
});

test('the page has a way in its diagram for each in the tables, and no other', () => {
  const page = toStatesPage();
  const ways = page.match(/^ {2}\w+ --> \w+: /gm) ?? [];
  const wanted = [...Object.values(STATES), ...Object.values(SENT)].flatMap(({ next }) => next);
  assert.is(ways.length, wanted.length);
  for (const from of NAMES)
    for (const to of STATES[from].next) assert.match(page, `  ${from} --> ${to}: ${STATES[to].by}`);
});

test('only the states of the table are states', () => {
  for (const name of NAMES) assert.ok(isState(name));
  for (const other of ['', 'Aanvaard', 'toString', '__proto__', null, 5])
    assert.not(isState(other));
});

test.run();
