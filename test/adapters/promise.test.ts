/** The recipient's promise, at the moment that counts: killed while it signs a receipt, the message is on the disk. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore } from '../../adapters/store/store.ts';
import { openMessage } from '../../adapters/view.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const build = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An adapter that is killed, by itself so that no moment is missed, when it is about to sign a receipt. */
const SCRIPT = `
const load = (file) => import(process.argv[1] + '/' + file);
const { startAgency } = await load('adapters/agency.js');
const { systemClock } = await load('schemas/clock.js');
const { createLog } = await load('adapters/log.js');
const config = JSON.parse(process.argv[2]);
const agency = await startAgency(config, { clock: systemClock, log: createLog('silent') });
const { signing } = agency.rooms.identity;
const sign = signing.sign.bind(signing);
signing.sign = (input) => {
  const [header] = Buffer.from(input).toString().split('.');
  const { typ } = JSON.parse(Buffer.from(header, 'base64url').toString());
  if (typ === 'secevent+jwt') process.kill(process.pid, 'SIGKILL');
  return sign(input);
};
process.stdout.write('ready');
`;

let here: Arrivals;
test.before(async () => {
  here = await Arrivals.open();
});
test.after(() => here.stand.close());

test('stored before the receipt is signed: nothing is said of what could be lost', async () => {
  await here.vt.stop();
  const config = here.stand.config('vt');
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', SCRIPT, build, JSON.stringify(config)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => child.once('close', (_, signal) => done(signal)));
  await until('it to run', () => said === 'ready');
  const { jti } = await here.arrive();
  assert.is(await ended, 'SIGKILL');
  assert.equal(here.told(jti), [], 'no receipt had left');
  const store = openStore(config.store, VT);
  assert.is(store.inbox.get(POLICE, jti)?.state, 'afgeleverd', 'and yet it is on the disk');
  assert.equal(store.replies.of(POLICE, jti), []);
  store.close();
  // The router gives it again: one message, one receipt.
  const vt = await here.stand.start('vt');
  here.stand.door.router.mail.giveAgain();
  const fact = await here.answer(jti);
  assert.is(fact.staat, 'afgeleverd');
  assert.is((await openMessage(vt.rooms, { sender: POLICE, jti })).bericht.jti, jti);
  assert.is(vt.rooms.store.replies.of(POLICE, jti).length, 1);
});

test.run();
