/**
 * A broker whose store was put back under a router that ran on: the router notices at its first entry, does
 * not go on with what it remembers, and ends, so that it is started anew.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LedgerEntry, openLedger } from '../../../router/ledger.ts';
import { parseDigest, parseOin } from '../../../schemas/ids.ts';
import { startTestBroker } from '../bus/broker.ts';

const entry: LedgerEntry = {
  kind: 'ontvangstbewijs-geweigerd',
  code: 'receipt-invalid',
  peer: parseOin('00000099000000010000'),
  ontvangstbewijs: parseDigest('A'.repeat(43)),
};

test('an entry under a number that was given out before is a fault, and is told', async () => {
  const broker = await startTestBroker();
  let rewound = 0;
  const onRewound = () => void rewound++;
  const clock = { now: () => Date.now() };
  const ledger = await openLedger({ bus: broker.buses.pipeline, clock, onRewound });
  try {
    await ledger.append(entry);
    const [store, kept] = [join(broker.dir, 'store'), join(broker.dir, 'kept')];
    await broker.halt();
    cpSync(store, kept, { recursive: true });
    await broker.start();
    // Many at once: the order in which the answers come says nothing.
    await Promise.all(Array.from({ length: 20 }, () => ledger.append(entry)));
    assert.is(rewound, 0);
    await broker.kill();
    await broker.start();
    await ledger.append(entry);
    assert.is(rewound, 0, 'a crash of the broker alone loses nothing');

    await broker.kill();
    rmSync(store, { recursive: true });
    cpSync(kept, store, { recursive: true });
    await broker.start();
    const failure = await ledger.append(entry).then(
      () => undefined,
      (error) => error,
    );
    assert.is(failure?.name, 'BusFault');
    assert.is(rewound, 1);
  } finally {
    ledger.stop();
    await broker.stop();
  }
});

test.run();
