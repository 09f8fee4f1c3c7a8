/** A message handed in: what reaches the pipeline, and what is refused before it does. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toProblem } from '../../../schemas/problem.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { type Answers, no, type Routed, yes } from './memory-bus.ts';
import { JTI, JWE, openStand, VT } from './stand.ts';

const routed: Routed[] = [];
const accepted = yes({
  bericht: JTI,
  staat: 'aanvaard' as const,
  ontvangers: [VT],
  ontvangstbewijs: 'e30.e30.AAAA',
  herhaald: false,
});
const answers: Answers = {
  route(request) {
    routed.push(request);
    return accepted;
  },
};
const stand = await openStand(answers, { limits: { bodyBytes: 100_000 } });
test.after(stand.close);
test.before.each(() => {
  routed.length = 0;
});

const JOSE = { 'content-type': 'application/jose' };
const submit = (body: string | Buffer, headers: Record<string, string> = {}) =>
  stand.police.ask('/v1/berichten', { method: 'POST', body, headers: { ...JOSE, ...headers } });

test('a message goes to the pipeline byte for byte, with the peer as TLS proved it', async () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const { status, body, headers } = await submit(JWE, {
    'ketenpost-prio': 'spoed',
    'ketenpost-peer': VT,
    traceparent: trace,
  });
  assert.is(status, 202);
  assert.equal(body, accepted.ok && accepted.value);
  assert.is(headers['location'], `/v1/berichten/${JTI}`);
  assert.equal(routed, [
    {
      prio: 'spoed',
      text: JWE,
      headers: {
        'Ketenpost-Peer': '00000099000000010000',
        'Ketenpost-Prio': 'spoed',
        traceparent: trace,
      },
    },
  ]);
});

test('without a hint it is normal; a broken trace is dropped, not passed on', async () => {
  await submit(JWE, { traceparent: '00-zz' });
  assert.equal(routed[0]?.headers, {
    'Ketenpost-Peer': '00000099000000010000',
    'Ketenpost-Prio': 'normaal',
  });
});

test('a priority that does not exist is refused', async () => {
  const { status, body } = await submit(JWE, { 'ketenpost-prio': 'heel-erg' });
  assert.is(status, 400);
  assert.is(body.code, 'bad-request');
});

test('other media types and content codings are refused before the body is read', async () => {
  const wrong = [
    { 'content-type': 'application/json' },
    { 'content-type': 'text/plain' },
    { 'content-type': ';;' },
    { ...JOSE, 'content-encoding': 'gzip' },
  ];
  for (const headers of wrong) {
    const { status, body } = await submit(JWE, headers);
    assert.is(status, 415);
    assert.is(body.code, 'unsupported-media-type');
  }
  assert.is((await submit(JWE, { accept: 'text/html' })).status, 406);
  assert.is((await submit(JWE, { accept: 'application/json;q=0' })).status, 406);
  assert.is(routed.length, 0);
  assert.is((await submit(JWE, { accept: 'text/html, */*;q=0.1' })).status, 202);
  assert.is((await submit(JWE, { 'content-type': 'Application/JOSE; x=1' })).status, 202);
});

test('a body over the limit is refused, and the client hears so while it still sends', async () => {
  const { status, body } = await submit('x'.repeat(3_000_000));
  assert.is(status, 413);
  assert.is(body.code, 'too-large');
  assert.is(routed.length, 0);
});

test('an empty body is malformed', async () => {
  const { status, body } = await submit('');
  assert.is(status, 400);
  assert.is(body.code, 'malformed');
});

test('a refusal of the pipeline comes out as it is, with its receipt', async () => {
  answers.route = () => {
    const refusal = no('not-authorised');
    if (refusal.ok) return refusal;
    return { ok: false, problem: { ...refusal.problem, ontvangstbewijs: 'e30.e30.AAAA' } };
  };
  const { status, body } = await submit(JWE);
  assert.is(status, 403);
  assert.is(body.code, 'not-authorised');
  assert.is(body.ontvangstbewijs, 'e30.e30.AAAA');
  assert.match(body.instance, /^urn:uuid:/);
});

test('a refusal that may pass says when to come back', async () => {
  answers.route = () => no('revocation-unknown');
  const { status, headers } = await submit(JWE);
  assert.is(status, 503);
  assert.is(headers['retry-after'], '2');
});

test('a full mailbox says when there may be room, in the answer and in its header', async () => {
  answers.route = () => {
    const full = new Refusal('mailbox-full', undefined, [], undefined, 300);
    return { ok: false, problem: toProblem(full) };
  };
  const { status, headers, body } = await submit(JWE);
  assert.equal([status, headers['retry-after'], body.opnieuwNa], [503, '300', 300]);
  assert.is(body.opnieuw, true);
});

test('a silent bus is our fault that may pass, and a broken answer too', async () => {
  delete answers.route;
  const silent = await submit(JWE);
  assert.is(silent.status, 503);
  assert.is(silent.body.code, 'temporarily-unavailable');
  assert.is(silent.body.opnieuw, true);
  answers.route = () => {
    throw new Error('canary 999990019');
  };
  const broken = await submit(JWE);
  assert.is(broken.status, 503);
  assert.is(broken.body.code, 'temporarily-unavailable');
  assert.not.match(JSON.stringify([broken.body, stand.log]), /canary/);
  assert.ok(stand.log.some((line) => line['msg'] === 'fault'));
});

test.run();
