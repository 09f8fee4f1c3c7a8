/** The room of deadlines: what comes up comes up once, whatever falls, moves or is stepped. */
import fc from 'fast-check';
import { pino } from 'pino';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Agenda } from '../../router/deadlines/agenda.ts';
import {
  type Handler,
  Keeper,
  type KeeperParts,
  startDeadlines,
} from '../../router/deadlines/keeper.ts';
import { keyOfMessage } from '../../router/deadlines/message-key.ts';
import { openMissing } from '../../router/deadlines/open-missing.ts';
import { planCopy } from '../../router/deadlines/plan-copy.ts';
import { ALARM_DEFAULTS } from '../../router/deadlines/settings.ts';
import { type Deadline, type Deadlines, openDeadlines } from '../../router/deadlines.ts';
import { openLease } from '../../router/lease.ts';
import { createMetrics } from '../../router/metrics.ts';
import { until } from '../town/wait.ts';
import { LEASED, openNow } from './due.ts';
import { type House, openHouse } from './house.ts';
import { accepted } from './player.ts';

let house: House;
let room: Deadlines;
test.before(async () => {
  house = await openHouse();
  room = house.rooms.deadlines;
});
test.before.each(async () => {
  house.clock.ahead = 0;
  for (const { key } of await openNow(house.rooms)) await room.close(key);
});
test.after(() => house.stop());

const silent = pino({ level: 'silent' });
const parts = (handler: Handler, more: Partial<KeeperParts> = {}): KeeperParts => ({
  ...{ deadlines: room, lease: LEASED, handlers: { proef: handler }, clock: house.clock },
  ...{ metrics: createMetrics(), log: silent, everyMs: 20, ...more },
});
const lookOnce = async (given: KeeperParts) => {
  const keeper = new Keeper(given, new AbortController().signal);
  await keeper.look();
  keeper.letGo();
};
const open = (key: string, inMs: number, data: Deadline['data'] = {}) =>
  room.open({ key, kind: 'proef', due: house.clock.now() + inMs, data });

test('in the order of time, whatever is opened, moved and closed', () => {
  const act = fc.record({
    key: fc.constantFrom(...'abcdef'),
    due: fc.integer({ min: 0, max: 99 }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 60 }), (acts) => {
      const [agenda, model] = [new Agenda(), new Map<string, number>()];
      for (const [{ key, due }, closes] of acts) {
        agenda.set(key, closes ? null : { key, kind: 'proef', due, data: {} });
        if (closes) model.delete(key);
        else model.set(key, due);
      }
      assert.is(agenda.size, model.size);
      const taken = [];
      for (let now = 0; now < 100; now += 7)
        taken.push(...agenda.takeDue(now, 3), ...agenda.takeDue(now, 99));
      const late = agenda.takeDue(99, 99);
      assert.equal(
        [...taken, ...late].map(({ due }) => due),
        [...model.values()].sort((a, b) => a - b),
      );
      assert.equal(agenda.takeDue(1000, 99), [], 'each once');
    }),
  );
});

test('what is closed and moved for ever does not fill the memory', () => {
  const agenda = new Agenda();
  for (let n = 0; n < 50_000; n++) {
    agenda.set(`k${n % 10}`, { key: `k${n % 10}`, kind: 'proef', due: 1e12 + n, data: {} });
  }
  assert.is(agenda.size, 10);
  assert.is(agenda.takeDue(2e12, 1000).length, 10);
});

test('an urgent copy is never overdue without having been looked at', () => {
  const minute = 60_000;
  const time = fc.integer({ min: 0, max: 600 }).map((n) => n * minute);
  fc.assert(
    fc.property(time, time, (delivery, processing) => {
      const raised: string[] = [];
      // As the keeper does: look when it is due, remember, and look again.
      for (let [now, looks] = [0, 0]; ; looks++) {
        assert.ok(looks < 100, 'it comes to an end');
        const stated = [
          ...(delivery <= now ? [{ state: 'afgeleverd' as const, at: delivery }] : []),
          ...(delivery + processing <= now ? [{ state: 'verwerkt' as const, at: now }] : []),
        ];
        const copy = {
          prio: 'spoed' as const,
          exp: 1e9,
          since: 0,
          stated,
          raised: raised as never,
        };
        const { act, next } = planCopy(copy, ALARM_DEFAULTS, now);
        if (act !== undefined) raised.push(act);
        if (next === undefined) break;
        assert.ok(next > now);
        now = next;
      }
      assert.is(raised.includes('niet-afgeleverd'), delivery > 5 * minute);
      assert.is(raised.includes('niet-verwerkt'), processing > 30 * minute);
      assert.is(new Set(raised).size, raised.length, 'each once');
    }),
  );
});

