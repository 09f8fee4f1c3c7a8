/** What holds for every request, every row of agencies and every header, whatever they look like. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newBudget } from '../../../router/door/budget.ts';
import { readTrace, readTransaction } from '../../../router/door/headers.ts';
import type { Declined } from '../../../router/door/problems.ts';
import { readQuery } from '../../../router/door/query.ts';
import { newTurns } from '../../../router/door/turns.ts';
import { isCode } from '../../../schemas/codes.ts';
import type { Oin } from '../../../schemas/ids.ts';
import { yes } from './memory-bus.ts';
import { openSocket, say } from './socket.ts';
import { JTI, openStand, POLICE, VT } from './stand.ts';

const stand = await openStand(
  {
    organisations: () => yes({ organisaties: [] }),
    receipt: () => yes({ jti: JTI }),
  },
  { times: { headersSeconds: 1, requestSeconds: 1, keepAliveSeconds: 1 } },
);
test.after(stand.close);

test('a query: known keys, each once, or bad-request; whatever stands there', () => {
  const key = fc.constantFrom('since', 'limit', 'x', '__proto__', 'constructor', '');
  const pair = fc.tuple(key, fc.string()).map(([name, value]) => `${name}=${value}`);
  const query = fc.oneof(
    fc.string(),
    fc.array(pair, { maxLength: 3 }).map((all) => all.join('&')),
  );
  let taken = 0;
  fc.assert(
    fc.property(query, (text) => {
      try {
        const found = readQuery(['since', 'limit'], `/v1/x?${text}`);
        for (const name of Object.keys(found)) assert.ok(['since', 'limit'].includes(name));
        assert.is(Object.getPrototypeOf(found), Object.prototype);
        taken += 1;
      } catch (error) {
        assert.is((error as Declined).problem.code, 'bad-request');
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(taken > 10);
});

test('turns: never more at once than may be, each agency in its own order, all of it done', async () => {
  const jobs = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 5 }), async (agencies, atOnce) => {
      const turns = newTurns(atOnce);
      const order: [string, number][] = [];
      let [now, most] = [0, 0];
      await Promise.allSettled(
        agencies.map((agency, at) =>
          turns.run(agency as Oin, async () => {
            order.push([agency, at]);
            most = Math.max(most, ++now);
            await new Promise((resolve) => setImmediate(resolve));
            now -= 1;
            if (at % 3 === 0) throw new Error('some work fails');
          }),
        ),
      );
      assert.ok(most <= atOnce);
      assert.is(order.length, agencies.length);
      for (const one of ['a', 'b', 'c']) {
        const places = order.filter(([agency]) => agency === one).map(([, at]) => at);
        assert.equal(
          places,
          [...places].sort((x, y) => x - y),
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('budget: in any stretch of time no more than burst and rate allow', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (waits, perSecond, burst) => {
        let now = 0;
        const budget = newBudget({ perSecond, burst }, { now: () => now });
        let entered = 0;
        for (const wait of waits) {
          now += wait;
          const seconds = budget.spend(POLICE);
          if (seconds === 0) entered += 1;
          else assert.ok(seconds >= 1 && Number.isInteger(seconds));
        }
        assert.ok(entered <= burst + (now / 1000) * perSecond + 1e-6);
      },
    ),
  );
});

test('only what has its one form goes into a log or onto the bus', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.is(readTrace(text), undefined);
      assert.is(readTransaction(text), undefined);
    }),
  );
  assert.is(readTrace(`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`), undefined);
  assert.is(readTrace(`00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`), undefined);
  assert.is(readTrace(['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01']), undefined);
});

test('whatever is asked, the answer is one of ours with a code from the table', async () => {
  const segment = fc.oneof(
    fc.constantFrom('v1', 'berichten', 'postbus', 'organisaties', POLICE, JTI, '_ophalen', '%00'),
    fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text)),
  );
  const path = fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  const type = fc.constantFrom(
    'application/json',
    'application/jose',
    'application/secevent+jwt',
    'x',
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
  await fc.assert(
    fc.asyncProperty(path, method, type, fc.string(), async (where, how, contentType, body) => {
      const headers = { 'content-type': contentType };
      const more = how === 'GET' ? {} : { body, headers };
      const answer = await stand.vt.ask(where, { method: how, ...more } as object);
      assert.ok(answer.status < 400 || isCode(answer.body.code), `${answer.status}`);
      assert.is.not(answer.status, 500);
    }),
    { numRuns: 150 },
  );
});

test('bytes that are anything at all are answered as a problem, or not at all; the door stays', async () => {
  const shown = await stand.pki.issue(VT);
  const noise = fc.oneof(
    fc.string(),
    fc.string().map((text) => `GET ${text} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`),
    fc.string().map((text) => `GET / HTTP/1.1\r\n${text}\r\nconnection: close\r\n\r\n`),
    fc
      .string()
      .map((text) => `POST /v1/berichten HTTP/1.1\r\nhost: a\r\n${text}: ${text}\r\n\r\n\r\n`),
  );
  // All at once: some of them are only answered when the door has lost its patience.
  const texts = fc.sample(noise, 80);
  const heard = await Promise.all(
    texts.map(async (text) => say(await openSocket(stand, shown), `${text}\r\n\r\n`)),
  );
  for (const [at, one] of heard.entries()) {
    const ours = /^$|^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json/;
    assert.match(one, ours, JSON.stringify(texts[at]));
  }
  assert.is((await stand.vt.ask('/v1/organisaties')).status, 200);
  assert.not.ok(
    stand.log.some(({ msg }) => msg === 'fault'),
    JSON.stringify(stand.log.filter(({ msg }) => msg === 'fault')),
  );
});

test.run();
