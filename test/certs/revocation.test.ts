import { readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Asn1,
  enumerated,
  fromDer,
  integer,
  octets,
  sequence,
  small,
  tagged,
  taggedBytes,
  time,
} from '../../certs/authority/asn1.ts';
import { signatureAlgorithm, signed } from '../../certs/authority/build.ts';
import { authorityKeyIdentifier, extension } from '../../certs/authority/extensions.ts';
import { DAY } from '../../certs/authority/issuers.ts';
import { writeWhole } from '../../certs/authority/store.ts';
import { readCrl } from '../../certs/crl.ts';
import { toPem } from '../../certs/pem.ts';
import { OID } from '../../certs/profile.ts';
import { Revocations } from '../../certs/revocation.ts';
import { cpuOf } from '../town/cost.ts';
import { until } from '../town/wait.ts';
import { openOffice, POLICE, temporaryFolder } from './office.ts';
import { refusedWith } from './refused.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const office = await openOffice({ clock: { now: () => NOW } });
const issuing = office.issuer('issuing');
const { certificate: issuer } = issuing;
const { certificate } = await office.issue({ oin: POLICE, name: 'P', use: 'tls', key: 'ec' });

interface Change {
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly extensions?: readonly Asn1[];
  readonly entries?: readonly Asn1[];
}

/** A list by the issuing CA in which one thing may be odd. */
async function crl(change: Change = {}, signer = issuing): Promise<Buffer> {
  const { thisUpdate = NOW, nextUpdate = NOW + DAY, extensions = [], entries = [] } = change;
  const own = [authorityKeyIdentifier(issuer.publicKey), extension(OID.crlNumber, false, small(9))];
  const fields = [
    ...[
      small(1),
      signatureAlgorithm(),
      fromDer(issuer.subject),
      time(thisUpdate),
      time(nextUpdate),
    ],
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    tagged(0, sequence(...own, ...extensions)),
  ];
  return signed(sequence(...fields), signer.keys.privateKey);
}

const entry = (serial: string, ...extensions: Asn1[]): Asn1 =>
  sequence(integer(serial), time(NOW), ...(extensions.length > 0 ? [sequence(...extensions)] : []));

/** Revocations that read one file, which the test writes; and a clock that it moves. */
function roomWith(first: Buffer) {
  const file = join(temporaryFolder(), 'issuing.crl');
  const clock = { at: NOW, now: () => clock.at };
  const revocations = new Revocations({ sources: [file], issuers: [issuer], clock });
  const show = async (bytes: Buffer | string) => {
    await writeWhole(file, bytes);
    await revocations.refresh();
    return revocations.faults.get(file) ?? 'taken';
  };
  const check = (serial = certificate.serial) => revocations.check(serial, issuer, clock.at);
  return { file, clock, revocations, show, check, ready: show(first) };
}

test('who is listed is revoked; who is not is good', async () => {
  const room = roomWith(await crl({ entries: [entry('0abc'), entry('7fffffffff')] }));
  assert.is(await room.ready, 'taken');
  room.check();
  assert.is(await refusedWith(() => room.check('abc')), 'certificate-revoked');
  assert.is(await refusedWith(() => room.check('7fffffffff')), 'certificate-revoked');
});

test('a list counts until nextUpdate, and at most four hours after it was made and fetched', async () => {
  const room = roomWith(await crl({ nextUpdate: NOW + 2 * HOUR }));
  await room.ready;
  room.clock.at = NOW + 2 * HOUR - 1;
  room.check();
  room.clock.at = NOW + 2 * HOUR;
  assert.is(await refusedWith(() => room.check()), 'revocation-unknown');
  await room.show(await crl({ thisUpdate: NOW + HOUR }));
  room.check();
  room.clock.at = NOW + 5 * HOUR;
  await room.revocations.refresh();
  room.check();
  room.clock.at = NOW + 5 * HOUR + 1;
  await room.revocations.refresh();
  assert.is(await refusedWith(() => room.check()), 'revocation-unknown');
});

test('a source that is gone is not fetched again, and the list grows stale', async () => {
  const domain = office.issuer('domain').certificate;
  const file = join(temporaryFolder(), 'domain.crl');
  const clock = { at: NOW, now: () => clock.at };
  const revocations = new Revocations({ sources: [file], issuers: [domain], clock });
  await writeWhole(file, readFileSync(office.trust.crls[1] ?? ''));
  await revocations.refresh();
  clock.at = NOW + 3 * DAY;
  await revocations.refresh();
  revocations.check('1', domain, clock.at);
  rmSync(file);
  clock.at += 4 * HOUR + 1;
  await revocations.refresh();
  assert.is(
    await refusedWith(() => revocations.check('1', domain, clock.at)),
    'revocation-unknown',
  );
  assert.is(revocations.status(clock.at)[0]?.fresh, false);
});

test('a list from the future is not believed', async () => {
  const room = roomWith(await crl({ thisUpdate: NOW + HOUR }));
  await room.ready;
  assert.is(await refusedWith(() => room.check()), 'revocation-unknown');
});

test('an older list does not take back a revocation', async () => {
  const room = roomWith(await crl({ entries: [entry(certificate.serial)] }));
  await room.ready;
  assert.match(await room.show(await crl({ thisUpdate: NOW - HOUR })), 'older than');
  assert.is(await refusedWith(() => room.check()), 'certificate-revoked');
});

