/** Collecting a mailbox: at once when there is something, else when a notice comes, else not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { subjects } from '../../../router/bus/subjects.ts';
import type { Questions } from '../../../router/questions.ts';
import type { Ophaalantwoord, Ophaalverzoek } from '../../../schemas/generated/wire.ts';
import { until } from '../../town/wait.ts';
import { type Answers, no, yes } from './memory-bus.ts';
import { JTI, JWE, JWS, openStand, POLICE, VT } from './stand.ts';

type Asked = Questions['collect']['ask'];

const NOTHING: Ophaalantwoord = {
  ...{ afleveringen: [], ontvangstbewijzen: [], uitslagen: [], meer: false },
};
const SOMETHING: Ophaalantwoord = {
  ...NOTHING,
  afleveringen: [{ afzender: POLICE, bericht: JTI, prio: 'spoed', inhoud: JWE }],
};

const asked: Asked[] = [];
let mailbox = NOTHING;
/** Called when the pipeline has been asked for the nth time. */
let onAsk: (n: number) => void = () => undefined;
const answers: Answers = {};
const stand = await openStand(answers);
test.after(stand.close);
test.before.each(() => {
  asked.length = 0;
  mailbox = NOTHING;
  onAsk = () => undefined;
  answers.peer = peer;
  answers.collect = (ask) => {
    asked.push(ask);
    onAsk(asked.length);
    return yes(mailbox);
  };
});
const peer = answers.peer ?? (() => no('not-authenticated'));

const poll = (verzoek: Partial<Ophaalverzoek>, signal?: AbortSignal) =>
  stand.vt.ask(`/v1/postbus/${VT}/_ophalen`, {
    method: 'POST',
    body: JSON.stringify({ bewijs: JWS, ...verzoek }),
    headers: { 'content-type': 'application/json' },
    ...(signal ? { signal } : {}),
  });
const onceAsked = (n: number) =>
  new Promise<void>((resolve) => {
    onAsk = (count) => count === n && resolve();
  });
const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const from = performance.now();
  return [await work, performance.now() - from];
};

test('what is there is given at once, to the peer that TLS proved, with its ticket', async () => {
  mailbox = SOMETHING;
  const [{ status, body }, ms] = await timed(poll({ maximum: 5, wachten: 60 }));
  assert.is(status, 200);
  assert.equal(body, SOMETHING);
  assert.ok(ms < 30_000);
  assert.equal(asked, [
    { peer: VT, postbus: VT, verzoek: { bewijs: JWS, maximum: 5, wachten: 60 } },
  ]);
});

test('an empty mailbox answers at once when nobody asked to wait', async () => {
  assert.equal((await poll({})).body, NOTHING);
  assert.is(asked.length, 1);
});

test('a notice wakes who waits, and receipts are passed on only once', async () => {
  const waiting = onceAsked(1);
  const answer = timed(poll({ wachten: 60, ontvangstbewijzen: [JWS] }));
  await waiting;
  mailbox = SOMETHING;
  stand.notify(subjects.notice(VT));
  const [{ body }, ms] = await answer;
  assert.equal(body, SOMETHING);
  assert.ok(ms < 30_000);
  assert.equal(asked[0]?.verzoek.ontvangstbewijzen, [JWS]);
  assert.is(asked[0]?.vervolg, undefined);
  assert.equal(asked[1]?.verzoek, { bewijs: JWS, wachten: 60 });
  assert.is(asked[1]?.vervolg, true, 'what was seen went with the first');
});

test('what was seen is said in the ticket: a list beside it is refused before the bus is asked', async () => {
  const { status, body } = await poll({ gezien: [JTI] } as object);
  assert.is(status, 400);
  assert.is(body.code, 'schema-invalid');
  assert.is(asked.length, 0);
});

test('a notice that comes while the first question is under way is not missed', async () => {
  answers.collect = async (ask) => {
    asked.push(ask);
    if (asked.length > 1) return yes(SOMETHING);
    stand.notify(subjects.notice(VT));
    return yes(NOTHING);
  };
  const [{ body }, ms] = await timed(poll({ wachten: 60 }));
  assert.equal(body, SOMETHING);
  assert.ok(ms < 30_000);
});

test('a notice for somebody else wakes nobody', async () => {
  const waiting = onceAsked(1);
  const answer = poll({ wachten: 1 });
  await waiting;
  stand.notify(subjects.notice(POLICE));
  assert.equal((await answer).body, NOTHING);
  assert.is(asked.length, 1);
});

test('after the time that was asked for, the answer is that there is nothing', async () => {
  const [{ status, body }, ms] = await timed(poll({ wachten: 1 }));
  assert.is(status, 200);
  assert.equal(body, NOTHING);
  assert.ok(ms >= 990 && ms < 30_000, `${ms} ms`);
});

test('what became of a receipt is not held back', async () => {
  mailbox = { ...NOTHING, uitslagen: [{ dig: 'A'.repeat(43) as never, aangenomen: true }] };
  const [{ body }, ms] = await timed(poll({ wachten: 60, ontvangstbewijzen: [JWS] }));
  assert.is(body.uitslagen.length, 1);
  assert.ok(ms < 30_000);
});

test('when the client has gone, nothing more is taken from the mailbox', async () => {
  const gone = new AbortController();
  const waiting = onceAsked(1);
  const answer = poll({ wachten: 60 }, gone.signal).catch(() => 'gone');
  await waiting;
  gone.abort();
  assert.is(await answer, 'gone');
  await until('the log to say so', () => stand.log.some((line) => line['gone'] === true));
  mailbox = SOMETHING;
  stand.notify(subjects.notice(VT));
  await stand.vt.ask('/v1/openapi.json');
  assert.is(asked.length, 1);
});

test('a no of the pipeline, about the ticket say, comes out as it is', async () => {
  answers.collect = () => no('ticket-invalid');
  const { status, body } = await poll({ wachten: 60 });
  assert.is(status, 403);
  assert.is(body.code, 'ticket-invalid');
});

test('a certificate that is revoked while its owner waits gets nothing', async () => {
  const timer = performance.now;
  const waiting = onceAsked(1);
  const answer = poll({ wachten: 60 });
  await waiting;
  answers.peer = () => no('not-authenticated');
  // The door believes for ten seconds what it was told; here they pass at once.
  performance.now = () => timer.call(performance) + 11_000;
  mailbox = SOMETHING;
  stand.notify(subjects.notice(VT));
  const { status, body } = await answer;
  performance.now = timer;
  assert.is(status, 401);
  assert.is(body.code, 'not-authenticated');
  assert.is(asked.length, 1);
});

test.run();