test('it comes up when it is due, once, and not before; opening it twice changes nothing', async () => {
  const seen: string[] = [];
  const given = parts(async ({ key, data }) => {
    seen.push(`${key} ${data['wat']}`);
    return 'done';
  });
  await open('een', 1000, { wat: 'first' });
  await open('een', -1000, { wat: 'second' });
  await lookOnce(given);
  assert.equal(seen, []);
  house.clock.ahead = 1001;
  await lookOnce(given);
  await lookOnce(given);
  assert.equal(seen, ['een first']);
  assert.equal(await openNow(house.rooms), []);
});

test('one that fails comes up again by itself and holds no other up; one of an unknown kind is left alone', async () => {
  const seen: string[] = [];
  let broken = true;
  await open('slecht', -1);
  for (let n = 0; n < 40; n++) await open(`goed-${n}`, -1);
  await room.open({ key: 'later', kind: 'van-een-andere-versie', due: 1, data: {} });
  const stop = startDeadlines(
    parts(async ({ key }) => {
      if (key === 'slecht' && broken) throw new Error('fell');
      seen.push(key);
      return 'done';
    }),
  );
  await until('the good ones', () => seen.length === 40);
  assert.not.ok(seen.includes('slecht'));
  broken = false;
  await until('the bad one', () => seen.includes('slecht'));
  await stop();
  assert.equal(
    (await openNow(house.rooms)).map(({ key }) => key),
    ['later'],
  );
});

test('after a fall between the effect and its record it is done once more, and then not again', async () => {
  const effects: string[] = [];
  const handler: Handler = async ({ key }) => {
    effects.push(key);
    return 'done';
  };
  await open('val', -1);
  const falls = { ...room, replace: () => Promise.reject(new Error('fell')) };
  await lookOnce(parts(handler, { deadlines: falls }));
  await lookOnce(parts(handler));
  await lookOnce(parts(handler));
  assert.equal(effects, ['val', 'val']);
});

test('what another closed or moved meanwhile is neither acted on nor put back', async () => {
  const acted: string[] = [];
  await open('mijn', -1, { wat: 'first' });
  const moved = {
    key: 'mijn',
    kind: 'proef',
    due: house.clock.now() + 9999,
    data: { wat: 'moved' },
  };
  await lookOnce(
    parts(async ({ key }) => {
      acted.push(key);
      // Its owner says something new while it is being acted on.
      await room.move(moved);
      return { due: house.clock.now() + 60_000, data: { wat: 'old' } };
    }),
  );
  assert.equal(await room.find('mijn'), moved);
  await open('gesloten', -1);
  await lookOnce(
    parts(async ({ key }) => {
      await room.close(key);
      return { due: house.clock.now() + 60_000, data: {} };
    }),
  );
  assert.is(await room.find('gesloten'), undefined, 'it stays closed');
  // A watch that broke off never heard that this one was closed.
  const follow: Deadlines['follow'] = async (tell) => {
    tell('geest', { key: 'geest', kind: 'proef', due: 1, data: {} });
    return () => undefined;
  };
  acted.splice(0);
  const deaf = parts(async ({ key }) => Promise.resolve(acted.push(key)).then(() => 'done'), {
    deadlines: { ...room, follow },
  });
  await lookOnce(deaf);
  assert.equal(acted, []);
});

test('what is done at the gain of the lease is tried until it was done, and holds nothing up', async () => {
  let [tries, acted] = [0, 0];
  const onGain = async () => {
    if (++tries < 3) throw new Error('the broker is away');
  };
  await open('wacht-niet', -1);
  const stop = startDeadlines(
    parts(
      async () => {
        acted += tries;
        return 'done';
      },
      { onGain },
    ),
  );
  await until('the third try', () => tries === 3);
  await stop();
  assert.equal([tries, acted], [3, 1]);
});