test('over a restart an older list does not come back either, while the later one is not stale', async () => {
  const later = await crl({ entries: [entry(certificate.serial)] });
  const older = await crl({ thisUpdate: NOW - HOUR });
  const room = roomWith(older);
  await room.ready;
  room.check();
  const spoilt = Buffer.from(later);
  spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
  room.revocations.recall([spoilt]);
  room.check();
  room.revocations.recall([later]);
  assert.is(await refusedWith(() => room.check()), 'certificate-revoked');
  assert.is(await refusedWith(() => room.check('1')), 'revocation-unknown', 'until it is shown');
  assert.match(await room.show(older), 'older than');
  assert.is(await room.show(later), 'taken');
  room.check('1');
  room.revocations.recall([older]);
  assert.is(await refusedWith(() => room.check()), 'certificate-revoked');
  const again = roomWith(older);
  await again.ready;
  again.clock.at = NOW + 4 * HOUR + 1;
  again.revocations.recall([later]);
  assert.is(await again.show(older), 'taken');
});

test('a list that another signed, or that was changed, is not taken', async () => {
  const stranger = await openOffice({ clock: { now: () => NOW } });
  const room = roomWith(await crl({}, stranger.issuer('issuing')));
  assert.match(await room.ready, 'not signed by a pinned issuer');
  const good = await crl({ entries: [entry(certificate.serial)] });
  const at = good.indexOf(Buffer.from(certificate.serial, 'hex'));
  good[at] = (good[at] ?? 0) ^ 1;
  assert.match(await room.show(good), 'not signed by a pinned issuer');
  assert.is(await refusedWith(() => room.check()), 'revocation-unknown');
});

test('a list for a part, a list of changes, and what we do not understand are not taken', async () => {
  const partial = sequence(taggedBytes(1, Buffer.of(0xff)));
  const odd: readonly (readonly [string, Change])[] = [
    ['part', { extensions: [extension(OID.issuingDistributionPoint, true, partial)] }],
    ['part', { extensions: [extension(OID.issuingDistributionPoint, false, sequence())] }],
    ['part', { extensions: [extension('2.5.29.27', true, small(1))] }],
    ['unknown', { extensions: [extension('1.2.3', true, octets(Buffer.of(1)))] }],
    ['unknown', { entries: [entry('01', extension('2.5.29.29', true, sequence()))] }],
    ['changes', { entries: [entry('01', extension(OID.reasonCode, false, enumerated(8)))] }],
  ];
  const room = roomWith(await crl(odd[0]?.[1]));
  for (const [word, change] of odd) assert.match(await room.show(await crl(change)), word);
  const known = { extensions: [extension('1.2.3', false, octets(Buffer.of(1)))] };
  assert.is(await room.show(await crl(known)), 'taken');
});

test('rubbish is not taken, and what was held stays', async () => {
  const good = await crl();
  const room = roomWith(good);
  await room.ready;
  for (const bytes of ['', 'CRL', good.subarray(0, -1), Buffer.concat([good, Buffer.of(0)])]) {
    assert.is.not(await room.show(Buffer.from(bytes)), 'taken');
  }
  room.check();
});

test('a list in PEM, as openssl writes it, is read too', async () => {
  const der = await crl({ entries: [entry('0abc')] });
  const pem = Buffer.from(toPem(der, 'X509 CRL'));
  assert.equal([...readCrl(pem).revoked.keys()], ['abc']);
  const room = roomWith(pem);
  assert.is(await room.ready, 'taken');
});

test('a changed file is taken at once, without waiting for the interval', async () => {
  const room = roomWith(await crl());
  await room.ready;
  room.revocations.start();
  await writeWhole(room.file, await crl({ entries: [entry(certificate.serial)] }));
  await until('the new list', () => room.revocations.status(NOW)[0]?.entries === 1);
  room.revocations.stop();
});

test('lists come over http too, from the configured address and nowhere else', async () => {
  const list = await crl({ entries: [entry('0abc')] });
  const asked: string[] = [];
  const answers: Record<string, RequestListener> = {
    '/good.crl': (_, response) => response.end(list),
    '/moved.crl': (_, response) => response.writeHead(302, { location: '/good.crl' }).end(),
    '/long.crl': (_, response) => response.end(Buffer.alloc(21_000_000)),
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sources = ['/good.crl', '/moved.crl', '/long.crl', '/gone.crl'].map((path) => base + path);
  const revocations = new Revocations({ sources, issuers: [issuer], clock: { now: () => NOW } });
  await revocations.refresh();
  assert.is(await refusedWith(() => revocations.check('abc', issuer, NOW)), 'certificate-revoked');
  assert.match(revocations.faults.get(`${base}/moved.crl`) ?? '', '302');
  assert.match(revocations.faults.get(`${base}/long.crl`) ?? '', 'too long');
  assert.match(revocations.faults.get(`${base}/gone.crl`) ?? '', '404');
  assert.is(asked.length, 4);
  server.closeAllConnections();
  server.close();
});

test('twenty thousand entries are read in a moment', async () => {
  const entries = Array.from({ length: 20_000 }, (_, at) => entry((at + 0x10000).toString(16)));
  const room = roomWith(await crl({ entries }));
  const spent = await cpuOf(async () => assert.is(await room.ready, 'taken'));
  assert.ok(spent < 3000, `${spent} ms`);
  assert.is(await refusedWith(() => room.check('10000')), 'certificate-revoked');
});

test.run();
