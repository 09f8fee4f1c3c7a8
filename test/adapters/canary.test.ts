/** Personal data in a message, and who handled it, are nowhere on disk nor in the log: not even in passing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { confirm } from '../../adapters/confirm.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { AGENCIES } from '../town/agencies.ts';
import { FakeSystem } from './fake-system.ts';
import { openStand, report, sample, until } from './stand.ts';

/** Every text of some length that stands in a body. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 8 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** In clear, and as it stands within base64 whatever bytes come before. */
function spellings(text: string): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from(' '.repeat(shift) + text)
      .toString('base64url')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [text, ...shifted.filter((one) => one.length >= 8)];
}

test('canaries are found neither in the files of the stores nor in the logs', async () => {
  const stand = await openStand();
  const system = await FakeSystem.open();
  system.answer = () => 422;
  const police = await stand.start('politie');
  const vt = await stand.start('vt', { webhook: { url: system.url, timeoutSeconds: 30 } });
  const inhoud = sample('vt-melding', 'heusden-spoed');
  const canaries = [
    ...new Set(textsIn(inhoud)),
    'Medewerkster-de-Canarie',
    'Toelichting-de-Canarie',
  ];
  assert.ok(canaries.length > 10);

  const { bericht } = await post(police.rooms, report());
  await until('delivery', () => police.rooms.store.outbox.get(bericht)?.state === 'afgerond');
  const id = { sender: AGENCIES.politie.oin, jti: bericht };
  const by = { medewerker: 'Medewerkster-de-Canarie', toelichting: 'Toelichting-de-Canarie' };
  await settle(vt.rooms, id, {
    state: 'afgewezen',
    action: 'afgewezen',
    by,
    code: 'not-processable',
    explanation: 'Toelichting-de-Canarie',
  });
  await until(
    'the rejection',
    () => police.rooms.store.outbox.recipients(bericht)[0]?.state === 'afgewezen',
  );
  const errors = [{ plaats: '/inhoud/Toelichting-de-Canarie', melding: 'is not known' }];
  stand.door.router.mischief.refuse = () => new Refusal('schema-invalid', undefined, errors);
  const refused = await post(police.rooms, report());
  await until(
    'the refusal',
    () => police.rooms.store.outbox.get(refused.bericht)?.state === 'geweigerd',
  );
  await confirm(police.rooms, 'a.b.c').catch(() => undefined);

  // While they run, so that the write-ahead logs are still there.
  const files = ['politie', 'vt'].flatMap((name) =>
    readdirSync(join(stand.folder, name)).map((file) => join(stand.folder, name, file)),
  );
  assert.ok(files.some((file) => file.endsWith('-wal')));
  const haystack = [
    ...files.map((file) => readFileSync(file).toString('latin1')),
    stand.log.join(''),
  ];
  assert.ok(
    haystack.some((text) => text.includes(bericht)),
    'the search finds what is there',
  );
  const known = new Set<string>([
    ...Object.values(AGENCIES).flatMap(({ oin, naam }) => [oin, naam]),
  ]);
  for (const canary of canaries.filter((text) => !known.has(text))) {
    for (const spelling of spellings(canary)) {
      const latin = Buffer.from(spelling).toString('latin1');
      assert.not.ok(
        haystack.some((text) => text.includes(latin)),
        `a canary of ${canary.length} characters`,
      );
    }
  }
  await stand.close();
  await system.close();
});

test.run();
