/** What events point to: given by an adapter to other agencies, and fetched by one. Rows G. */
import type { Row } from './row.ts';

export const DATAREF_ROWS = [
  {
    id: 'G1',
    attack: 'whoever has the address of a case asks how it stands',
    outcome:
      'no answer without a certificate of the chain; no entry without one that the register lists, for an agency in force; each refusal recorded',
    codes: ['not-authenticated'],
    tests: [
      'adapters/dataref › without a certificate of the chain there is no answer at all; other paths and methods find nothing',
      'adapters/dataref › an agency that is suspended, or whose certificate the register lists no longer, is not let in',
      'adapters/dataref › a certificate that was revoked lets nobody in any more, on either side',
    ],
  },
  {
    id: 'G2',
    attack:
      'an agency looks for cases that it was not told of, or has no task in, or that another was told of whose mandate it has',
    outcome: 'the same answer as for a case that is not there, and recorded',
    codes: ['not-found', 'too-many-requests'],
    tests: [
      'adapters/dataref › who was not told, whom the matrix does not name, and a case that is not there: one and the same no',
      'adapters/dataref › on a basis that does not reach the one who asks it is not given',
      'adapters/dataref › a mandate lets nobody fetch for another: judged and recorded is who shows the certificate',
      'adapters/dataref › who was told more than a year ago must be told again',
      'adapters/dataref/visits › 120 times in a minute; of those too many the first is told apart, so that it is recorded',
    ],
  },
  {
    id: 'G3',
    attack: 'asking while nothing can be recorded, or nobody can say who one is',
    outcome: 'nothing is given',
    codes: ['temporarily-unavailable'],
    tests: [
      'adapters/dataref › what cannot be recorded is not given',
      'adapters/dataref › while the register cannot be asked nothing is given, and it is said to try again',
    ],
  },
  {
    id: 'G4',
    attack:
      'an event that points to a system inside, to the metadata of a cloud, or past its address',
    outcome:
      'only below the address that the registrar signed for that source, and only to public addresses, unless the own configuration names the host',
    codes: ['source-not-trusted'],
    tests: [
      'adapters/dataref › an event that points elsewhere than the register says is not followed',
      'adapters/dataref › a host with an address inside is not called, unless our own configuration names it',
    ],
  },
  {
    id: 'G5',
    attack:
      'somebody else answers in the place of the source, or the source sends elsewhere, or too much',
    outcome:
      'nothing is asked of a server with the certificate of another; no redirect is followed',
    codes: ['source-not-trusted', 'source-unreachable', 'too-large'],
    tests: [
      'adapters/dataref › who shows the certificate of another, sends elsewhere or sends too much, is not listened to',
    ],
  },
] as const satisfies readonly Row[];
