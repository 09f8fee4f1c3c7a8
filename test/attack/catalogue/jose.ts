/** Signatures, seals and JSON: rows J of the design's catalogue, and L for what was added. */
import type { Row } from './row.ts';

export const JOSE_ROWS = [
  {
    id: 'J1',
    attack: 'a message that says `alg: none`',
    outcome: 'refused before a key is looked for',
    codes: ['algorithm-not-allowed'],
    tests: [
      'attack/jose › J1 a message that says alg none',
      'vectors/wycheproof › all 649 cases are run, and nothing is accepted that should not be',
    ],
  },
  {
    id: 'J2',
    attack: 'a public key used as the secret of an HMAC; the algorithm of another kind of key',
    outcome: 'the key in the register decides the algorithm, and HS* is on no list',
    codes: ['algorithm-not-allowed'],
    tests: [
      'attack/jose › J2 a public key used as the secret of an HMAC',
      'attack/jose › J2 an algorithm of another key, and others that are not on the list',
      'certs/sign › no other algorithm, and none that the key does not do',
      'vectors/wycheproof › all 649 cases are run, and nothing is accepted that should not be',
    ],
  },
  {
    id: 'J3',
    attack: 'a key that the message brings along (`jwk`, `jku`, `x5u`, `x5c`)',
    outcome: 'no such header is known; keys come from the register alone',
    codes: ['algorithm-not-allowed'],
    tests: [
      'attack/jose › J3 a key that the message brings along',
      'certs/sign › a certificate that is not known is not looked for elsewhere',
    ],
  },
  {
    id: 'J4',
    attack: 'a `crit` that nobody understands; `b64: false`',
    outcome: 'a header has exactly its known names',
    codes: ['algorithm-not-allowed'],
    tests: ['attack/jose › J4 extensions that must be understood, and b64'],
  },
  {
    id: 'J5',
    attack: 'the psychic signature: r and s zero, or at the order of the group',
    outcome: 'OpenSSL refuses it; no certificate counts with it',
    codes: ['signature-invalid'],
    tests: [
      'attack/jose › J5 the psychic signature, and its sisters at the edge of the group',
      'vectors/wycheproof › all 649 cases are run, and nothing is accepted that should not be',
    ],
  },
  {
    id: 'J6',
    attack: 'an ephemeral key of ECDH-ES that does not lie on the curve',
    outcome: 'the agreement refuses the point',
    codes: ['decryption-failed'],
    tests: [
      'attack/jose › J6 an ephemeral key that is not on the curve',
      'certs/seal › an ephemeral key off the curve, of another shape or with a private part is refused',
      'vectors/wycheproof › all 649 cases are run, and nothing is accepted that should not be',
    ],
  },
  {
    id: 'J7',
    attack: 'RSA1_5 and other wrapping with an oracle; asking what exactly is wrong inside a seal',
    outcome: 'not on the list; and every broken seal has the same answer to the letter',
    codes: ['algorithm-not-allowed', 'decryption-failed'],
    tests: [
      'attack/jose › J7 wrapping that has an oracle, or none at all',
      'attack/jose › J7 whatever is wrong inside a seal, the answer is the same to the letter',
      'certs/seal › every cause of failure to decrypt looks the same',
    ],
  },
  {
    id: 'J8',
    attack: 'a seal that asks to be unpacked (`zip`)',
    outcome: 'nothing is ever unpacked',
    codes: ['algorithm-not-allowed'],
    tests: ['attack/jose › J8 a seal that asks to be unpacked'],
  },
  {
    id: 'J9',
    attack: 'PBES2 with two thousand million rounds',
    outcome: 'not on the list, and answered at once',
    codes: ['algorithm-not-allowed'],
    tests: ['attack/jose › J9 a password that costs a million rounds'],
  },
  {
    id: 'J10',
    attack:
      'base64url with padding, spaces, other alphabets, or bits that nobody reads, in each part of both layers',
    outcome: 'one spelling only',
    codes: ['malformed'],
    tests: [
      'attack/jose › J10 base64url that is not canonical, in each part of both layers',
      'schemas/read › base64url has one spelling: what Buffer writes, and nothing else',
      'vectors/wycheproof › all 649 cases are run, and nothing is accepted that should not be',
    ],
  },
  {
    id: 'J11',
    attack:
      'weak keys: exponent 1, ROCA, fewer than 2048 bits, other curves, a key for another use',
    outcome: 'not admitted to the register, and judged again at each use',
    codes: ['certificate-unsuitable'],
    tests: [
      'certs/truststore › keys that are too weak are refused',
      'certs/certificate › a modulus of the flawed generator is known, a sound one is not taken for it',
      'certs/truststore › key usage, purpose and policy must all fit',
      'router/registry › what could never work is not signed, and everything wrong is said at once',
    ],
  },
  {
    id: 'J12',
    attack:
      'the other signature that fits the same bytes (ECDSA: s and n − s; Ed25519 is not on the list)',
    outcome: 'identity is (sender, id) and the digest of what was signed: no second message',
    codes: ['id-reused'],
    tests: [
      'attack/jose › J12 the other signature that fits the same bytes does not make a second message',
    ],
  },
  {
    id: 'J13',
    attack: 'names that stand twice, plain or escaped, at any depth of envelope, headers and body',
    outcome: 'refused; what was signed is passed on byte for byte and never written anew',
    codes: ['malformed'],
    tests: [
      'attack/jose › J13 names that stand twice, at every depth of envelope, header and body',
      'schemas/read › it refuses a name that stands twice in one object, at any depth and in any spelling',
      'router/path › an urgent report about Heusden reaches Veilig Thuis Midden-Brabant, byte for byte',
    ],
  },
  {
    id: 'J14',
    attack: 'HTTP headers that contradict what was signed, or that claim to be somebody else',
    outcome:
      'the hint must equal the signed value; who the peer is comes from TLS and the register',
    codes: ['bad-request', 'issuer-mismatch'],
    tests: [
      'attack/jose › J14 what HTTP says beside the signature must agree, and cannot replace it',
      'router/refusing › the hint of the door must be the signed priority; a wrong one burns no id',
    ],
  },
  {
    id: 'J15',
    attack: 'a recipient passes on what it received, as if it were its own or meant for another',
    outcome: 'the signature names sender and recipients, the note of the router the copy',
    codes: ['issuer-mismatch'],
    tests: [
      'attack/jose › J15 a recipient does not pass on what it received as if it were its own',
      'adapters/tampering › a delivery of another agency, given on as ours, is not taken',
    ],
  },
  {
    id: 'J16',
    attack: 'the same bytes again, also after a crash of the broker and over two pipelines',
    outcome: 'the same receipt, marked as repeated, and no second copy',
    codes: ['aanvaard'],
    tests: [
      'attack/jose › J16 a replay after a crash of the broker gives the same receipt and no second copy',
      'router/repeating › twenty at once, over two pipelines, give one delivery and one receipt',
      'adapters/receiving › a message from long ago is a replay',
    ],
  },
  {
    id: 'J17',
    attack: '`__proto__`, `constructor` and their kin as names in header, envelope and body',
    outcome: 'unknown members; nothing is taken from a prototype, and no prototype changes',
    codes: ['algorithm-not-allowed', 'schema-invalid'],
    tests: [
      'attack/jose › J17 members that are named after what every object inherits',
      'attack/jose › J17 what must be there is not taken from a prototype',
      'schemas/wire › what a message inherits does not count: a prototype is not its own member',
    ],
  },
  {
    id: 'J18',
    attack: 'texts that make a pattern run away; schemas as code',
    outcome:
      'every pattern and format ends at once; the schemas are ours alone, none comes in from outside',
    codes: ['schema-invalid'],
    tests: ['attack/parsers › J18 no pattern and no format can be made to run away'],
  },
  {
    id: 'J19',
    attack:
      'dates that readers hold differently: hour 24, half an offset, 30 February, other digits',
    outcome: 'one form only',
    codes: ['schema-invalid'],
    tests: [
      'attack/parsers › J19 dates that readers hold differently',
      'schemas/wire › formats refuse what two readers could read differently',
    ],
  },
  {
    id: 'L1',
    attack:
      'numbers that readers hold differently: beyond a double, beyond 2^53, in other notations',
    outcome: 'a number that a double cannot hold exactly is refused; a time is a whole number',
    codes: ['malformed', 'schema-invalid'],
    tests: ['attack/parsers › L1 numbers that readers hold differently'],
  },
  {
    id: 'L2',
    attack:
      'text that readers hold differently: marks, half characters, surrogates, other digits, comments',
    outcome: 'UTF-8 and JSON to the letter, ids in ASCII only',
    codes: ['issuer-mismatch', 'malformed'],
    tests: [
      'attack/parsers › L2 text that readers hold differently',
      'schemas/ids › a line end, another alphabet or the wrong case is refused',
    ],
  },
  {
    id: 'L3',
    attack: 'documents that are deep, huge or of many members, names or faults',
    outcome: 'refused within seconds and some megabytes, with a bounded answer',
    codes: ['malformed', 'schema-invalid', 'too-large'],
    tests: [
      'attack/parsers › L3 deep, huge and many-membered documents are refused in bounded time and memory',
      'schemas/read › hostile texts of the greatest length are judged in bounded time',
    ],
  },
  {
    id: 'L4',
    attack: 'objects in the place of texts, which break whoever makes a text of them',
    outcome: 'refused by the schema; no rule makes a text of what is none',
    codes: ['schema-invalid'],
    tests: [
      'attack/parsers › L4 values that cannot be made into text are refused, and are no fault of ours',
    ],
  },
] as const satisfies readonly Row[];
