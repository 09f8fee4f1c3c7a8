/**
 * One agency floods the router with normal messages, or with questions: what that costs the urgent
 * messages of another. On one broker and one pipeline, in this very process, which also signs,
 * seals and asks for all of them: figures to compare with one another, and with nothing else.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toUrn } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { type House, openHouse } from './house.ts';
import { accepted, body, type Player } from './player.ts';

let house: House;
let flooder: Player;
let other: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse({ settings: { mailbox: { items: 1e6, bytes: 1e12, retrySeconds: 1 } } });
  [flooder, other, vt] = await Promise.all([
    house.agency('politie'),
    house.agency('politieZwb'),
    house.agency('vt'),
  ]);
});
test.after(() => house.stop());

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
const at = (times: number[], part: number): number => {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
};
const tell = (what: string, times: number[]): void => {
  const [p50, p95, max] = [at(times, 0.5), at(times, 0.95), at(times, 1)].map((ms) =>
    ms.toFixed(0),
  );
  process.stdout.write(
    `${what}: ${times.length} times, p50 ${p50} ms, p95 ${p95} ms, max ${max} ms\n`,
  );
};

const sealed = async (player: Player, claims: object, count: number): Promise<string[]> => {
  const all: string[] = [];
  for (let n = 0; n < count; n++) {
    all.push(await player.seal(await player.sign(player.claims(claims))));
  }
  return all;
};
const REFERRAL = {
  ...{ berichttype: 'halt-verwijzing', grondslag: 'bpg-4.2.1.f', prio: 'normaal' },
  ...{ aud: [toUrn(AGENCIES.halt.oin)], inhoud: body('halt-verwijzing', 'winkeldiefstal') },
};

/** Keeps so many under way until it is told to stop. @returns how long each took */
function flood(atOnce: number, work: (n: number) => Promise<unknown>) {
  const times: number[] = [];
  let [stopped, next] = [false, 0];
  const one = async (): Promise<void> => {
    while (!stopped) {
      times.push(await timed(() => work(next++)));
    }
  };
  const all = Array.from({ length: atOnce }, one);
  return {
    times,
    async stop() {
      stopped = true;
      await Promise.all(all);
    },
  };
}

async function urgentOnes(jwes: string[]): Promise<number[]> {
  const times: number[] = [];
  for (const jwe of jwes) times.push(await timed(async () => accepted(await other.offer(jwe))));
  return times;
}

test('a flood of normal messages by one agency: urgent ones of another overtake them', async () => {
  const [normal, quiet, during] = [
    await sealed(flooder, REFERRAL, 500),
    await sealed(other, {}, 15),
    await sealed(other, {}, 15),
  ];
  await urgentOnes(quiet.slice(0, 5));
  const without = await urgentOnes(quiet.slice(5));
  // When they have all been sent it begins anew: a repeat is a message, too.
  const next = (n: number) => normal[n % normal.length] ?? '';
  const flooding = flood(200, (n) => flooder.offer(next(n), { prio: 'normaal' }));
  const under = await urgentOnes(during);
  await flooding.stop();
  tell('urgent, no flood', without);
  tell('urgent, 200 normal ones of another under way all the time', under);
  tell('normal, of who floods', flooding.times);
  assert.ok(at(under, 0.95) < 60_000);
  assert.ok(at(under, 0.5) < 0.7 * at(flooding.times, 0.5), 'they did not wait in the row');
});

test('a flood of questions by one agency: another collects, and its receipts are taken', async () => {
  const bewijs = await flooder.ticket();
  const sent = await other.send({});
  const receipts = await Promise.all(
    Array.from({ length: 10 }, () => vt.receipt(sent.jws, 'afgeleverd')),
  );
  const ask = () => flooder.collect({ bewijs, maximum: 1 });
  const give = async () => {
    const times: number[] = [];
    for (const ontvangstbewijs of receipts.splice(0, 5)) {
      times.push(await timed(() => vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })));
    }
    return times;
  };
  await ask();
  const without = await give();
  const flooding = flood(1000, ask);
  const under = await give();
  await flooding.stop();
  tell('receipt, no flood', without);
  tell('receipt, 1000 questions of another under way all the time', under);
  tell('question, of who floods', flooding.times);
  assert.ok(at(under, 1) < 60_000);
  assert.ok(at(under, 0.5) < 0.8 * at(flooding.times, 0.5), 'it did not wait in the row');
});

test.run();
