/** What is known against a version of nats-server, on versions that were recorded. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ADVISORIES, adviseOn, advisoriesFor } from '../../../router/bus/advisories.ts';
import type { StreamState } from '../../../router/bus/inspect.ts';
import { readVariables } from '../../../router/bus/variables.ts';
import { tell } from '../../../router/commands/broker/check.ts';

const known = (version: string) => advisoriesFor(version).map(({ id }) => id);

test('versions are held against the first mended one of their own line of releases', () => {
  assert.equal(known('2.9.10'), [
    ...['CVE-2023-47090', 'CVE-2025-30215', 'CVE-2026-27889', 'CVE-2026-33222'],
    ...['CVE-2026-33223', 'CVE-2026-33248', 'NATS-2026-16', 'NATS-2026-18'],
  ]);
  assert.equal(known('2.10.27'), [
    ...['CVE-2026-27889', 'CVE-2026-29785', 'CVE-2026-33222', 'CVE-2026-33223'],
    ...['CVE-2026-33248', 'NATS-2026-16', 'NATS-2026-18'],
  ]);
  assert.equal(known('2.11.15'), ['NATS-2026-16', 'NATS-2026-18']);
  assert.equal(known('2.12.6'), ['NATS-2026-16', 'NATS-2026-18']);
  assert.equal(known('2.13.0'), ['NATS-2026-16', 'NATS-2026-18']);
  for (const mended of ['2.11.16', '2.12.7', '2.14.0', '2.15.2', '3.0.0'])
    assert.equal(known(mended), [], mended);
  assert.ok(known('2.7.1').includes('CVE-2022-24450'));
});

test('one line says how many, which, and what the settings leave open', () => {
  const line = adviseOn(['2.9.10', '2.9.10', '2.15.2']) ?? '';
  assert.match(line, '8 known advisories (CVE-2023-47090, CVE-2025-30215, ');
  assert.match(line, 'close all of them');
  assert.not.match(line, '\n');
  assert.match(adviseOn(['2.7.1']) ?? '', '1 of them not closed');
  assert.is(adviseOn(['2.15.2']), undefined);
});

test('each tells what, since when, and what closes it, in its own words', () => {
  assert.is(new Set(ADVISORIES.map(({ id }) => id)).size, ADVISORIES.length);
  for (const { what, fixed } of ADVISORIES) assert.ok(what.length > 20 && fixed.length > 0);
});

const server = (version: string, sync_always: boolean, storage = 0) =>
  readVariables({
    server_name: 'one',
    version,
    jetstream: { config: { sync_always, max_storage: 1000 }, stats: { storage } },
  });
const stream: StreamState = {
  ...{ stream: 'MAILBOX', answers: true, replicas: 1, leader: undefined, copies: [] },
  ...{ messages: 3, bytes: 100 },
};
const failing = (...given: Parameters<typeof tell>) =>
  (tell(...given).json as { checks: { check: string; ok: boolean }[] }).checks
    .filter(({ ok }) => !ok)
    .map(({ check }) => check);

test('a broker on which all is well passes the check', () => {
  const report = tell({ servers: [server('2.15.2', true)], streams: [stream], differences: [] });
  assert.is(report.exit, 'ok');
  assert.is(report.text, 'The broker is as it should be.');
});

test('each thing that is not well fails it', () => {
  const good = { servers: [server('2.15.2', true)], streams: [stream], differences: [] };
  assert.equal(failing({ ...good, servers: [server('2.9.10', false)] }), [
    'version',
    'writes to disk',
  ]);
  const [first = '', second = ''] = (
    tell({ ...good, servers: [server('2.9.10', false)] }).text ?? ''
  ).split('\n');
  assert.is(first, '2 checks failed:');
  assert.match(second, 'version: 2.9.10, older than 2.11', 'what is wrong stands above the table');
  assert.equal(failing({ ...good, servers: [server('2.15.2', true, 900)] }), ['disk']);
  assert.equal(failing({ ...good, streams: [{ ...stream, answers: false }] }), ['copies']);
  const copies = [
    { server: 'two', current: true },
    { server: 'three', current: false },
  ];
  const behind = { ...stream, replicas: 3, leader: 'one', copies };
  assert.equal(failing({ ...good, streams: [behind] }), ['copies']);
  assert.equal(failing({ ...good, servers: [{ ...server('2.15.2', true), clusterSize: 3 }] }), [
    'servers',
  ]);
  const difference = {
    stream: 'MAILBOX',
    setting: 'storage',
    wanted: 'file',
    found: 'memory',
  } as const;
  assert.equal(failing({ ...good, differences: [difference] }), ['settings']);
  const old = tell({ ...good, servers: [server('2.7.1', true)] });
  assert.match(JSON.stringify(old.json), 'CVE-2022-24450');
  assert.is(old.exit, 'failed');
});

test.run();
