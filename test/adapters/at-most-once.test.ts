/**
 * The recipient's law: whatever the order of repeats, faults and restarts, each message is handed to
 * the agency's system once, and every copy is answered.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { receive } from '../../adapters/endpoint.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import type { Bericht, Postbusstuk } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { FakeSystem } from './fake-system.ts';
import { openStand, report, type Stand, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
let stand: Stand;
let system: FakeSystem;
let vt: Agency;
const start = () => stand.start('vt', { webhook: { url: system.url, timeoutSeconds: 5 } });
test.before(async () => {
  stand = await openStand();
  system = await FakeSystem.open();
  vt = await start();
});
test.after(async () => {
  await stand.close();
  await system.close();
});

/** One message, sealed so many times: the copies differ, what is in them does not. */
async function copies(count: number): Promise<{ jti: string; items: Postbusstuk[] }> {
  const now = stand.clock.now();
  const iat = Math.floor(now / 1000);
  const { aan: _, ...draft } = report() as Record<string, unknown>;
  const jti = newUuid7(now);
  const base = { iss: toUrn(POLICE), aud: [toUrn(VT)], jti, iat, exp: iat + 86_400, versie: '1.0' };
  const claims = { ...base, conversatie: newUuid7(now), ...draft } as unknown as Bericht;
  const identity = await loadIdentity(stand.keys.identity(POLICE));
  const jws = await sign(claims, TYP.message, identity.signing);
  const items: Postbusstuk[] = [];
  for (let n = 0; n < count; n += 1) items.push(await stand.door.router.sealFor(jws, VT));
  return { jti, items };
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('copy' as const), of: fc.nat(2), which: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'pause' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

test('each message reaches the system once, whatever the interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const messages = [await copies(3), await copies(3), await copies(3)];
      let underWay: Promise<unknown>[] = [];
      const given = new Set<string>();
      for (const one of steps) {
        if (one.kind === 'copy') {
          const message = messages[one.of];
          const item = message?.items[one.which];
          if (message === undefined || item === undefined) continue;
          given.add(message.jti);
          underWay.push(receive(vt.rooms, item));
        } else {
          const results = await Promise.all(underWay);
          assert.ok(results.every((result) => result === 'delivered' || result === 'repeated'));
          underWay = [];
          if (one.kind === 'restart') {
            await vt.stop();
            vt = await start();
          }
        }
      }
      await Promise.all(underWay);
      for (const jti of given) {
        await until(
          'the system to have it',
          () => vt.rooms.store.inbox.get(POLICE, jti)?.state === 'verwerkt',
        );
        const states = vt.rooms.store.replies.of(POLICE, jti).map((reply) => reply.state);
        assert.equal(states.sort(), ['afgeleverd', 'verwerkt']);
      }
      for (const { jti } of messages) assert.is(system.count(jti), given.has(jti) ? 1 : 0);
    }),
    { numRuns: 15 },
  );
});

test.run();
