/** Looking for what is another's: over every route of the OpenAPI document, and by the clock. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isCode } from '../../schemas/codes.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import { OPERATIONS } from '../router/door/document.ts';
import type { Answered } from '../router/door/stand.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { codeOf, type Fortress, openFortress, type Visitor } from './fortress.ts';
import { saw } from './saw.ts';
import type { Step, WalkInput } from './walk.ts';

/** An OIN that nobody has. */
const NOBODY = '00000099000000077000';

let fortress: Fortress;
let police: Visitor;
let vt: Visitor;
let halt: Visitor;
/** A message of the police to Veilig Thuis, in its mailbox. */
let jws: string;
let jti: string;
/** Another, which was signed and never sent. */
let unsent: string;
test.before(async () => {
  fortress = await openFortress({
    door: {
      limits: {
        other: { perSecond: 10_000, burst: 10_000 },
        handshakes: { perSecond: 10_000, burst: 10_000 },
      },
    },
  });
  [police, vt, halt] = await Promise.all([
    fortress.visitor('politie'),
    fortress.visitor('vt'),
    fortress.visitor('halt'),
  ]);
  const claims = police.player.claims();
  jti = claims.jti;
  jws = await police.player.sign(claims);
  unsent = await police.player.sign(police.player.claims());
  assert.is(codeOf(await police.offer(jws)), 'aanvaard');
});
test.after(() => fortress.stop());

async function walk(input: WalkInput): Promise<Step[]> {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'walk.js');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  const said = await text(child.stdout);
  return JSON.parse(said) as Step[];
}

/** What a step said, without what is different every time. */
const words = ({ status, body }: Step): string =>
  JSON.stringify([status, body]).replaceAll(/urn:uuid:[0-9a-f-]+|"ontvangstbewijs":"[^"]+"/g, '');

