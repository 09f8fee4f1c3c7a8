/** A stream as the rooms see it, on a real broker. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isConflict, type Log, type Stored } from '../../../router/bus/bus.ts';
import { startTestBroker, type TestBroker } from './broker.ts';

const bytes = (text: string) => Buffer.from(text);
const text = (stored: Stored | null) => stored && Buffer.from(stored.data).toString();
const seqOf = (result: Awaited<ReturnType<Log['put']>>): number => {
  if (isConflict(result)) throw new Error('conflict');
  return result.seq;
};
async function all(log: Log, filter: string, from?: number): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const one of log.list(filter, from)) found.push(one);
  return found;
}

let broker: TestBroker;
test.before(async () => {
  broker = await startTestBroker();
});
test.after(() => broker.stop());

test('a subject that had to be empty takes one message and then says conflict', async () => {
  const log = broker.buses.pipeline.log('RECEIPT');
  const first = await log.put('receipt.v1.a.1.b.aanvaard', bytes('first'), { expect: 0 });
  const second = await log.put('receipt.v1.a.1.b.aanvaard', bytes('second'), { expect: 0 });
  assert.is(isConflict(first), false);
  assert.is(isConflict(second), true);
  assert.is(text(await log.last('receipt.v1.a.1.b.aanvaard')), 'first');
  assert.is(await log.count('receipt.v1.a.1.b.aanvaard'), 1);
});

test('of many that put at once where one may, exactly one succeeds', async () => {
  const log = broker.buses.pipeline.log('ID');
  const tries = Array.from({ length: 40 }, (_, n) =>
    log.put('id.v1.race.1', bytes(`${n}`), { expect: 0 }),
  );
  const won = (await Promise.all(tries)).filter((result) => !isConflict(result));
  assert.is(won.length, 1);
});

test('a record is replaced only by who knows the last one, and only the last one is kept', async () => {
  const log = broker.buses.pipeline.log('ID');
  const first = seqOf(await log.put('id.v1.a.2', bytes('1'), { expect: 0 }));
  const second = seqOf(await log.put('id.v1.a.2', bytes('2'), { expect: first }));
  assert.is(isConflict(await log.put('id.v1.a.2', bytes('3'), { expect: first })), true);
  assert.is((await log.last('id.v1.a.2'))?.seq, second);
  assert.is(await log.get(first), null);
  assert.is(await log.count('id.v1.a.2'), 1);
});

test('headers come back as they were given, without those of the broker', async () => {
  const log = broker.buses.pipeline.log('RECEIPT');
  const headers = { 'Ketenpost-Soort': 'aflevering', 'Ketenpost-Dig': 'abc=' };
  const seq = seqOf(await log.put('receipt.v1.h.1.b.x', bytes(''), { headers, expect: 0 }));
  const found = await log.get(seq);
  assert.equal(found?.headers, headers);
  assert.is(found?.data.length, 0);
  assert.equal((await all(log, 'receipt.v1.h.>'))[0]?.headers, headers);
});

test('the fence of a whole stream stops who does not know its end', async () => {
  const log = broker.buses.pipeline.log('CHAIN');
  const { last } = await log.state();
  const seq = seqOf(await log.put('chain.v1.link', bytes('a'), { expectStream: last }));
  const late = await log.put('chain.v1.checkpoint', bytes('b'), { expectStream: last });
  assert.is(isConflict(late), true);
  assert.is(
    isConflict(await log.put('chain.v1.checkpoint', bytes('b'), { expectStream: seq })),
    false,
  );
});

test('what was put is read back byte for byte, whatever it is', async () => {
  const log = broker.buses.pipeline.log('DEADLETTER');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.uuid(), async (data, id) => {
      const seq = seqOf(await log.put(`deadletter.v1.ours.unknown.${id}`, data));
      assert.equal(new Uint8Array((await log.get(seq))?.data ?? []), data);
    }),
    { numRuns: 30 },
  );
});

test('next walks on by filter, and ends', async () => {
  const log = broker.buses.pipeline.log('MAILBOX');
  for (const subject of ['a.spoed.x.1', 'b.spoed.x.1', 'a.normaal.x.2', 'a.spoed.x.3']) {
    await log.put(`mailbox.v1.${subject}`, bytes(subject), { expect: 0 });
  }
  const found: (string | null)[] = [];
  for (let at = await log.next(1, 'mailbox.v1.a.spoed.>'); at; ) {
    found.push(text(at));
    at = await log.next(at.seq + 1, 'mailbox.v1.a.spoed.>');
  }
  assert.equal(found, ['a.spoed.x.1', 'a.spoed.x.3']);
  assert.is(await log.next(1, 'mailbox.v1.nobody.>'), null);
});

test('list gives all of them in order, over many batches, from where it is asked', async () => {
  const log = broker.buses.pipeline.log('LEDGER');
  const puts = Array.from({ length: 950 }, (_, n) => log.put('ledger.v1.besluit', bytes(`${n}`)));
  await Promise.all(puts);
  await log.put('ledger.v1.register', bytes('other'));
  const found = await all(log, 'ledger.v1.besluit');
  assert.equal(
    found.map(({ seq }) => seq),
    Array.from({ length: 950 }, (_, n) => n + 1),
  );
  assert.is((await all(log, 'ledger.v1.*', 900)).length, 52);
  assert.equal(await all(log, 'ledger.v1.voornemen'), []);
});

test('an erased message is gone from the stream, and its bytes from the disk', async () => {
  const log = broker.buses.pipeline.log('MAILBOX');
  const canary = `canary-${'Q'.repeat(40)}-canary`;
  const subject = 'mailbox.v1.e.spoed.x.1';
  const seq = seqOf(await log.put(subject, bytes(canary), { expect: 0 }));
  await log.put('mailbox.v1.e.spoed.x.2', bytes('stays'), { expect: 0 });
  assert.is(await log.erase(seq), true);
  assert.is(await log.erase(seq), false);
  assert.is(await log.last(subject), null);
  assert.is(isConflict(await log.put(subject, bytes('anew'), { expect: 0 })), false);
  await broker.halt();
  const files = (readdirSync(join(broker.dir, 'store'), { recursive: true }) as string[])
    .map((file) => join(broker.dir, 'store', file))
    .filter((file) => file.endsWith('.blk'));
  assert.ok(files.some((file) => readFileSync(file).includes('stays')));
  assert.not.ok(files.some((file) => readFileSync(file).includes(canary)));
  await broker.start();
});

test('what was acknowledged is there after a crash of the broker, and the connection comes back', async () => {
  const log = broker.buses.pipeline.log('RECEIPT');
  await log.put('receipt.v1.c.1.b.x', bytes('kept'), { expect: 0 });
  await broker.kill();
  await broker.start();
  assert.is(text(await log.last('receipt.v1.c.1.b.x')), 'kept');
  assert.is(isConflict(await log.put('receipt.v1.c.1.b.x', bytes('no'), { expect: 0 })), true);
});

test('a put during an outage waits for the broker, or fails in time', async () => {
  const log = broker.buses.pipeline.log('RECEIPT');
  await broker.kill();
  const waiting = log.put('receipt.v1.d.1.b.x', bytes('patient'), { expect: 0 });
  await broker.start();
  assert.is(isConflict(await waiting), false);
  assert.is(text(await log.last('receipt.v1.d.1.b.x')), 'patient');
});

test('after close every call fails at once and clearly', async () => {
  const bus = await broker.connect('pipeline', 'short');
  await bus.close();
  assert.is(await bus.closed, undefined);
  const failure = await bus
    .log('ID')
    .last('id.v1.x.y')
    .catch((error) => error);
  assert.is(failure.name, 'BusFault');
});

test.run();
