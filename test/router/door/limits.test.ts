/** One agency's flood is its own: budgets, places and turns. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newBudget, newPlaces } from '../../../router/door/budget.ts';
import { newTurns } from '../../../router/door/turns.ts';
import type { Oin } from '../../../schemas/ids.ts';
import { until } from '../../town/wait.ts';
import { type Answers, yes } from './memory-bus.ts';
import { openSocket } from './socket.ts';
import { JTI, JWE, JWS, openStand, POLICE, VT } from './stand.ts';

const accepted = yes({
  ...{ bericht: JTI, staat: 'aanvaard' as const, ontvangers: [VT] },
  ...{ ontvangstbewijs: JWS, herhaald: false },
});
const answers: Answers = {};
const stand = await openStand(answers, {
  limits: {
    normal: { perSecond: 1, burst: 4 },
    submissionsAtOnce: 1,
    submissionsPerAgency: 3,
    pollsPerAgency: 2,
    connectionsPerAgency: 12,
  },
});
test.after(stand.close);

const submit = (client: typeof stand.police, prio = 'normaal', signal?: AbortSignal) =>
  client.ask('/v1/berichten', {
    method: 'POST',
    body: JWE,
    headers: { 'content-type': 'application/jose', 'ketenpost-prio': prio },
    ...(signal && { signal }),
  });

test('a budget gives its burst at once, then its rate, and says how long to wait', () => {
  let now = 0;
  const budget = newBudget({ perSecond: 2, burst: 3 }, { now: () => now });
  assert.equal(
    [1, 2, 3, 4].map(() => budget.spend(POLICE)),
    [0, 0, 0, 1],
  );
  assert.is(budget.spend(VT), 0);
  now = 500;
  assert.equal(
    [1, 2].map(() => budget.spend(POLICE)),
    [0, 1],
  );
  now = 60_000;
  assert.equal(
    [1, 2, 3, 4].map(() => budget.spend(POLICE)),
    [0, 0, 0, 1],
  );
});

test('a place is given back once, however often it is said', () => {
  const places = newPlaces(2);
  const [one, two] = [places.take(POLICE), places.take(POLICE)];
  assert.is(places.take(POLICE), undefined);
  assert.ok(places.take(VT));
  one?.();
  one?.();
  assert.ok(places.take(POLICE));
  assert.is(places.take(POLICE), undefined);
  two?.();
  assert.ok(places.take(POLICE));
});

test('agencies take turns: one that comes late waits for one turn of the flood at most', async () => {
  const turns = newTurns(1);
  const order: string[] = [];
  const work = (agency: string) =>
    turns.run(agency as Oin, async () => {
      order.push(agency);
      await new Promise((resolve) => setImmediate(resolve));
    });
  const flood = ['a', 'a', 'a', 'a'].map(work);
  const late = ['b', 'c', 'b'].map(work);
  await Promise.all([...flood, ...late]);
  assert.is(order.join(''), 'aabcaba');
});

test('work that fails gives its turn on', async () => {
  const turns = newTurns(1);
  const fails = turns.run(POLICE, async () => {
    throw new Error('no');
  });
  const next = turns.run(VT, async () => 'done');
  await fails.catch(() => undefined);
  assert.is(await next, 'done');
});

test('over its rate an agency is told to wait; its urgent messages and others are not', async () => {
  answers.route = () => accepted;
  const statuses: number[] = [];
  let answer = await submit(stand.police);
  // On a busy machine a second may go by, and then there is one more.
  while (answer.status === 202 && statuses.length < 60) {
    statuses.push(answer.status);
    answer = await submit(stand.police);
  }
  assert.ok(statuses.length >= 4, `${statuses.length} were let in`);
  const { body, headers } = answer;
  assert.is(body.code, 'too-many-requests');
  assert.is(headers['retry-after'], '1');
  assert.is((await submit(stand.police, 'spoed')).status, 202);
  assert.is((await submit(stand.vt)).status, 202);
  assert.match(await stand.metrics.text(), /ketenpost_limited_total\{lane="normaal"\} [1-9]/);
});

test('urgent messages do not stand behind normal ones that are stuck', async () => {
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  answers.route = async ({ prio }) => {
    if (prio === 'normaal') await stuck;
    return accepted;
  };
  const normal = [submit(stand.vt), submit(stand.vt)];
  assert.is((await submit(stand.vt, 'spoed')).status, 202);
  assert.is((await submit(stand.police, 'spoed')).status, 202);
  release();
  assert.equal(
    (await Promise.all(normal)).map(({ status }) => status),
    [202, 202],
  );
});

test('only so many submissions of one agency wait; its polls are counted apart', async () => {
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  answers.route = async () => {
    await stuck;
    return accepted;
  };
  answers.collect = async () => {
    await stuck;
    return yes({ afleveringen: [], ontvangstbewijzen: [], uitslagen: [], meer: false });
  };
  const poll = () =>
    stand.police.ask(`/v1/postbus/${POLICE}/_ophalen`, {
      method: 'POST',
      body: JSON.stringify({ bewijs: JWS }),
      headers: { 'content-type': 'application/json' },
    });
  const three = [1, 2, 3].map(() => submit(stand.police, 'spoed'));
  const polls = [poll(), poll()];
  await until('all five under way', async () =>
    /in_flight\{lane="spoed"\} 3[\s\S]*in_flight\{lane="poll"\} 2/.test(await stand.metrics.text()),
  );
  assert.is((await submit(stand.police, 'spoed')).status, 429);
  assert.is((await poll()).status, 429);
  release();
  assert.equal(
    (await Promise.all(three)).map(({ status }) => status),
    [202, 202, 202],
  );
  assert.equal(
    (await Promise.all(polls)).map(({ status }) => status),
    [200, 200],
  );
});

test('who goes away before its turn leaves nothing behind, neither in memory nor for the pipeline', async () => {
  let release: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  let routed = 0;
  answers.route = async () => {
    routed += 1;
    await stuck;
    return accepted;
  };
  const first = submit(stand.vt, 'spoed');
  await until('the first', () => routed === 1);
  for (let round = 0; round < 4; round++) {
    const going = new AbortController();
    const leaving = [1, 2, 3].map(() => submit(stand.police, 'spoed', going.signal));
    const all = Promise.allSettled(leaving);
    const inFlight = async (n: number) =>
      (await stand.metrics.text()).includes(`in_flight{lane="spoed"} ${n}`);
    await until('four under way', () => inFlight(4));
    going.abort();
    await all;
    await until('one under way', () => inFlight(1));
  }
  release();
  assert.is((await first).status, 202);
  assert.is((await submit(stand.police, 'spoed')).status, 202);
  assert.is(routed, 2);
});

test('one certificate holds no more than its share of the connections', async () => {
  const shown = await stand.pki.issue(POLICE);
  const thirteen = Array.from({ length: 13 }, () => openSocket(stand, shown));
  const sockets = await Promise.all(thirteen);
  const ended = sockets.map(
    (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
  );
  for (const socket of sockets) socket.on('error', () => undefined).resume();
  await Promise.race(ended);
  const open = sockets.filter((socket) => !socket.destroyed);
  assert.is(open.length, 12);
  assert.is((await submit(stand.vt)).status, 202);
  for (const socket of open) socket.destroy();
});

test.run();
