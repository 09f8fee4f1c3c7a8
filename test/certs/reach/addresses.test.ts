/** Where the router may call: every form of every address that is inside, or none. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rangeOf } from '../../../certs/reach/ranges.ts';
import { BadEndpoint, readTarget } from '../../../certs/reach/target.ts';

const INSIDE = ['127.0.0.1', '127.255.0.9', '10.1.2.3', '172.16.0.1', '172.31.255.255'];
const INSIDE_TOO = [
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.254',
  '::1',
  'fd12:3456::1',
  'fc00::1',
];
const NEVER = [
  ...['0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '192.0.0.192', '192.0.2.1'],
  ...['192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.9'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['100.100.100.200', '168.63.129.16'],
  ...['::', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'fd00:ec2::254', '100::1'],
  ...['2001:db8::1', '2001::1', '2001:10::1', '3fff::1', '64:ff9b:1::a00:1', '5f00::1'],
  ...['', 'localhost', '127.1', '0177.0.0.1', '[::1]', '1.2.3.4.5', '::1%lo'],
];
const PUBLIC = ['1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '2a00:1450::1'];

test('loopback, private and shared networks are inside; what no endpoint can have is never called', () => {
  for (const one of [...INSIDE, ...INSIDE_TOO]) assert.is(rangeOf(one), 'inside', one);
  for (const one of NEVER) assert.is(rangeOf(one), 'never', one);
  for (const one of PUBLIC) assert.is(rangeOf(one), 'public', one);
});

const hex = (a: number, b: number) => ((a << 8) | b).toString(16);

test('law: an IPv4 address inside an IPv6 one is never called, whichever it is and however it is written', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      const [dotted, high, low] = [`${a}.${b}.${c}.${d}`, hex(a, b), hex(c, d)];
      const forms = [
        ...[`::ffff:${dotted}`, `::ffff:${high}:${low}`, `0:0:0:0:0:ffff:${high}:${low}`],
        ...[`::ffff:0:${high}:${low}`, `64:ff9b::${high}:${low}`, `64:ff9b:1::${high}:${low}`],
        ...[`2002:${high}:${low}::1`, `2001:0:${high}:${low}::1`],
      ];
      for (const form of forms) assert.is(rangeOf(form), 'never', form);
      // The oldest form of all; ::1 is written like one, and is loopback.
      assert.is.not(rangeOf(`::${high}:${low}`), 'public');
      for (const form of forms) assert.throws(() => readTarget(`https://[${form}]/`, true), isBad);
    }),
    { numRuns: 300 },
  );
});

test('law: of IPv6 nothing passes that is not listed as public', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const first = Number.parseInt(address.split(':')[0] || '0', 16);
      if (rangeOf(address) === 'public') assert.is(first >> 13, 1, address);
    }),
    { numRuns: 500 },
  );
});

test('law: octal, hexadecimal, short and whole numbers are the address that they would lead to', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, (b, c, d) => {
      const number = ((127 << 24) | (b << 16) | (c << 8) | d) >>> 0;
      const forms = [
        ...[`0177.${b}.${c}.${d}`, `0x7f.${b}.${c}.${d}`, `127.${(b << 16) | (c << 8) | d}`],
        ...[
          `${number}`,
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `127.${b}.${(c << 8) | d}`,
        ],
      ];
      for (const form of forms) {
        assert.throws(() => readTarget(`https://${form}/`, false), isBad, form);
        assert.is(readTarget(`https://${form}/`, true).host, `127.${b}.${c}.${d}`);
      }
    }),
    { numRuns: 200 },
  );
});

const isBad = (error: unknown) => error instanceof BadEndpoint;

test('https only, no credentials, no query, and not the port of another service', () => {
  const bad = [
    ...[
      'http://vt.example/',
      'https://u:p@vt.example/',
      'https://u@vt.example/',
      'ftp://vt.example/',
    ],
    ...['https://vt.example/?t=1', 'https://vt.example/#x', 'https://vt.example/?', 'vt.example'],
    ...['https://vt.example:22/', 'https://vt.example:80/', 'https://vt.example:1023/'],
    ...[
      'https://vt.example:0/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[fe80::1]/',
    ],
    ...['https://127.1/', 'https://①②⑦.1/', 'https://[::]/', 'https://0/', ''],
  ];
  for (const url of bad) assert.throws(() => readTarget(url, false), isBad, url);
  assert.equal(readTarget('https://VT.example./In/Post', false), {
    ...{ host: 'vt.example', port: 443, path: '/In/Post', literal: false },
  });
  assert.is(readTarget('https://[::1]:8443/', true).host, '::1');
  assert.throws(() => readTarget('https://169.254.169.254/', true), isBad);
  assert.throws(() => readTarget('https://[fd00:ec2::254]/', true), isBad);
});

test.run();
