/** What is missing between events that came, whatever their order. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore, type Store } from '../../../adapters/store/store.ts';
import { newUuid7, type Uuid } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';

const SENDER = AGENCIES.politie.oin;

let folder: string;
let store: Store;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ketenpost-events-'));
  const files = { path: join(folder, 'a.db'), keyFile: join(folder, 'key') };
  store = openStore(files, AGENCIES.vt.oin);
});
test.after(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** The numbers that are missing, as the store tells them. */
const missing = (zaak: Uuid, source: string): number[] =>
  store.events
    .holes({ zaak })
    .filter((hole) => hole.source === source)
    .flatMap(({ before, after }) =>
      Array.from({ length: after - before - 1 }, (_, at) => before + 1 + at),
    )
    .sort((a, b) => a - b);

test('law: missing is what lies between the first and the last and did not come, and was not asked after', async () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 25 });
  const asked = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(numbers, numbers, asked, async (came, elsewhere, upTo) => {
      const zaak = newUuid7(Date.now()) as string as Uuid;
      await store.write(() => {
        for (const [source, all] of [
          ['urn:a', came],
          ['urn:b', elsewhere],
        ] as const)
          for (const [at, number] of all.entries()) {
            const about = {
              sender: SENDER,
              message: newUuid7(at),
              region: '',
              basis: '',
              received: at,
            };
            store.events.seen({ ...about, source, zaak, number });
          }
        if (upTo !== undefined) store.events.catchUp({ source: 'urn:a', zaak }, upTo, 0);
      });
      const expected = Array.from({ length: Math.max(...came) }, (_, at) => at + 1).filter(
        (one) => one > Math.min(...came) && !came.includes(one) && one > (upTo ?? 0),
      );
      assert.equal(missing(zaak, 'urn:a'), expected);
    }),
    { numRuns: 60 },
  );
});

test('asked after twice, the later number counts, and never one below', async () => {
  const zaak = newUuid7(Date.now()) as string as Uuid;
  await store.write(() => {
    for (const number of [1, 10]) {
      const about = {
        sender: SENDER,
        message: newUuid7(number),
        region: '',
        basis: '',
        received: number,
      };
      store.events.seen({ ...about, source: 'urn:a', zaak, number });
    }
    store.events.catchUp({ source: 'urn:a', zaak }, 8, 1);
    store.events.catchUp({ source: 'urn:a', zaak }, 4, 2);
  });
  assert.equal(missing(zaak, 'urn:a'), [9]);
});

test.run();
