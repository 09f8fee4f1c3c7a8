/** The JSON Schema of adapter.yaml: keys, defaults and, in `description`, what docs/configuration.md says of each. */
import { identitySchema, trustSchema } from '../../certs/config.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import { LOG_LEVELS } from '../log.ts';

const text = (description: string) => ({ type: 'string', minLength: 1, description }) as const;
const oin = (description: string) =>
  ({ type: 'string', pattern: PATTERNS.oin, description }) as const;
const whole = (description: string, fallback: number, minimum: number, maximum: number) =>
  ({ type: 'integer', minimum, maximum, default: fallback, description }) as const;
const closed = (
  description: string,
  properties: Record<string, object>,
  required: readonly string[] = [],
) => ({ type: 'object', additionalProperties: false, description, properties, required }) as const;

const registrar = closed(
  'Who signs the register of agencies',
  {
    oin: oin('OIN of the registrar'),
    certificates: {
      type: 'array',
      minItems: 1,
      items: text('PEM file'),
      description: 'Pinned certificates for authenticity of the registrar, newest first',
    },
  },
  ['oin', 'certificates'],
);

const router = closed(
  'The router that this agency is connected to',
  {
    url: { type: 'string', pattern: '^https://[^/?#]+/?$', description: 'Address of its door' },
    oin: oin('OIN of its operator: the TLS certificate and every receipt must bear it'),
    waitSeconds: whole('How long a poll of the mailbox waits for something to come', 30, 1, 60),
  },
  ['url', 'oin'],
);

const store = closed(
  'Outbox and inbox',
  {
    path: text('The SQLite database; made when it is not there'),
    alone: {
      type: 'boolean',
      default: true,
      description:
        'Whether this is the only store of the agency. False where two adapters of one agency run at once: what the other took is then not told as missing',
    },
    maxBytes: {
      type: 'integer',
      minimum: 1_000_000,
      description:
        'How large it may become; then nothing more is taken in, with the code storage-full. As the disk allows when absent',
    },
    keyFile: text(
      'The key it is encrypted with (32 bytes in base64, mode 0600); made together with a new database. Keep a copy elsewhere: without it the database cannot be read',
    ),
  },
  ['path', 'keyFile'],
);

/** The alternatives of a key source are spelled out where keys are described. */
const keySource = identitySchema.properties.tls;

const rest = closed(
  "The local interface for the agency's own systems",
  {
    host: {
      ...text('Address to listen on; anything but loopback should have tls'),
      default: '127.0.0.1',
    },
    port: whole('Port to listen on; 0 takes a free one', 0, 0, 65_535),
    tokenFile: text('The bearer token (mode 0600); made when it is not there'),
    tls: { ...keySource, description: 'Key and certificate to serve HTTPS with' },
  },
  ['tokenFile'],
);

const gegevens = closed(
  'What events point to (`dataref`): where other agencies fetch it from us, and we from them',
  {
    host: {
      ...text('Address to listen on: that which `gegevensadres` in the register leads to'),
      default: '0.0.0.0',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65_535,
      description:
        'Port to listen on, for other agencies alone (mutual TLS); nothing is served when absent',
    },
    tls: {
      ...keySource,
      description:
        'Key and certificate to serve with, one that the register lists for TLS; identity.tls when absent',
    },
    insideHosts: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string', pattern: '^[a-z0-9.:-]+$', maxLength: 253 },
      default: [],
      description:
        'Hosts of other agencies that may have an address inside a network of yours; of all others only public addresses are called',
    },
    keepDisclosuresYears: whole(
      'How long it is kept who asked how a case of yours stands, and what came of it: until it has been audited',
      5,
      1,
      30,
    ),
    keepClosedDays: whole(
      'How long it may still be fetched how a case stands that you told is closed; then it is removed here',
      30,
      0,
      366,
    ),
  },
);

const folder = closed(
  'Exchange by folder: uit/, in/, verzonden/, fout/, alarm/',
  {
    path: text('The folder; made when it is not there'),
    pollSeconds: whole('How often it is looked at', 2, 1, 3600),
  },
  ['path'],
);

const webhook = closed(
  "Hands received messages over to the agency's own system",
  {
    url: {
      type: 'string',
      // In clear only to this very machine: personal data goes there.
      pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?(/|$))',
      description: 'Where to POST; https, or http on this machine. Redirects are not followed',
    },
    timeoutSeconds: whole('How long to wait for the answer', 10, 1, 120),
    alarmUrl: {
      type: 'string',
      pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?(/|$))',
      description: 'Where to POST alarms; `url` when absent',
    },
    tokenFile: text('Bearer token to send along'),
    caFile: text('PEM file with the issuer of its certificate, when that is not a public one'),
  },
  ['url'],
);

const alarms = {
  ...closed('When people are told that an urgent message waits', {
    undeliveredSeconds: whole(
      'How long an urgent message may wait until every recipient is known to have it',
      600,
      1,
      86_400,
    ),
    unprocessedSeconds: whole(
      'How long an urgent report may lie in the inbox until it is taken over or rejected',
      1800,
      1,
      86_400,
    ),
  }),
  default: {},
} as const;

const longestWaitSeconds = {
  type: 'integer',
  minimum: 1,
  maximum: 3600,
  description:
    'No wait between two tries (an offer, a receipt, the webhook, a poll that failed) is longer; waits grow to an hour when absent',
} as const;

const radar = {
  type: 'boolean',
  description:
    'Whether reports (vt-melding) about the same people or household are pointed out to one another, here and nowhere else. As the register says when absent: on for a Veilig Thuis, off for others. Off, all traces of it are removed',
} as const;

const agency = closed(
  'One agency: its keys, whom it trusts, its store and its connectors',
  {
    ...{ identity: identitySchema, trust: trustSchema, registrar, router, store },
    ...{ rest, gegevens, folder, webhook, alarms, radar, longestWaitSeconds },
  },
  ['identity', 'trust', 'registrar', 'router', 'store'],
);

const log = {
  ...closed('The log, JSON lines on standard error', {
    level: {
      type: 'string',
      enum: LOG_LEVELS,
      default: 'info',
      description: 'The least that is written',
    },
  }),
  default: {},
} as const;

export const ADAPTER_CONFIG_SCHEMA = closed(
  'adapter.yaml',
  {
    log,
    agencies: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: agency,
      description: 'The agencies that this process serves; none can see another',
    },
  },
  ['agencies'],
);
