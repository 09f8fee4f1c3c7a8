/** What somebody with full rights on the broker, or on its disk, tries; and how each is found. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, nkeyAuthenticator } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isConflict, type Stored } from '../../../router/bus/bus.ts';
import { configFile } from '../../../router/bus/settings.ts';
import { streamConfig } from '../../../router/bus/streams.ts';
import { subjects } from '../../../router/bus/subjects.ts';
import { EMPTY_HEAD, extend, leafOf, linkBytes } from '../../../router/ledger/chain.ts';
import { exportLedger, readExport } from '../../../router/ledger/export.ts';
import type { NotaryFault } from '../../../router/ledger/notary.ts';
import { until } from '../../town/wait.ts';
import { DAY_MS, type House, openHouse } from './house.ts';

let house: House;

/** A ledger of sixty entries under two checkpoints. Tests that spoil theirs come last, each with a new one. */
async function anew(): Promise<void> {
  await house?.stop();
  house = await openHouse();
  for (const half of [30, 30]) {
    await house.append(half);
    await house.settle();
  }
}
test.before(anew);
test.after(() => house.stop());

const all = async (source: AsyncIterable<Stored>) => {
  const found: Stored[] = [];
  for await (const one of source) found.push(one);
  return found;
};
async function* give(records: readonly Stored[]) {
  yield* records;
}
const entries = () => all(house.bus.log('LEDGER').list(subjects.ledger('*')));
const chain = () => all(house.bus.log('CHAIN').list(subjects.chain('*')));
/** The same entry with one byte changed, and still JSON. */
function touched(entry: Stored): Stored {
  const data = Buffer.from(entry.data);
  const at = data.indexOf('"at":') + 5;
  data[at] = data[at] === 0x31 ? 0x32 : 0x31;
  return { ...entry, data };
}
const places = (verdict: { faults: readonly { where: string }[] }) =>
  verdict.faults.map(({ where }) => where);

test('one byte of one entry: named by its number', async () => {
  const records = await entries();
  const forged = records.map((one) => (one.seq === 17 ? touched(one) : one));
  const verdict = await house.verify({ entries: give(forged) });
  assert.equal(verdict.faults, [{ where: 'entry 17', why: 'is not the entry that was chained' }]);
});

test('an entry taken from the middle, two exchanged, one put under another kind', async () => {
  const records = await entries();
  const without = await house.verify({ entries: give(records.filter(({ seq }) => seq !== 20)) });
  assert.equal(places(without), ['entry 20']);
  const data = (seq: number) => records[seq - 1]?.data ?? new Uint8Array();
  const swapped = records.map((one) =>
    one.seq === 5 ? { ...one, data: data(6) } : one.seq === 6 ? { ...one, data: data(5) } : one,
  );
  assert.equal(places(await house.verify({ entries: give(swapped) })), ['entry 5', 'entry 6']);
  const renamed = records.map((one) =>
    one.seq === 9 ? { ...one, subject: subjects.ledger('geweigerd') } : one,
  );
  assert.equal(places(await house.verify({ entries: give(renamed) })), ['entry 9']);
});

test('the first entries taken away, as if their life were over', async () => {
  const records = await entries();
  const verdict = await house.verify({ entries: give(records.slice(10)) });
  assert.equal(places(verdict).slice(0, 2), ['entry 1', 'entry 2']);
  assert.is(verdict.faults.length, 10);
  assert.match(verdict.faults[0]?.why ?? '', 'before the end of its life');
});

