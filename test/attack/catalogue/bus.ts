/** The broker: rows N are advisories about nats-server, in the order of the design's list; B what else may be tried there. */
import type { Row } from './row.ts';

export const BUS_ROWS = [
  {
    id: 'N1',
    attack: 'CVE-2022-24450: a user of one account steps into another',
    outcome: 'the pipeline cannot reach the system account, and the server is newer',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N2',
    attack: 'CVE-2023-47090: no credentials are asked for beside a system account',
    outcome: 'users stand in accounts; who shows nothing does not get in',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N3',
    attack: 'CVE-2025-30215: rights on JetStream that reach the streams of other accounts',
    outcome: 'one account has JetStream, and no role may purge or delete a stream',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N4',
    attack: 'CVE-2026-27889: a frame over WebSocket ends the server',
    outcome: 'there is no such listener',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N5',
    attack: 'CVE-2026-29785: compression between leaf nodes ends the server',
    outcome: 'there is no such listener',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N6',
    attack: 'CVE-2026-33222: a stream is restored over another',
    outcome: 'no role may restore',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N7',
    attack: 'CVE-2026-33248: names of certificates that are mapped to users',
    outcome: 'no name is mapped: users prove themselves with keys',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N8',
    attack: 'NATS-2026-16: a route or leaf node without credentials, by `no_auth_user`',
    outcome: 'not set; who shows nothing does not get in',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
    ],
  },
  {
    id: 'N9',
    attack: 'NATS-2026-18: a queue subscription passes by what is denied',
    outcome: 'rights are lists of what is allowed; nothing rests on deny',
    codes: ['(not there)'],
    tests: [
      'attack/broker › what it is about is not in the generated settings',
      'router/bus/settings › no seed stands in the settings, and none of the listeners that had holes',
      'attack/broker › B2 each role listens to what is not its own, with wildcards and in queues',
    ],
  },
  {
    id: 'B1',
    attack:
      'a role publishes to what belongs to others, and to every verb of JetStream and of the system account',
    outcome: 'refused by the broker: everything that is not in the table of rights',
    codes: ['(permissions violation)'],
    tests: [
      'attack/broker › B1 each role publishes to every subject that is not its own, and to every verb of JetStream',
      'router/bus/rights › may publish what its table says, and the broker refuses it the rest',
      'router/bus/rights › the door has nothing of JetStream: not even with a queue group or a made-up answer',
    ],
  },
  {
    id: 'B2',
    attack: 'a role listens in on others: wildcards, their inboxes, queues',
    outcome: 'refused by the broker',
    codes: ['(permissions violation)'],
    tests: [
      'attack/broker › B2 each role listens to what is not its own, with wildcards and in queues',
      'router/bus/rights › may listen to what its table says, and to nobody',
    ],
  },
  {
    id: 'B3',
    attack: 'verbs that nobody needs: restore, purge, delete, snapshot',
    outcome: 'no role has one; the door has nothing of JetStream at all',
    codes: ['(permissions violation)'],
    tests: [
      'attack/broker › B3 nobody has a verb that can restore, purge, delete or snapshot a stream; the door has none at all',
      'router/bus/settings › only what must be erasable is; nothing can be purged',
    ],
  },
  {
    id: 'B4',
    attack: 'no seed, a strange seed, another authority, no TLS',
    outcome: 'nobody gets in',
    codes: ['(no connection)'],
    tests: [
      'router/bus/rights › nobody gets in without a seed, with a strange seed, or without trusting the right authority',
      'router/bus/rights › the broker speaks TLS only',
      'attack/broker › the broker listens to nothing but TLS on one port',
    ],
  },
  {
    id: 'B5',
    attack: 'a server with known holes, or one that loses what it acknowledged',
    outcome:
      'the router names the advisories at its start, and refuses a broker that cannot prove its durability',
    codes: ['(refused or warned of)'],
    tests: [
      'router/bus/settings › an older one, one with default settings, or one such among many, is refused',
    ],
  },
] as const satisfies readonly Row[];
