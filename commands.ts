/**
 * Every command of the command line, by group and family: what `ketenpost --help` shows. Rooms define the
 * commands; this table only names them, so that help needs no room to be loaded. A test holds the
 * table equal to what the rooms export.
 */
import { commandsIn, group, type Listed, longestFit, wordsOf } from './find-command.ts';

type Load = Listed['load'];
const router: Load = () => import('./router/commands/router.ts');
const adapter: Load = () => import('./adapters/commands/adapter.ts');
const track: Load = () => import('./adapters/commands/track.ts');
const pastRetention: Load = () => import('./adapters/commands/past-retention.ts');
const rotateKey: Load = () => import('./adapters/commands/rotate-key.ts');
const verify: Load = () => import('./adapters/commands/verify.ts');
const policy: Load = () => import('./router/commands/policy.ts');
const showLedger: Load = () => import('./router/commands/ledger-show.ts');
const certs: Load = () => import('./certs/commands/certs.ts');
const registry: Load = () => import('./router/commands/registry.ts');
const alarms: Load = () => import('./adapters/commands/alarms.ts');
const terms: Load = () => import('./adapters/commands/terms.ts');
const handovers: Load = () => import('./adapters/commands/handovers.ts');
const storeCopy: Load = () => import('./adapters/commands/backup.ts');
const missing: Load = () => import('./adapters/commands/missing.ts');
const destroy: Load = () => import('./adapters/commands/destroy.ts');
const inbox: Load = () => import('./adapters/commands/inbox.ts');

const broker: Load = () => import('./router/commands/broker.ts');
const backup: Load = () => import('./router/commands/backup.ts');
const retention: Load = () => import('./router/commands/retention.ts');
const ledger: Load = () => import('./router/commands/ledger.ts');
const deadletters: Load = () => import('./router/commands/deadletters.ts');