test('of several pipelines one acts; when it stops, another goes on, and nothing comes up twice', async () => {
  const seen: string[] = [];
  const lease = async (holder: string) =>
    openLease({
      bucket: await house.rooms.bus.bucket('lease'),
      ...{ key: 'proef', holder, lengthMs: 30_000, clock: house.clock },
    });
  const begin = async (name: string) =>
    startDeadlines(
      parts(
        async ({ key }) => {
          seen.push(`${name} ${key}`);
          return 'done';
        },
        { lease: await lease(name) },
      ),
    );
  const [one, two] = [await begin('one'), await begin('two')];
  for (let n = 0; n < 20; n++) await open(`k${n}`, n * 5);
  await until('the first twenty', () => seen.length === 20);
  assert.is(new Set(seen.map((line) => line.split(' ')[0])).size, 1);
  await (seen[0]?.startsWith('one') ? one : two)();
  await open('after', 0);
  await until('the next', () => seen.length === 21);
  await Promise.all([one(), two()]);
  assert.is(new Set(seen.map((line) => line.split(' ')[1])).size, 21);
});

test('clocks that are stepped: forward brings it forward, back skips nothing and repeats nothing for ever', async () => {
  let count = 0;
  const hour = 3_600_000;
  // One that always wants to be looked at again in a minute.
  const given = parts(async () => ({ due: house.clock.now() + ++count * 60_000, data: {} }));
  await open('stap', 60_000);
  house.clock.ahead = hour;
  await lookOnce(given);
  assert.is(count, 1);
  house.clock.ahead = 0;
  await lookOnce(given);
  assert.is(count, 1);
  house.clock.ahead = 2 * hour;
  await lookOnce(given);
  assert.is(count, 2);
  const past = parts(async () => {
    count++;
    return { due: 0, data: {} };
  });
  house.clock.ahead = 5 * hour;
  await lookOnce(past);
  assert.is(count, 3, 'one that asks for the past waits its second');
});

test('a copy without a deadline gets one when the lease is gained', async () => {
  const police = await house.agency('politie');
  const sent = await police.send({ prio: 'normaal' });
  accepted(sent);
  const key = keyOfMessage(police.oin, sent.claims.jti);
  await room.close(key);
  const gain = (agenda: Pick<Agenda, 'get'>) => openMissing(house.rooms, agenda);
  await lookOnce(parts(async () => 'done', { onGain: gain }));
  const [found] = (await openNow(house.rooms)).filter((one) => one.key === key);
  assert.is(found?.due, sent.claims.exp * 1000);
});

test('ten thousand open: read within seconds, and little memory', async () => {
  const deadlines = openDeadlines(house.rooms.bus);
  const before = performance.now();
  const keys = Array.from({ length: 10_000 }, (_, n) => `proef.00000099000000010000.${n}`);
  for (let at = 0; at < keys.length; at += 500) {
    await Promise.all(
      keys
        .slice(at, at + 500)
        .map((key) =>
          deadlines.open({ key, kind: 'proef', due: 2e12, data: { sinds: 1_795_315_962_000 } }),
        ),
    );
  }
  const opened = performance.now();
  const heap = process.memoryUsage().heapUsed;
  const agenda = new Agenda();
  const stop = await deadlines.follow((key, one) => agenda.set(key, one));
  const ms = Math.round(performance.now() - opened);
  assert.is([...keys].filter((key) => agenda.get(key) !== undefined).length, 10_000);
  const kb = Math.round((process.memoryUsage().heapUsed - heap) / 1024);
  const from = performance.now();
  for (let n = 0; n < 1000; n++) agenda.takeDue(1e12, 16);
  const look = (performance.now() - from) / 1000;
  stop();
  process.stdout.write(
    `10,000 deadlines: opened in ${Math.round(opened - before)} ms, read in ${ms} ms, ${kb} kB, a look ${look.toFixed(4)} ms\n`,
  );
  assert.ok(ms < 30_000);
});

test.run();
