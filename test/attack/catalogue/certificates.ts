/** Certificates and their revocation: rows X of the design's catalogue, and what was added to them. */
import type { Row } from './row.ts';

export const CERTIFICATE_ROWS = [
  {
    id: 'X1',
    attack: 'a leaf issues a certificate; an issuer is shown as a leaf',
    outcome: 'only pinned issuers sign; nothing a stranger sends is built upon',
    codes: ['certificate-unsuitable', 'certificate-untrusted'],
    tests: [
      'certs/truststore › a leaf cannot issue',
      'certs/cases › certificate: a CA as leaf',
      'certs/cases › certificate: a leaf as CA',
    ],
  },
  {
    id: 'X2',
    attack: 'path length, an unknown critical extension, name constraints',
    outcome:
      'pins that cannot be built on are told at loading; an extension that we do not know forbids all use',
    codes: ['certificate-unsuitable'],
    tests: [
      'certs/truststore › a critical extension that we do not know forbids all use',
      'certs/truststore › pins that cannot be built on are told at loading',
      'certs/cases › certificate: unknown critical extension',
    ],
  },
  {
    id: 'X3',
    attack: 'a CRL for a part, of changes, indirect, or for some reasons',
    outcome: 'not taken; the list that was held stays until it is stale',
    codes: ['revocation-unknown'],
    tests: [
      'certs/revocation › a list for a part, a list of changes, and what we do not understand are not taken',
      'certs/cases › revocation list: narrower scope (issuingDistributionPoint) is refused, whatever it says',
      'certs/cases › revocation list: delta',
    ],
  },
  {
    id: 'X4',
    attack:
      'ASN.1 of which two readings exist: long or open lengths, twice the same extension, bytes behind the end, lenient signatures',
    outcome: 'DER to the letter; what OpenSSL and our reader do not both read is refused',
    codes: ['malformed'],
    tests: [
      'certs/certificate › DER: lengths that are open, long-winded or too large are refused',
      'certs/certificate › an extension that stands twice, or bytes after the end, make it unreadable',
      'certs/certificate › whatever is not a certificate is refused, without a crash',
    ],
  },
  {
    id: 'X5',
    attack: 'a policy tree that grows without end',
    absent:
      'no policy tree is ever built: chains are pinned, and a leaf must itself carry one of the listed policies',
  },
  {
    id: 'X6',
    attack:
      'a revoked certificate, used inbound or outbound, in a message, a receipt or an open session',
    outcome: 'refused on both sides and on connections that are open already',
    codes: ['certificate-revoked', 'not-authenticated'],
    tests: [
      'router/refusing › a revoked certificate is refused from the moment the list is here',
      'adapters/door › a router whose certificate was revoked is not spoken to',
      'router/door/through › a TLS certificate that is revoked closes the door within seconds, on open connections too',
      'certs/truststore › a revoked issuer takes its leaves with it',
      'certs/open-connections › an adapter leaves a router whose certificate is revoked, on open connections and in a long poll',
    ],
  },
  {
    id: 'X7',
    attack: 'certificates that name lists of the attacker, to fill or steer the set of lists',
    outcome: 'lists come from the configuration alone, for pinned issuers alone',
    codes: ['certificate-untrusted'],
    tests: [
      'certs/revocation › lists come over http too, from the configured address and nowhere else',
      'certs/revocation › a list that another signed, or that was changed, is not taken',
      'certs/cases › revocation list: by another issuer',
    ],
  },
  {
    id: 'X8',
    attack:
      'a list that is used until its own nextUpdate, a year ahead; an older list brought back',
    outcome:
      'four hours at most, and never back to an older list while it runs, of an adapter also over a restart by what its last messages rested on; then nothing is known and all may come again',
    codes: ['revocation-unknown'],
    tests: [
      'certs/revocation › a list counts until nextUpdate, and at most four hours after it was made and fetched',
      'certs/revocation › an older list does not take back a revocation',
      'certs/revocation › over a restart an older list does not come back either, while the later one is not stale',
      'adapters/receiving › a revocation that a message rested on is known after a restart, also when an older list is brought back',
      'certs/cases › revocation list: one from before does not come back, by its time or by its number',
      'certs/cases › revocation list: swapped while running, in both directions',
      'certs/cases › revocation list: missing',
      'router/refusing › when lists of revocation are too old it is not known, and may be tried again',
    ],
  },
  {
    id: 'X9',
    attack: 'a distribution point that points into the internal network',
    outcome: 'no address in a certificate is ever followed',
    codes: ['certificate-untrusted'],
    tests: [
      'certs/cases › certificate: addresses in it (AIA, distribution points) are never followed, qcStatements mean nothing',
      'certs/revocation › lists come over http too, from the configured address and nowhere else',
    ],
  },
  {
    id: 'X10',
    attack:
      'a certificate of its own making under a true name; the true one of another; one not registered; one for another use',
    outcome: 'not in the register is not used, however good; an OIN must be that of the signer',
    codes: ['certificate-unknown', 'issuer-mismatch'],
    tests: [
      'certs/truststore › a stranger who signs himself, under the true name of an agency or an issuer, is not trusted',
      'certs/cases › certificate: for another use',
      'certs/cases › certificate: wrong policy',
      'certs/cases › certificate: wrong usage',
      'certs/truststore › another authority with the same names is not trusted, nor is an issuer above the pinned one',
      'router/refusing › a certificate that is not registered, or not for signing, does not count',
    ],
  },
  {
    id: 'X11',
    attack: 'a certificate that has ended, or is not yet valid',
    outcome: 'it must hold at signing and at first receipt',
    codes: ['certificate-expired'],
    tests: ['certs/truststore › it must have been in force when it was used and when it was seen'],
  },
  {
    id: 'X12',
    attack:
      'TLS of long ago, weak suites, small curves, SHA-1, renegotiation, a session resumed by another',
    outcome: 'no connection; a resumed session is judged like a new one',
    codes: ['(no connection)'],
    tests: [
      'router/door/tls › 1.3 is preferred, 1.2 works, older is refused',
      'router/door/tls › in 1.2 only suites with forward secrecy and authenticated encryption, in our order',
      'router/door/tls › a signature over SHA-1 or a curve that is too small is refused',
      'router/door/tls › nobody renegotiates',
      'router/door/entering › a session that is taken up again is still known by its certificate',
      'certs/open-connections › a resumed TLS session is judged like a new one',
    ],
  },
] as const satisfies readonly Row[];