export const COMMANDS: readonly Listed[] = [
  ...group('Run', {}, [
    ['router', 'run the router, or one of its roles, until it is told to stop', router],
    ['adapter', 'run the adapter of one or several agencies', adapter],
  ]),
  ...group('An agency, every day, through an adapter that runs', {}, [
    [
      'send <file>',
      'hand in a message: a body with --type, or a whole draft; - reads from stdin',
      () => import('./adapters/commands/send.ts'),
    ],
    ['track <id>', 'how far a sent message has come, as a line of time', track],
    ['inbox', 'what was received, urgent first', inbox],
    ['inbox read <sender> <id>', 'open a received message; that it was read is recorded', inbox],
    [
      'inbox ack <sender> <id>',
      'acknowledge a received message: the sender gets the receipt verwerkt',
      inbox,
    ],
    [
      'inbox reject <sender> <id>',
      'reject a received message: the sender gets the receipt afgewezen with the code',
      inbox,
    ],
    [
      'inbox old',
      'reports that are past the retention period, to be destroyed by a person',
      pastRetention,
    ],
    ['alarms', 'urgent messages that wait too long, and whom to telephone', alarms],
    ['alarms seen <id>', 'say that you have seen an alarm; it is recorded who did', alarms],
    ['terms', 'statutory clocks, and which have run out', terms],
    ['terms begin <term> <message>', 'a clock of yours begins', terms],
    ['terms extend <term> <message>', 'a clock of yours is made longer', terms],
    ['terms end <term> <message>', 'a clock of yours ends: it is done', terms],
    ['handovers', "what the agency's own systems did not take, and waits for a person", handovers],
    [
      'handovers redrive [messages...]',
      'hand over again what waits for a person; it is recorded who did it',
      handovers,
    ],
    ['missing', 'what came after the backup that was restored, and whom to ask for it', missing],
    [
      'missing done <message>',
      'say that a missing message is dealt with; it is recorded who did',
      missing,
    ],
  ]),
  ...group('An agency, what it keeps and can prove', { adapter: 'the store of an adapter' }, [
    [
      'destroy <message>',
      'destroy the content of a message for good, and prove that it is gone',
      destroy,
    ],
    ['destructions', 'what was destroyed, with the records that the agency signed', destroy],
    [
      'adapter backup',
      'copy the store, also of an adapter that runs; still encrypted, without its key',
      storeCopy,
    ],
    [
      'adapter restore <file>',
      'put a backup in place of the store of a stopped adapter',
      storeCopy,
    ],
    ['adapter rotate-key', 'encrypt the store of a stopped adapter under a new key', rotateKey],
    [
      'adapter evidence',
      'what came in, was refused, and is kept as proof of what somebody sent',
      () => import('./adapters/commands/evidence.ts'),
    ],
    [
      'adapter verify <sender> <id>',
      'prove a received message anew, as of the day that it came',
      verify,
    ],
    [
      'adapter witnesses',
      "export the checkpoints of the router's ledger that came with receipts",
      () => import('./adapters/commands/witnesses.ts'),
    ],
  ]),
  ...group('The register of agencies', { registry: 'who takes part' }, [
    ['registry list', 'show the agencies that are registered', registry],
    [
      'registry show <oin>',
      'show one agency with its certificates, as the registrar signed it',
      registry,
    ],
    ['registry diff <folder>', 'show what registry apply would change', registry],
    [
      'registry apply <folder>',
      'sign the agencies of a folder and make them the register',
      registry,
    ],
    [
      'registry rollback [version]',
      'bring back the content of an earlier version, as a new one',
      registry,
    ],
    [
      'registry suspend <oin>',
      'let an agency send and collect no longer; what is meant for it is kept',
      registry,
    ],
    ['registry resume <oin>', 'let a suspended agency send and collect again', registry],
    [
      'policy explain',
      'tell whether something may be sent, by which rule, and if not, why not',
      policy,
    ],
  ]),
  ...group(
    'The router, every day',
    { deadletters: 'submissions that were parked', ledger: 'what was decided and done' },
    [
      ['mailboxes', 'show what waits for whom', () => import('./router/commands/mailboxes.ts')],
      ['deadletters list', 'show the submissions that were parked, oldest first', deadletters],
      [
        'deadletters show <id>',
        'tell the story of one dead letter; its content stays sealed',
        deadletters,
      ],
      [
        'deadletters redrive [ids...]',
        'offer dead letters to the pipeline again; those that it settles are removed',
        deadletters,
      ],
      [
        'ledger verify',
        'prove the ledger: every entry, hash and signature, and what witnesses kept',
        ledger,
      ],
      [
        'ledger show',
        'show entries: the last ones, or all of one message, agency or kind',
        showLedger,
      ],
      [
        'ledger export <file>',
        'write the ledger and its chain to a new file, to verify or keep elsewhere',
        ledger,
      ],
      ['retention report', 'what is kept, for how long, and whether that is right', retention],
    ],
  ),
  ...group('The broker', { broker: 'nats-server, its settings and streams' }, [
    [
      'broker config',
      'write nats-server.conf and a seed for each role; seeds that are there are kept',
      broker,
    ],
    [
      'broker run <dir>',
      'run nats-server on those settings and make its streams, until told to stop',
      broker,
    ],
    [
      'broker streams',
      'make the streams that a broker lacks, and tell which are not as they should be',
      broker,
    ],
    [
      'broker check',
      'tell whether the broker is fit: versions, writes, copies, disk, advisories',
      broker,
    ],
    ['broker backup <dir>', 'copy a stopped broker into a new folder, without bodies', backup],
    ['broker restore <backup> <dir>', 'make a whole backup the store of a broker', backup],
  ]),
  ...group('Certificates and keys', { certs: 'those in use' }, [
    [
      'certs check',
      'judge every certificate in use, link by link, and warn of those that end',
      certs,
    ],
    [
      'certs request <use>',
      'make a new key, encrypted, and the request for its certificate',
      certs,
    ],
    ['certs rotate <use>', 'take a new key into use beside the old one, made here or given', certs],
  ]),
  ...group('Certificates, from a development authority', { certs: 'for development and tests' }, [
    [
      'certs init <dir>',
      'make a development authority: root, domain and issuing CA with their lists',
      certs,
    ],
    ['certs issue <dir> <oin> <name>', 'make keys and certificates for an agency', certs],
    [
      'certs revoke <dir> <certificate>',
      'revoke a certificate by file, serial number or thumbprint, and write the lists',
      certs,
    ],
    ['certs crl <dir>', 'write the revocation lists anew; they count for four hours', certs],
    [
      'certs show <file>',
      'show a certificate and the verdict on each link, or what an authority issued',
      certs,
    ],
  ]),
];

export { commandsIn, type Listed, wordsOf };

/** The entry whose words the command line begins with; the longest such. */
export const find = (argv: readonly string[], list: readonly Listed[] = COMMANDS) =>
  longestFit(argv, list);
