/** router.yaml: what is left out has a default, and what is wrong is told by its place. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { parseRouterConfig } from '../../router/config.ts';
import type { CommandError } from '../../schemas/command.ts';

const key = { p12: 'keys/sign.p12', passphraseFile: 'keys/pass' };
const GOOD = {
  identity: { oin: '00000099000000001000', signing: key, opening: [key], tls: key },
  trust: {
    ...{ roots: ['trust/root.pem'], issuers: ['trust/issuing.pem'] },
    crls: ['crl/issuing.crl', 'http://crl.example/domain.crl'],
  },
  registrar: { oin: '00000099000000002000', certificates: ['registrar.pem'] },
  broker: {
    ...{ servers: ['tls://localhost:4222'], ca: 'ca.pem' },
    credentials: { pipeline: 'seeds/pipeline.seed' },
  },
};

const read = (value: object) => parseRouterConfig(stringify(value), '/etc/ketenpost/router.yaml');

/** What is said of a wrong configuration. */
function faultsOf(text: string): string {
  try {
    parseRouterConfig(text, 'router.yaml');
  } catch (error) {
    assert.is((error as CommandError).exit, 'usage');
    return (error as CommandError).message;
  }
  throw new Error('this configuration should have been refused');
}

test('files are found from where the configuration lies, addresses are left alone', () => {
  const { identity, trust, broker } = read(GOOD);
  assert.equal(identity.signing, {
    ...{ p12: '/etc/ketenpost/keys/sign.p12', passphraseFile: '/etc/ketenpost/keys/pass' },
  });
  assert.equal(trust.crls, ['/etc/ketenpost/crl/issuing.crl', 'http://crl.example/domain.crl']);
  assert.is(broker.credentials.pipeline, '/etc/ketenpost/seeds/pipeline.seed');
});

test('what is left out has its default', () => {
  const { door, pipeline, log, broker } = read(GOOD);
  assert.equal(
    [door.port, door.metrics.port, log.level, broker.insecure],
    [8443, 9464, 'info', false],
  );
  assert.equal(pipeline, { inFlight: 32, waiting: 1000, leaseSeconds: 60 });
});

test('every fault is told at once, by its place', () => {
  const { trust: _, ...rest } = GOOD;
  const text = faultsOf(
    stringify({ ...rest, log: { level: 'loud' }, door: { prot: 1 }, pipeline: { inFlight: 0 } }),
  );
  for (const part of ['trust is missing', 'log.level', 'no key prot', 'pipeline.inFlight']) {
    assert.match(text, part);
  }
});

test('an OIN without quotes is a number in YAML, and the fault says so', () => {
  const text = faultsOf(stringify(GOOD).replace('"00000099000000002000"', '00000099000000002000'));
  assert.match(text, 'registrar.oin');
  assert.match(text, 'quotes');
});

test('what is no YAML, or says something twice, is refused', () => {
  assert.match(faultsOf('a: [1'), 'not YAML');
  assert.match(faultsOf(`${stringify(GOOD)}\nlog: {}\nlog: {}\n`), 'not YAML');
});

test.run();
