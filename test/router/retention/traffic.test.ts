/**
 * Traffic data go by age. Six months are shortened to seconds, with the settings of the same table; what
 * is then gone from the streams is gone from the files too, and the ledger still verifies.
 */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ConnectOptions, connectLine } from '../../../router/bus/connect.ts';
import { askHoldings } from '../../../router/bus/holdings.ts';
import { streamConfig } from '../../../router/bus/streams.ts';
import { makeReport } from '../../../router/retention/report.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker, type TestBroker } from '../bus/broker.ts';
import { filesWith } from './search.ts';

let broker: TestBroker;
test.before(async () => {
  broker = await startTestBroker();
});
test.after(() => broker.stop());

const admin = (): ConnectOptions => {
  const { servers, ca } = broker;
  return { servers, ca, role: 'admin', name: 'test', seedFile: broker.seed('admin') };
};

const STREAMS = {
  LEDGER: 'ledger.v1.aanvaard',
  RECEIPT: 'receipt.v1.a.b.c.afgeleverd',
  ID: 'id.v1.a.b',
};
type Name = keyof typeof STREAMS;
const NAMES = Object.keys(STREAMS) as Name[];
const bytesOf = (name: Name, at: number) => `salt-and-digest-of-${name}-${at}-${'x'.repeat(40)}`;

/** As `broker streams --update` does, with another age. */
async function liveFor(seconds: number): Promise<void> {
  const { nc, api } = await connectLine(admin());
  for (const name of NAMES) {
    await api(`STREAM.UPDATE.${name}`, { ...streamConfig(name, 1), max_age: seconds * 1e9 });
  }
  await nc.close();
}

test('entries, receipts and id records go at their age, and their bytes with them', async () => {
  const { pipeline } = broker.buses;
  for (const name of NAMES)
    for (const at of [1, 2])
      await pipeline.log(name).put(`${STREAMS[name]}`, Buffer.from(bytesOf(name, at)));
  const inFiles = () =>
    NAMES.filter((name) => filesWith(join(broker.dir, 'store'), bytesOf(name, 2)).length > 0);
  assert.equal(inFiles(), NAMES);
  await liveFor(2);
  await until('the entries to go', async () =>
    (await Promise.all(NAMES.map((name) => pipeline.log(name).state()))).every(
      (s) => s.count === 0,
    ),
  );
  await until('their bytes to go', () => inFiles().length === 0);
  await broker.kill();
  await broker.start();
  assert.equal(inFiles(), []);
});

test('a stream that keeps longer than the law is a broken promise, before anything is too old', async () => {
  await liveFor(365 * 86_400);
  const broken = makeReport(await askHoldings(admin()), null, Date.now());
  assert.is(broken.promise, 'broken');
  assert.equal(broken.faults, [
    'RECEIPT: would be kept 365 days, not 170',
    'ID: would be kept 365 days, not 170',
    'LEDGER: would be kept 365 days, not 170',
  ]);
});

test('the report says what there is, and without a pipeline that not all is known', async () => {
  for (const name of NAMES) {
    const { nc, api } = await connectLine(admin());
    await api(`STREAM.UPDATE.${name}`, streamConfig(name, 1));
    await nc.close();
  }
  await broker.buses.pipeline.log('LEDGER').put(STREAMS.LEDGER, Buffer.from('entry'));
  const now = Date.now();
  const holdings = await askHoldings(admin());
  const report = makeReport(holdings, null, now);
  assert.is(report.promise, 'unknown');
  const ledger = report.streams.find(({ stream }) => stream === 'LEDGER');
  assert.equal([ledger?.count, ledger?.gone, ledger?.setDays, ledger?.limitDays], [1, 2, 170, 181]);
  assert.ok(Math.abs((ledger?.oldest ?? 0) - now) < 60_000);
  const late = makeReport(holdings, null, now + 182 * 86_400_000);
  assert.is(late.promise, 'broken');
  assert.match(late.faults.join(), /LEDGER: holds what is 18[12].*days old; the limit is 181/);
});

test.run();
