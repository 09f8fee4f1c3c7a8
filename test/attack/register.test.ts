/** An older register, once truly signed, shown to a pipeline that starts: it does not believe it. */

import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCertificate } from '../../certs/certificate.ts';
import { LiveRegister } from '../../router/registry/live.ts';
import { changing, type House, openHouse } from '../router/house.ts';
import { AGENCIES, REGISTRAR } from '../town/agencies.ts';
import { until } from '../town/wait.ts';
import { saw } from './saw.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

/** Opens the register as a pipeline does at its start. */
async function start(lowest = 0) {
  const lines: string[] = [];
  const bus = await house.broker.connect('pipeline', 'another');
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const registrar = house.keys
    .certificates(REGISTRAR.oin, 'authenticiteit')
    .map((file) => readCertificate(readFileSync(file, 'utf8')));
  const live = await LiveRegister.open({ bus, registrar, log, lowest, lookMs: 50 });
  return { live, lines };
}
const point = async (version: number) =>
  (await house.broker.buses.admin.bucket('registry')).put('current', Buffer.from(`${version}`));

test('V1 what was withdrawn does not come back with an older register', async () => {
  const suspended = changing(AGENCIES.halt.oin, (draft) => ({ ...draft, status: 'geschorst' }));
  await house.register(suspended);
  const version = house.rooms.registry.version;
  assert.ok(version >= 2);
  // The thief of the operator's credentials puts back the version before, which is truly signed.
  await point(version - 1);
  const { live, lines } = await start();
  assert.is(live.current.version, 0);
  assert.is(live.current.agency(AGENCIES.halt.oin), undefined);
  assert.ok(
    lines.some((line) => line.includes('register refused')),
    lines.join(''),
  );
  await point(version);
  await until('the true register', () => live.current.version === version);
  assert.is(live.current.agency(AGENCIES.halt.oin)?.status, 'geschorst');
  live.stop();
  saw('V1', '(register refused)');
});

test('V1 below the version that the operator pinned, nothing counts whatever the broker says', async () => {
  const { version } = house.rooms.registry;
  const { live } = await start(version + 1);
  assert.is(live.current.version, 0);
  live.stop();
  const { live: same } = await start(version);
  assert.is(same.current.version, version);
  same.stop();
});

test('V1 neither the door nor the operator can write the pin, and nobody can erase it', async () => {
  for (const role of ['door', 'admin'] as const) {
    const bucket = await house.broker.buses[role].bucket('pins').catch(() => undefined);
    const failure = await bucket?.put('register', Buffer.from('0')).catch((error) => error);
    assert.ok(bucket === undefined || failure?.code === 403, role);
  }
  const mine = await house.rooms.bus.bucket('pins');
  const before = await mine.get('register');
  await mine.remove('register').catch(() => undefined);
  const { live } = await start();
  assert.is(live.current.version, Number(Buffer.from(before?.value ?? '')));
  live.stop();
});

test.run();
