/**
 * Every command of the command line, by group and family: what `ketenpost --help` shows. Rooms define the
 * commands; this table only names them, so that help needs no room to be loaded. A test holds the
 * table equal to what the rooms export.
 */
import { AGENCY } from './commands-agency.ts';
import { commandsIn, group, type Listed, longestFit, wordsOf } from './find-command.ts';

type Load = Listed['load'];
const router: Load = () => import('./router/commands/router.ts');
const adapter: Load = () => import('./adapters/commands/adapter.ts');
const policy: Load = () => import('./router/commands/policy.ts');
const showLedger: Load = () => import('./router/commands/ledger-show.ts');
const certs: Load = () => import('./certs/commands/certs.ts');
const registry: Load = () => import('./router/commands/registry.ts');

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
  ...AGENCY,
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
    'The router and its broker, every day',
    {
      deadletters: 'submissions that were parked',
      ledger: 'what was decided and done',
      broker: 'nats-server, its settings and streams',
    },
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
    ],
  ),
  ...group('Certificates and keys', { certs: 'in use, and for development' }, [
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
