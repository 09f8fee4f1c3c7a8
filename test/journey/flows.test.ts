/** The demo as a test: the four flows, what must fail, and the proof, with keys of RSA-3072. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proveIt } from '../demo/proofs.ts';
import { tryWhatMustFail } from '../demo/refusals.ts';
import { tellStory } from '../demo/story.ts';
import { openVoice } from '../demo/voice.ts';
import { journeys } from './journey.ts';

const silent = openVoice(true);
const journey = journeys(test, { keys: 'rsa' });

journey('every message of the four flows comes to the states that were expected', async (town) => {
  const told = await tellStory(town, silent);
  assert.is(told.length, 11);
  assert.equal(
    told.filter(({ asExpected }) => !asExpected),
    [],
  );
});

journey('every attempt that must fail does so with its own code', async (town) => {
  const refused = await tryWhatMustFail(town, silent);
  assert.ok(refused.length >= 11);
  assert.equal(
    refused.filter(({ asExpected }) => !asExpected),
    [],
  );
});

journey('the ledger is whole, and a copy with one byte changed is not', async (town) => {
  const proofs = await proveIt(town, silent);
  assert.equal(
    proofs.filter(({ asExpected }) => !asExpected),
    [],
  );
});

test.run();
