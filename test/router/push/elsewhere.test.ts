/** Endpoints that are elsewhere or somebody else's; and a door that wants more than it may. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Draft } from '../../../router/registry/agency-file.ts';
import { examine } from '../../../router/registry/examine.ts';
import { draftsOf } from '../../../router/registry/publish.ts';
import { type Oin, toNoteId } from '../../../schemas/ids.ts';
import { AGENCIES, OPERATOR } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { otherPki } from '../door/pki.ts';
import { changing } from '../house.ts';
import type { Player } from '../player.ts';
import { type EndpointOf, here, taking } from './street.ts';
import { openTrouble } from './trouble.ts';

const trouble = await openTrouble();
const { street, endpoint, police, vt, send, counting } = trouble;

test.before.each(trouble.begin);
test.after.each(trouble.settle);
test.after(() => street.close());

/** How many messages came: one whose receipt takes its time on a busy machine is brought twice. */
const messagesAt = ({ brought }: EndpointOf) => new Set(brought.map(({ key }) => key)).size;
test('nobody else receives it: not with the certificate of another agency, nor with one of another authority', async () => {
  const elsewhere = await otherPki();
  const names = ['another agency', 'another authority'];
  const shown = [undefined, await elsewhere.issue(vt.oin)];
  for (const [at, tls] of shown.entries()) {
    const thief = await street.endpoint('halt', undefined, tls);
    await street.bringTo('vt', here(thief));
    await counting('certificate', send);
    assert.is(thief.brought.length, 0, names[at] ?? '');
  }
});

test('who has the mandate of an agency may keep its endpoint, and is left alone when it ends', async () => {
  const supplier = await street.endpoint('halt', taking(vt));
  const mandated = (mandaten: readonly Oin[]) =>
    street.house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [...mandaten] })));
  await mandated([AGENCIES.halt.oin]);
  await street.bringTo('vt', here(supplier));
  await counting('delivered', send);
  assert.is(messagesAt(supplier), 1);
  await mandated([]);
  await street.bringTo('vt', here(supplier, '/still'));
  await counting('certificate', send);
  assert.is(messagesAt(supplier), 1);
});

test('a name that leads inside is not called, unless the register says so of it', async () => {
  const { url } = here(endpoint, '/inside');
  await street.bringTo('vt', { url });
  await counting('address', send);
  street.names.set('localhost', () => ['::ffff:127.0.0.1']);
  await street.bringTo('vt', { url, intern: true });
  await counting('address', send);
  assert.is(endpoint.brought.length, 0);
});

test('an address inside that stands in the register itself is not called either', async () => {
  for (const host of ['127.0.0.1', '127.1', '0x7f000001', '[::1]', '[::ffff:7f00:1]']) {
    const told = street.log.length;
    await street.bringTo('vt', { url: `https://${host}:${endpoint.port}/` });
    await until(host, () =>
      street.log.slice(told).some(({ msg }) => msg === 'nothing is brought to this endpoint'),
    );
  }
  assert.is(endpoint.brought.length, 0);
});

test('a name that leads elsewhere the second time is judged anew, and looked up once for each connection', async () => {
  const leads = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '169.254.169.254']];
  let turn = 0;
  street.names.set('localhost', () => leads[Math.min(turn++, leads.length - 1)] ?? []);
  endpoint.manner = async (brought, earlier) => ({
    ...(await taking(vt)(brought, earlier)),
    headers: { connection: 'close' },
  });
  await street.bringTo('vt', here(endpoint, '/anew'));
  await counting('delivered', send);
  assert.is(turn, endpoint.brought.length, 'one connection, one look');
  await counting('address', send);
  // One address that may not be called among good ones: none of them is called.
  await counting('address', () => until('another look', () => turn >= 3));
  assert.is(messagesAt(endpoint), 1);
});

test('a door may take for nobody else, and takes nothing away without a ticket', async () => {
  const { house } = street;
  const { oin: halt } = AGENCIES.halt;
  const ask = { prio: 'spoed', maximum: 10 } as const;
  const codeOf = async (answer: ReturnType<Player['ask']>) => {
    const said = await answer;
    return said.ok ? 'yes' : said.problem.code;
  };
  assert.is(await codeOf(police.ask('push', { ...ask, postbus: halt })), 'not-authorised');
  assert.is(await codeOf(police.ask('gone', { postbus: halt })), 'not-authorised');
  const seen = { ...ask, postbus: vt.oin, maximum: 0 };
  const note = toNoteId(OPERATOR.oin, police.claims().jti);
  // A list beside the ticket says nothing.
  const listed = { ...seen, gezien: [note], bewijs: await vt.ticket() };
  const answer = await police.ask('push', listed);
  assert.equal(answer.ok && answer.value.gezien, []);
  assert.is(await codeOf(police.ask('push', { ...seen, bewijs: '' })), 'malformed');
  const bewijs = await police.ticket({ gezien: [note] });
  assert.is(await codeOf(police.ask('push', { ...seen, bewijs })), 'issuer-mismatch');
  assert.is(
    await codeOf(police.ask('push', { ...ask, postbus: vt.oin, maximum: 51 })),
    'bad-request',
  );
  await house.register((drafts) =>
    drafts.map((one) => (one.oin === vt.oin ? { ...one, status: 'geschorst' } : one)),
  );
  assert.is(await codeOf(police.ask('push', { ...ask, postbus: vt.oin })), 'not-authorised');
  await house.register((drafts) =>
    drafts.map((one) => (one.oin === vt.oin ? { ...one, status: 'actief' } : one)),
  );
});

test('a certificate that the register takes back is not spoken to any more, on the open connection either', async () => {
  const { house } = street;
  await counting('delivered', send);
  const kept = draftsOf(house.rooms.registry).find(({ oin }) => oin === vt.oin)?.certificaten ?? [];
  await house.register(
    changing(vt.oin, (draft) => ({
      ...draft,
      certificaten: kept.filter(({ gebruik }) => gebruik !== 'tls'),
    })),
  );
  const before = await street.count('certificate');
  // It is believed for a moment yet.
  await until('a no', () => send().then(async () => (await street.count('certificate')) > before));
  const many = endpoint.brought.length;
  await counting('certificate', send);
  assert.is(endpoint.brought.length, many);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, certificaten: kept })));
});

test('the registrar hears of an endpoint that can never be called before signing it', async () => {
  const { house } = street;
  const drafts = draftsOf(house.rooms.registry);
  const said = (bezorgadres: Draft['bezorgadres']) =>
    examine(
      drafts.map((one) => (one.oin === vt.oin && bezorgadres ? { ...one, bezorgadres } : one)),
      house.trust,
      house.clock.now(),
    )
      .filter(({ grave }) => grave)
      .map(({ text }) => text);
  assert.equal(said({ url: 'https://post.vt.example/in' }), []);
  assert.equal(said({ url: 'https://10.1.2.3/in', intern: true }), []);
  assert.match(said({ url: 'https://10.1.2.3/in' }).join(), 'bezorgadres: its address is inside');
  assert.match(said({ url: 'https://vt.example:22/' }).join(), 'bezorgadres: port 22');
  assert.match(said({ url: 'https://169.254.169.254/', intern: true }).join(), 'bezorgadres:');
});

test.run();
