/** Endpoints that are slow, gone, talkative or in trouble. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../town/wait.ts';
import { came, here, taking } from './street.ts';
import { openTrouble } from './trouble.ts';

const trouble = await openTrouble();
const { street, endpoint, police, vt, send, counting } = trouble;
const SECRET = 'geheim-van-het-eindpunt';

test.before.each(trouble.begin);
test.after.each(trouble.settle);
test.after(() => street.close());

test('a redirect is not followed', async () => {
  const elsewhere = await street.endpoint('vt');
  const location = `https://localhost:${elsewhere.port}/`;
  for (const status of [302, 307, 308]) {
    endpoint.manner = () => ({ status, headers: { location } });
    await counting('refused', send);
  }
  assert.is(elsewhere.brought.length, 0);
});

test('429 waits as long as Retry-After says, and the same is brought again', async () => {
  endpoint.manner = (_, earlier) =>
    earlier.length === 0
      ? { status: 429, headers: { 'retry-after': '2' } }
      : taking(vt)(_, earlier);
  await counting('busy', send);
  await send();
  await came(endpoint, 3);
  const [first, ...rest] = endpoint.brought;
  assert.ok(
    rest.every(({ at }) => at - (first?.at ?? 0) >= 1950),
    'nothing else comes meanwhile',
  );
  assert.ok(rest.some(({ key }) => key === first?.key));
});

test('500, 408 and 425 are tried again; 400 slowly, and the log says so', async () => {
  for (const status of [500, 408, 425]) {
    endpoint.brought.splice(0);
    endpoint.manner = (brought, earlier) =>
      earlier.length === 0 ? { status } : taking(vt)(brought, earlier);
    const { claims } = await send();
    await came(endpoint, 2);
    const key = `${police.oin}.${claims.jti}`;
    assert.ok(endpoint.brought.every((one) => one.key === key));
  }
  endpoint.manner = () => ({ status: 400, body: SECRET });
  await counting('refused', send);
  await until('the log', () => street.log.some(({ status }) => status === 400));
});

test('an answer is neither kept nor shown, and one without end is not read', async () => {
  endpoint.manner = () => ({ status: 200, body: `a.${'b'.repeat(8_000_000)}.${SECRET}` });
  await counting('answer', send);
  endpoint.manner = () => ({ status: 200, body: SECRET });
  await counting('answer', send);
  endpoint.manner = () => ({ status: 503, body: SECRET });
  await counting('busy', send);
  assert.not.match(JSON.stringify(street.log), SECRET);
  assert.not.match(JSON.stringify(street.house.lines), SECRET);
  assert.not.match(await street.metrics.text(), SECRET);
});

test('410 stops it until the register changes; what comes waits in the mailbox, to be collected', async () => {
  const { house } = street;
  endpoint.manner = () => ({ status: 410 });
  await counting('gone', send);
  await until('the ledger', async () => (await house.ledger('bezorging-gestopt')).length === 1);
  const many = endpoint.brought.length;
  const { claims } = await send();
  await until('what waits', async () => {
    const { afleveringen } = await vt.collect();
    return afleveringen.some(({ bericht }) => bericht === claims.jti);
  });
  assert.is(endpoint.brought.length, many, 'nothing was brought');
  assert.equal((await house.ledger('bezorging-gestopt')).length, 1);
  assert.ok(house.lines.some(({ msg }) => String(msg).startsWith('the endpoint is gone')));
});

test('an endpoint that never answers delays nobody else', async () => {
  const stuck: (() => void)[] = [];
  endpoint.manner = async () => {
    await new Promise<void>((done) => stuck.push(done));
    return { status: 204 };
  };
  const own = await street.endpoint('politie');
  await street.bringTo('politie', here(own));
  const sent: Awaited<ReturnType<typeof send>>[] = [];
  for (let at = 0; at < 6; at++) sent.push(await send());
  await came(endpoint, 4);
  const late = await street.count('timeout');
  for (const { jws } of sent) {
    const ontvangstbewijs = await vt.receipt(jws, 'afgeleverd');
    assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
  }
  await came(own, 6);
  await until('a timeout', async () => (await street.count('timeout')) > late);
  for (const done of stuck) done();
  await street.bringTo('politie', undefined);
});

test.run();
