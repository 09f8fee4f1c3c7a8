import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { passesElevenTest } from '../../schemas/keywords.ts';
import { messageTypes, WITHDRAWAL } from '../../schemas/messages.ts';
import { select } from '../../schemas/rules/look.ts';
import {
  badSamples,
  faultsOf,
  goodSamples,
  messageWith,
  placesOf,
  sampleTypes,
} from './samples.ts';

test('every message type has at least two good samples and three bad ones', () => {
  const types = [...messageTypes().map(({ type }) => type), WITHDRAWAL].sort();
  assert.equal(sampleTypes(), types);
  for (const type of types) {
    assert.ok(goodSamples(type).size >= 2, type);
    assert.ok(badSamples(type).size >= 3, type);
  }
});

for (const type of sampleTypes()) {
  for (const [file, inhoud] of goodSamples(type)) {
    test(`${type}: ${file} is good`, () => assert.equal(faultsOf(messageWith(type, inhoud)), []));
  }
  for (const [file, { inhoud, verwacht, kop }] of badSamples(type)) {
    test(`${type}: bad/${file} fails at exactly the places it names`, () => {
      const found = placesOf(messageWith(type, inhoud, kop));
      assert.equal([...new Set(found)], [...new Set(verwacht)].sort());
    });
  }
}

test('the people in the samples are made up: every burgerservicenummer begins with 9999', () => {
  for (const type of sampleTypes()) {
    for (const [file, inhoud] of goodSamples(type)) {
      const text = JSON.stringify(inhoud);
      for (const [, bsn = ''] of text.matchAll(/"burgerservicenummer":"(\d+)"/g)) {
        assert.ok(bsn.startsWith('9999') && passesElevenTest(bsn), `${type}/${file}`);
      }
      for (const [, oin = ''] of text.matchAll(/"oin":"(\w+)"/g)) {
        assert.ok(oin.startsWith('00000099'), `${type}/${file}`);
      }
    }
  }
});

test('the report for the benchmark is about 20 KB and the small one about 2 KB', () => {
  const samples = goodSamples('vt-melding');
  const size = (file: string) => JSON.stringify(samples.get(file)).length;
  assert.ok(Math.abs(size('groot-20kb.json') - 20_480) < 512);
  assert.ok(Math.abs(size('klein-2kb.json') - 2_048) < 256);
});

test('the household in Heusden has what a worker needs first', () => {
  const report = goodSamples('vt-melding').get('heusden-spoed.json');
  assert.is(select(report, '/betrokkenen/*').length, 5);
  assert.equal(
    select(report, '/zorgelijkeSituatie/veiligheid/indicatieAcuutOnveilig').map((f) => f.waarde),
    [true],
  );
});

test.run();
