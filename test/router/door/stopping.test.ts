/** The door closes: what is under way is finished, what waits is answered, nothing new begins. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answers, yes } from './memory-bus.ts';
import { openSocket, say } from './socket.ts';
import { JTI, JWE, JWS, openStand, type Stand, VT } from './stand.ts';

const NOTHING = { afleveringen: [], ontvangstbewijzen: [], uitslagen: [], meer: false };
const accepted = yes({
  ...{ bericht: JTI, staat: 'aanvaard' as const, ontvangers: [VT] },
  ...{ ontvangstbewijs: JWS, herhaald: false },
});
const GET = 'GET /v1/organisaties HTTP/1.1\r\nhost: a\r\n\r\n';

const submit = ({ police }: Stand) =>
  police.ask('/v1/berichten', {
    method: 'POST',
    body: JWE,
    headers: { 'content-type': 'application/jose' },
  });
const poll = ({ vt }: Stand) =>
  vt.ask(`/v1/postbus/${VT}/_ophalen`, {
    method: 'POST',
    body: JSON.stringify({ bewijs: JWS, wachten: 60 }),
    headers: { 'content-type': 'application/json' },
  });

/** A promise and the function that keeps it. */
function signal(): [Promise<void>, () => void] {
  let keep: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return [promise, keep];
}

test('a submission under way is answered, a long poll at once, and then nobody is let in', async () => {
  const [routed, onRoute] = signal();
  const [polled, onPoll] = signal();
  const [go, release] = signal();
  const answers: Answers = {
    async route() {
      onRoute();
      await go;
      return accepted;
    },
    collect() {
      onPoll();
      return yes(NOTHING);
    },
  };
  const stand = await openStand(answers);
  const [submission, waiting] = [submit(stand), poll(stand)];
  await Promise.all([routed, polled]);
  const stopped = stand.door.stop();
  const nothing = await waiting;
  assert.equal(nothing.body, NOTHING);
  assert.is(nothing.headers['connection'], 'close');
  release();
  const { status, headers } = await submission;
  assert.is(status, 202);
  assert.is(headers['connection'], 'close');
  await stopped;
  assert.is(await submit(stand).catch(({ code }) => code), 'ECONNREFUSED');
  await stand.close();
});

test('what comes in behind a request under way, on the same connection, is told to come back', async () => {
  const [asked, onAsk] = signal();
  const [go, release] = signal();
  const stand = await openStand({
    async organisations() {
      onAsk();
      await go;
      return yes({ organisaties: [] });
    },
  });
  const socket = await openSocket(stand, await stand.pki.issue(VT));
  const heard = say(socket, GET);
  await asked;
  const stopped = stand.door.stop();
  socket.write(GET);
  release();
  const text = await heard;
  await stopped;
  const statuses = [...text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
  // The second may find the connection closed already: then the client knows that nothing was taken.
  assert.is(statuses[0], '200');
  assert.ok(statuses.length === 1 || (statuses[1] === '503' && text.includes('retry-after')));
  await stand.close();
});

test('idle and half-open connections do not hold up the stop', async () => {
  const quick = { organisations: () => yes({ organisaties: [] }) };
  const stand = await openStand(quick, { times: { stopSeconds: 120 } });
  const idle = await openSocket(stand, await stand.pki.issue(VT));
  const half = await openSocket(stand, await stand.pki.issue(VT));
  half.write('GET /v1/organ');
  await stand.police.ask('/v1/organisaties');
  const from = performance.now();
  await stand.door.stop();
  assert.ok(performance.now() - from < 60_000, 'not the two minutes that it may take');
  for (const socket of [idle, half]) socket.destroy();
  await stand.close();
});

test('a request that does not come to an end is cut off when the time is up', async () => {
  const [asked, onAsk] = signal();
  const stand = await openStand(
    {
      organisations() {
        onAsk();
        return new Promise(() => undefined);
      },
    },
    { times: { stopSeconds: 1 } },
  );
  const stuck = stand.police.ask('/v1/organisaties').catch(() => 'cut off');
  await asked;
  // Nobody ever answers it: a stop that waited for it would not end.
  await stand.door.stop();
  assert.is(await stuck, 'cut off');
  await stand.close();
});

test.run();