test('W1 an agency alone tries every route with the ids of another, and gets what is not there', async () => {
  const receipt = await vt.player.receipt(jws, 'afgeleverd');
  const { oin } = police.player;
  const foreign = await police.player.seal(jws);
  const steps = await walk({
    url: fortress.door.url,
    identity: fortress.house.keys.identity(AGENCIES.halt.oin),
    authorities: fortress.authorities,
    router: OPERATOR.oin,
    values: [
      { whose: 'of the police', oin, jti, receipt },
      { whose: 'of Veilig Thuis', oin: vt.player.oin, jti, receipt },
      { whose: 'of the police, sealed', oin, jti, receipt: foreign },
      { whose: 'of nobody', oin: NOBODY, jti: newUuid7(Date.now()), receipt },
    ],
  });
  const operations = new Set(steps.map(({ operation }) => operation));
  assert.is(operations.size, OPERATIONS.length);
  const open = /^GET \/(openapi\.json|berichttypen|organisaties)/;
  let tried = 0;
  for (const step of steps.filter(({ operation }) => !open.test(operation))) {
    // A list without a name in its path is of whoever asks, and with a ticket of its own.
    const isList = /^GET ([^{]*|\/ontvangstbewijzen\/.*)$/.test(step.operation);
    if (isList && step.how === 'own ticket') {
      assert.is(step.status, 200, step.operation);
      assert.not.match(JSON.stringify(step.body), jti);
      continue;
    }
    assert.ok(
      step.status >= 400 && step.status < 500,
      `${step.operation} ${step.how}: ${step.status}`,
    );
    const same = steps.find(
      (one) =>
        one.whose === 'of nobody' && one.operation === step.operation && one.how === step.how,
    );
    if (!step.whose.includes('sealed'))
      assert.is(words(step), words(same as Step), `${step.operation} ${step.how} ${step.whose}`);
    tried += 1;
    assert.ok(isCode(codeOf(step as unknown as Answered)), step.operation);
  }
  saw(
    'W1',
    '(as what is not there)',
    `${operations.size} operations, ${tried} attempts on what is not open to every agency`,
  );
});

test('W1 what an agency may know of the others is the register, and nothing of their messages', async () => {
  const { body } = await halt.http.ask('/v1/organisaties');
  assert.not.match(JSON.stringify(body), jti);
  const names = new Set(body.organisaties.flatMap((one: object) => Object.keys(one)));
  assert.equal([...names].sort(), ['certificaten', 'naam', 'oin', 'rollen', 'status']);
});

const RUNS = 60;
const WARM = 10;
const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

/**
 * Asks both in pairs, in turns, and counts which was the slower. Were there no difference, each would be
 * it as often as the other, give or take: four standard deviations of that are let go, which so many pairs
 * go beyond by chance once in ten thousand times, and so is a difference under a third of a millisecond.
 * @param most looks after every RUNS pairs, and ends with a difference or with so many pairs
 */
async function compare(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
  most = RUNS,
): Promise<{ pairs: number; slower: number; apart: number; tells: boolean }> {
  const times: [number, number][] = [];
  const time = async (ask: () => Promise<unknown>) => {
    const from = performance.now();
    await ask();
    return performance.now() - from;
  };
  for (let run = 0; run < WARM + most; run++) {
    const pair = [0, 0] as [number, number];
    for (const which of run % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      pair[which] = await time(which === 0 ? one : other);
    if (run >= WARM) times.push(pair);
    if (times.length % RUNS === 0 && difference(times).tells) break;
  }
  return difference(times);
}

function difference(times: readonly (readonly [number, number])[]) {
  const pairs = times.length;
  const slower = times.filter(([a, b]) => a > b).length / pairs;
  const apart = Math.abs(median(times.map(([a]) => a)) - median(times.map(([, b]) => b)));
  return {
    pairs,
    slower,
    apart,
    tells: Math.abs(slower - 0.5) > 2 / Math.sqrt(pairs) && apart > 0.33,
  };
}

/** A receipt that Halt signs, about a message that it has nothing to do with. */
const about = (message: string) => halt.player.receipt(message, 'afgeleverd');

type Pair = readonly [what: string, one: () => Promise<unknown>, other: () => Promise<unknown>];
const PAIRS = async (): Promise<Pair[]> => {
  const ticket = await halt.player.showing();
  const none = newUuid7(Date.now());
  const stranger = fortress.stranger();
  return [
    [
      'a message of another, and none',
      () => halt.http.ask(`/v1/berichten/${jti}`, ticket),
      () => halt.http.ask(`/v1/berichten/${none}`, ticket),
    ],
    [
      'receipts of another, and none',
      () => halt.http.ask(`/v1/berichten/${jti}/ontvangstbewijzen`, ticket),
      () => halt.http.ask(`/v1/berichten/${none}/ontvangstbewijzen`, ticket),
    ],
    [
      'the mailbox of another, and of nobody',
      () => halt.collect({}, vt.player.oin),
      () => halt.collect({}, NOBODY),
    ],
    [
      'a receipt for a message of others, and for none',
      async () => halt.receipt(await about(jws)),
      async () => halt.receipt(await about(unsent)),
    ],
    [
      'for a stranger: an agency, and nobody',
      () => stranger.ask(`/v1/organisaties/${police.player.oin}/certificaten`),
      () => stranger.ask(`/v1/organisaties/${NOBODY}/certificaten`),
    ],
    [
      'for a stranger: a message, and none',
      () => stranger.ask(`/v1/berichten/${jti}`),
      () => stranger.ask(`/v1/berichten/${none}`),
    ],
  ];
};

test('T2 the clock does not tell whether an id, an OIN or a message exists', async () => {
  for (const [what, one, other] of await PAIRS()) {
    // Of a machine that is busy with other things one bad turn may be had; not three.
    let last = await compare(one, other);
    for (let turn = 0; last.tells && turn < 2; turn++) last = await compare(one, other);
    const figure = `${what}: medians ${last.apart.toFixed(2)} ms apart, the first slower in ${Math.round(last.slower * 100)} % of ${RUNS} pairs`;
    assert.not.ok(last.tells, figure);
    saw('T2', '(no difference)', figure);
  }
});

test('T2 a difference of a millisecond would be seen', async () => {
  const ticket = await halt.player.showing();
  const quick = () => halt.http.ask(`/v1/berichten/${jti}`, ticket);
  const slow = async () => {
    await quick();
    const until = performance.now() + 1;
    while (performance.now() < until);
  };
  // As sure as above; on a machine that is busy with other things it takes more pairs to be so.
  const { tells, slower, pairs, apart } = await compare(slow, quick, 20 * RUNS);
  assert.ok(tells, `${slower} of ${pairs}, ${apart} ms`);
});

test('T3 the answer to a stranger is one and the same, whatever it asks for', async () => {
  const stranger = fortress.stranger();
  const said = new Set<string>();
  for (const { method, path, operation } of OPERATIONS.filter(
    ({ operation }) => operation.security === undefined,
  ))
    for (const oin of [police.player.oin, NOBODY]) {
      const filled = path.replace('{oin}', oin).replace('{jti}', jti);
      const { status, headers, body } = await stranger.ask(`/v1${filled}`, {
        method: method as 'GET',
      });
      const { instance: _, ...rest } = body;
      const { date: __, ...others } = headers;
      said.add(JSON.stringify([status, others, rest]));
      assert.ok(operation);
    }
  assert.is(said.size, 1, [...said].join('\n'));
  saw('T3', 'not-authenticated');
});

test.run();
