import { createPrivateKey } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signingKey } from '../../certs/handles.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { type Case, readCases, vectorFolder, vectorsAreHere } from './wycheproof/cases.ts';
import { askWhole } from './wycheproof/checks.ts';
import { KeyDesk } from './wycheproof/keys.ts';
import {
  byTheBridge,
  differencesOf,
  linesOf,
  type Result,
  runCases,
} from './wycheproof/scorecard.ts';

const here = vectorsAreHere();
const whenHere = here ? test : test.skip;
const results: Result[] = here ? await runCases() : [];

test('the vectors of Wycheproof lie beside the project, or this file says that it could not run them', () => {
  if (!here) process.stdout.write(`skipped: no Wycheproof vectors in ${vectorFolder()}\n`);
});

whenHere('all 649 cases are run, and nothing is accepted that should not be', () => {
  assert.is(results.length, 649);
  assert.equal(
    results
      .filter(({ case: one, accepted }) => accepted && !one.valid)
      .map(({ case: { id } }) => id),
    [],
  );
});

whenHere(
  'what is on our list of algorithms is accepted: the checks do not refuse everything',
  () => {
    const accepted = results.filter((result) => result.accepted);
    const names = accepted.map(({ case: { file, id } }) => `${file} ${id}`).join(', ');
    const ps256 =
      'signature 272, signature 273, signature 274, signature 275, signature 287, signature 288';
    const es256 = 'signature 18';
    const rest = 'signature 378, encryption 66, encryption 84, encryption 90, crypto 18';
    assert.is(names, `${es256}, ${ps256}, ${rest}`);
  },
);

whenHere('every difference has its reason, and all of them are refusals', () => {
  const differences = differencesOf(results);
  const faults = differences.filter(({ why }) => /^(NO REASON|ACCEPTED)/.test(why));
  assert.equal(faults, []);
  assert.is(differences.flatMap(({ cases }) => cases).length, 110);
});

whenHere('most are refused for what they are about, and it is known how many are not', () => {
  const sum = (name: 'meant' | 'also' | 'earlier') =>
    linesOf(results).reduce((all, line) => all + line[name], 0);
  assert.equal([sum('meant'), sum('also'), sum('earlier')], [195, 267, 65]);
  const bridged = byTheBridge(results).map(({ case: { file, id } }) => `${file} ${id}`);
  assert.equal(bridged, ['signature 338', 'key 19', 'key 20']);
});

whenHere('verify and open as a whole take none of them: not one has our header', () => {
  assert.equal([...new Set(results.map(({ whole }) => whole))].includes('good'), false);
});

whenHere('… and take what is made with the same keys in our form', async () => {
  const desk = await KeyDesk.open();
  const cases = readCases();
  const of = (group: string) => cases.find((one) => one.group === group && one.valid) as Case;
  for (const group of ['ps256', 'es256']) {
    const one = of(group);
    const key = createPrivateKey({ key: one.privateKey, format: 'jwk' });
    const certificate = await desk.certificate(one.publicKey, undefined);
    const text = await sign({ iss: 'a' }, TYP.message, signingKey(key, certificate));
    assert.is(await askWhole({ ...one, text }, desk), 'good');
  }
  for (const alg of ['RSA-OAEP-256', 'ECDH-ES+A256KW'] as const) {
    const one = cases.find((it) => it.publicKey['alg'] === alg) as Case;
    const certificate = await desk.certificate(one.publicKey, undefined);
    const text = await seal(Buffer.from('{}'), CTY.submission, { certificate, alg });
    assert.is(await askWhole({ ...one, text }, desk), 'good');
  }
});

test.run();
