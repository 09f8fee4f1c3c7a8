import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addKeywords, missingWithoutReason, passesElevenTest } from '../../schemas/keywords.ts';

test('the 11-proef knows good numbers from bad ones', () => {
  for (const bsn of ['999990342', '999993653', '111222333']) assert.ok(passesElevenTest(bsn), bsn);
  for (const no of [
    '999999999',
    '000000000',
    '99999034',
    '9999903420',
    '99999034x',
    ' 99990342',
    '',
  ]) {
    assert.not(passesElevenTest(no), no);
  }
});

const good = fc
  .integer({ min: 1, max: 999_999_999 })
  .map((number) => String(number).padStart(9, '0'))
  .filter(passesElevenTest);
const places = fc.nat({ max: 8 });

test('one wrong digit is always noticed, and so are two neighbours that changed places', () => {
  fc.assert(
    fc.property(good, places, fc.integer({ min: 1, max: 9 }), (bsn, at, add) => {
      const digit = (Number(bsn[at]) + add) % 10;
      return !passesElevenTest(bsn.slice(0, at) + digit + bsn.slice(at + 1));
    }),
  );
  fc.assert(
    fc.property(good, fc.nat({ max: 7 }), (bsn, at) => {
      const [one, other] = [bsn[at], bsn[at + 1]];
      const swapped = bsn.slice(0, at) + other + one + bsn.slice(at + 2);
      return one === other || !passesElevenTest(swapped);
    }),
  );
});

test('a value is there, or a reason in redenGeenWaarde', () => {
  const missing = (data: object) => missingWithoutReason(['datum', 'plaats'], data);
  assert.equal(missing({}), ['datum', 'plaats']);
  assert.equal(missing({ datum: 1, redenGeenWaarde: { plaats: 'waardeOnbekend' } }), []);
  assert.equal(missing({ datum: null, redenGeenWaarde: 'plaats' }), ['plaats']);
  assert.equal(missing(Object.create({ datum: 1, plaats: 1 })), ['datum', 'plaats']);
});

test('the words work in a schema, and can be switched off', () => {
  const ajv = new Ajv2020({ allErrors: true });
  addKeywords(ajv);
  const bsn = ajv.compile({ type: 'string', elfproef: true, codelijst: 'x', tsType: 'Bsn' });
  assert.ok(bsn('999990342'));
  assert.not(bsn('999990343'));
  assert.ok(ajv.compile({ type: 'string', elfproef: false })('x'));
  const orReason = ajv.compile({ type: 'object', verplichtOfReden: ['a', 'b'] });
  assert.not(orReason({ a: 1 }));
  assert.equal(
    orReason.errors?.map((error) => error.params),
    [{ missingProperty: 'b' }],
  );
});

test.run();
