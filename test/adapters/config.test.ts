import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { ADAPTER_CONFIG_SCHEMA } from '../../adapters/config/schema.ts';
import { parseAdapterConfig } from '../../adapters/config.ts';
import { CommandError } from '../../schemas/command.ts';

const key = { p12: 'keys/a.p12', passphraseFile: 'keys/passphrase' };
const agency = (oin = '00000099000000010000', name = 'a') => ({
  identity: { oin, signing: key, opening: [key], tls: key },
  trust: {
    roots: ['root.pem'],
    issuers: ['issuing.pem'],
    crls: ['https://crl.example/a.crl', 'b.crl'],
  },
  registrar: { oin: '00000099000000002000', certificates: ['registrar.pem'] },
  router: { url: 'https://localhost:8443', oin: '00000099000000001000' },
  store: { path: `${name}.db`, keyFile: `${name}.key` },
  rest: { tokenFile: `${name}.token` },
});
const read = (value: unknown) =>
  parseAdapterConfig(stringify(value), '/etc/ketenpost/adapter.yaml');
const faults = (value: unknown): string => {
  try {
    read(value);
  } catch (error) {
    assert.instance(error, CommandError);
    return (error as CommandError).message;
  }
  throw new Error('it was taken');
};

test('paths are taken from the folder of the file, addresses left alone, defaults filled in', () => {
  const [one] = read({ agencies: [agency()] }).agencies;
  assert.is(one?.store.path, '/etc/ketenpost/a.db');
  assert.equal(one?.trust.crls, ['https://crl.example/a.crl', '/etc/ketenpost/b.crl']);
  assert.equal([one?.rest?.host, one?.rest?.port], ['127.0.0.1', 0]);
  assert.is(one?.router.waitSeconds, 30);
  assert.is(read({ agencies: [agency()] }).log.level, 'info');
});

test('faults are told by place, all of them, without values', () => {
  const { store: _, ...broken } = agency();
  const said = faults({
    agencies: [{ ...broken, rest: { tokenFile: 't', poort: 1 } }],
    log: { level: 'geheim' },
  });
  assert.match(said, 'agencies.0: store is missing');
  assert.match(said, 'agencies.0.rest: there is no key poort');
  assert.match(said, 'log.level');
  assert.not.match(said, 'geheim');
});

test('an OIN without quotes is explained', () => {
  const text = stringify({ agencies: [agency()] }).replace(
    '"00000099000000001000"',
    '00000099000000001000',
  );
  try {
    parseAdapterConfig(text, 'adapter.yaml');
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'between quotes');
  }
});

test('what belongs to one agency is not given to two', () => {
  assert.match(
    faults({ agencies: [agency(), agency('00000099000000020000', 'a')] }),
    'same store.path',
  );
  assert.match(faults({ agencies: [agency(), agency(undefined, 'b')] }), 'same identity.oin');
  assert.is(read({ agencies: [agency(), agency('00000099000000020000', 'b')] }).agencies.length, 2);
});

test('personal data leaves this machine over TLS only', () => {
  const webhook = (url: string) => ({ agencies: [{ ...agency(), webhook: { url } }] });
  for (const url of [
    'http://zaken.example/x',
    'http://localhost.example/',
    'ftp://x/',
    'http://127.0.0.1.example',
  ]) {
    assert.match(faults(webhook(url)), 'webhook.url');
  }
  for (const url of [
    'https://zaken.example/x',
    'http://localhost:8080/x',
    'http://127.0.0.1/',
    'http://[::1]:1/x',
  ]) {
    assert.is(read(webhook(url)).agencies[0]?.webhook?.url, url);
  }
  assert.match(
    faults({ agencies: [{ ...agency(), router: { ...agency().router, url: 'http://x' } }] }),
    'router.url',
  );
});

test('a name that stands twice is refused', () => {
  assert.throws(() => parseAdapterConfig('log: {}\nlog: {}\n', 'adapter.yaml'), /line 2/);
});

test('every key of our own has a description', () => {
  const missing: string[] = [];
  const visit = (schema: Record<string, unknown>, path: string): void => {
    // The blocks of certs describe themselves there.
    if (/\.(identity|trust|tls)$/.test(path)) return;
    if (path !== '' && schema['description'] === undefined) missing.push(path);
    const { properties = {}, items } = schema as { properties?: object; items?: object };
    for (const [name, one] of Object.entries(properties)) visit(one, `${path}.${name}`);
    if (items !== undefined && 'properties' in items)
      visit(items as Record<string, unknown>, `${path}[]`);
  };
  visit(ADAPTER_CONFIG_SCHEMA as unknown as Record<string, unknown>, '');
  assert.equal(missing, []);
});

test.run();