test('a leaf or a head in the chain changed', async () => {
  const links = await chain();
  const forge = (change: (text: string) => string) =>
    links.map((one) =>
      one.seq === 1 ? { ...one, data: Buffer.from(change(Buffer.from(one.data).toString())) } : one,
    );
  // Another character than the one that stands there.
  const other = (hit: string) => hit.replace(/.$/, (last) => (last === '_' ? 'A' : '_'));
  const head = forge((text) => text.replace(/"head":"./, other));
  assert.match(places(await house.verify({ chain: give(head) }))[0] ?? '', /^link 1\.\./);
  const leaf = forge((text) => text.replace(/"leaves":\["./, other));
  const verdict = await house.verify({ chain: give(leaf) });
  assert.ok(places(verdict).includes('entry 1'));
  assert.ok(verdict.faults.some(({ why }) => why.includes('signed over another history')));
});

test('a checkpoint signed by another key, changed, or for another length', async () => {
  const links = await chain();
  const isCheckpoint = ({ subject }: Stored) => subject === subjects.chain('checkpoint');
  const change = (change: (jws: string) => string) =>
    links.map((one) =>
      isCheckpoint(one)
        ? { ...one, data: Buffer.from(change(Buffer.from(one.data).toString())) }
        : one,
    );
  const cut = await house.verify({ chain: give(change((jws) => jws.slice(0, -8))) });
  assert.not.ok(cut.ok);
  assert.match(places(cut)[0] ?? '', /^checkpoint over/);
  const [first] = await house.checkpoints();
  const moved = await house.verify({ chain: give(change(() => first ?? '')) });
  assert.ok(moved.faults.some(({ why }) => /was signed over \d+ entries/.test(why)));
});

test('an export verifies as the stream does; one byte in it is found', async () => {
  const file = join(house.broker.dir, 'export.jsonl');
  const written = await exportLedger(house.bus, file);
  assert.is(written.ledger, 60);
  const from = (path: string) => ({
    chain: readExport(path, 'chain'),
    entries: readExport(path, 'ledger'),
  });
  assert.ok((await house.verify(from(file))).ok);
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('"ledger"') && line.includes('"seq":33,'));
  const line = JSON.parse(lines[at] ?? '');
  const bytes = Buffer.from(line.data, 'base64');
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  lines[at] = JSON.stringify({ ...line, data: bytes.toString('base64') });
  writeFileSync(`${file}.forged`, lines.join('\n'));
  assert.equal(places(await house.verify(from(`${file}.forged`))), ['entry 33']);
});

test('a shorter history, and a witness of another', async () => {
  const witnesses = await house.checkpoints();
  const links = await chain();
  const firstCheckpoint = links.findIndex(
    ({ subject }) => subject === subjects.chain('checkpoint'),
  );
  const shorter = await house.verify({
    chain: give(links.slice(0, firstCheckpoint + 1)),
    witnesses,
  });
  assert.equal(places(shorter), ['witness 2']);
  assert.match(shorter.faults[0]?.why ?? '', 'entries were taken away');
  const strange = await house.verify({ witnesses: ['not a checkpoint'] });
  assert.equal(places(strange), ['witness 1']);
});

test('a clock that stands still does not make a hole look like age', async () => {
  const records = (await entries()).filter(({ seq }) => seq !== 3);
  const clock = { now: () => Date.now() + 400 * DAY_MS };
  const verdict = await house.verify({ entries: give(records), clock });
  assert.equal(places(verdict), ['entry 3']);
});

/** Somebody who runs the broker: a user of the account without any limits. */
async function loginAsOwner() {
  const file = configFile(house.broker.dir);
  const text = readFileSync(file, 'utf8');
  const seed = new Uint8Array(readFileSync(house.broker.seed('admin')));
  const marked = /# admin\n(\s+nkey: "\w+")\n[\s\S]*?\n {6}\}\n/;
  writeFileSync(file, text.replace(marked, '# admin\n$1\n      }\n'));
  await house.broker.halt();
  await house.broker.start();
  return connect({
    servers: [...house.broker.servers],
    authenticator: nkeyAuthenticator(seed),
    tls: { ca: readFileSync(house.broker.ca, 'utf8') },
    inboxPrefix: '_INBOX_admin',
  });
}

test('the whole history rewritten with new hashes: the chain is whole, the signatures and the witnesses are not', async () => {
  await anew();
  const witnesses = await house.checkpoints();
  const records = await entries();
  const nc = await loginAsOwner();
  const api = async (operation: string, body: object) => {
    const reply = await nc.request(`$JS.API.${operation}`, JSON.stringify(body), {
      timeout: 60_000,
    });
    assert.is(reply.json<{ error?: unknown }>().error, undefined, operation);
  };
  // No message of these streams can be changed or purged: the owner must drop the streams whole.
  for (const name of ['LEDGER', 'CHAIN'] as const) {
    await api(`STREAM.DELETE.${name}`, {});
    await api(`STREAM.CREATE.${name}`, streamConfig(name, 1));
  }
  const forged = records.map((one) => (one.seq === 17 ? touched(one) : one));
  for (const { subject, data } of forged) await nc.request(subject, data, { timeout: 60_000 });
  await nc.close();
  const link = extend(
    { head: EMPTY_HEAD, size: 0 },
    1,
    forged.map(({ data }) => leafOf(data)),
  );
  const log = house.bus.log('CHAIN');
  assert.not.ok(isConflict(await log.put(subjects.chain('link'), linkBytes(link))));
  // Without a checkpoint nobody notices; only what others kept does.
  assert.ok((await house.verify()).ok);
  const against = await house.verify({ witnesses });
  assert.equal(places(against), ['witness 1', 'witness 2']);
  assert.match(against.faults[0]?.why ?? '', 'holds another history');
  // Nor does it help when the router itself signs the new history, in good faith or bad.
  await house.append(1);
  await house.settle();
  assert.ok((await house.verify()).ok);
  assert.not.ok((await house.verify({ witnesses })).ok);
});

test('a byte flipped on the disk of the broker', async () => {
  await anew();
  await house.broker.halt();
  const store = join(house.broker.dir, 'store');
  const [block] = (readdirSync(store, { recursive: true }) as string[])
    .filter((file) => /LEDGER\/msgs\/\d+\.blk$/.test(file))
    .map((file) => join(store, file));
  const bytes = readFileSync(block ?? '');
  const places17 = [...bytes.toString('latin1').matchAll(/"kind":"aanvaard"/g)];
  const at = (places17[16]?.index ?? 0) + 30;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(block ?? '', bytes);
  await house.broker.start();
  const verdict = await house.verify();
  // The broker notices that its checksum is off and gives the entry out no more; it does not say so.
  assert.equal(places(verdict), ['entry 17']);
  assert.match(verdict.faults[0]?.why ?? '', 'is gone');
});

test('a broker that lost its last entries and gave their numbers out again', async () => {
  await anew();
  const records = await entries();
  const nc = await loginAsOwner();
  const api = (operation: string, body: object) =>
    nc.request(`$JS.API.${operation}`, JSON.stringify(body), { timeout: 60_000 });
  await api('STREAM.DELETE.LEDGER', {});
  await api('STREAM.CREATE.LEDGER', streamConfig('LEDGER', 1));
  for (const { subject, data } of records.slice(0, 50)) await nc.request(subject, data);
  await nc.close();
  const told = await house.append(1).catch((fault: Error) => fault.message);
  assert.match(told ?? '', 'went back', 'a router that ran on finds out at its next entry');
  await house.restart();
  await house.append(4);
  const faults: NotaryFault[] = [];
  const notary = await house.notary({ onFault: (fault) => faults.push(fault) });
  await until(
    'the chain to come so far',
    async () => (await house.verify()).unchained === 0 && (await chain()).length > 4,
  );
  await house.append(10);
  await until('the chain to come so far', async () => (await house.verify()).size === 75);
  await notary.stop();
  assert.equal(faults, [{ kind: 'broken', entry: 51 }]);
  const verdict = await house.verify();
  assert.ok(places(verdict).includes('entry 51'));
  assert.ok(verdict.faults.some(({ why }) => why.includes('were replaced')));
});

test.run();
