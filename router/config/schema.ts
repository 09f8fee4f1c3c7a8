/** The JSON Schema of router.yaml: keys, defaults and, in `description`, what docs/configuration.md says of each. */
import { identitySchema, trustSchema } from '../../certs/config.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import { ALARM_DEFAULTS } from '../deadlines/settings.ts';
import { DOOR_SCHEMA } from '../door/settings.ts';
import { LOG_LEVELS } from '../log.ts';
import { MAILBOX_DEFAULTS } from '../mailboxes/limit.ts';

const text = (description: string) => ({ type: 'string', minLength: 1, description }) as const;
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
    oin: { type: 'string', pattern: PATTERNS.oin, description: 'OIN of the registrar' },
    certificates: {
      type: 'array',
      minItems: 1,
      items: text('PEM file'),
      description: 'Pinned certificates for authenticity of the registrar, newest first',
    },
    lowestVersion: whole(
      'No register below this version is taken, whatever the broker shows',
      0,
      0,
      1_000_000_000,
    ),
  },
  ['oin', 'certificates'],
);

const broker = closed(
  'The NATS servers behind the router',
  {
    servers: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^tls://[^/]+:[0-9]+$' },
      description: 'Addresses, such as tls://localhost:4222',
    },
    ca: text('PEM file with the certificate that the servers descend from'),
    credentials: closed('Files with nkey seeds, one for each role', {
      door: text('Seed file of the door'),
      pipeline: text('Seed file of the pipeline'),
      admin: text('Seed file for the command line'),
    }),
    replicas: whole('How many servers keep each stream: 3 in a cluster', 1, 1, 5),
    insecure: {
      type: 'boolean',
      default: false,
      description: 'Run on a broker that cannot prove that it writes to disk at once',
    },
  },
  ['servers', 'ca', 'credentials'],
);

const UNDER_WORK =
  'Folder for notes of what is under work, so that a message on which pipelines die is found out; when absent none are kept';

const pipeline = {
  ...closed('How much the pipeline takes on', {
    inFlight: whole('Messages worked on at the same time', 32, 1, 1024),
    waiting: whole('Messages that may wait; more are told to come back', 1000, 1, 100_000),
    underWork: text(UNDER_WORK),
    leaseSeconds: whole(
      'How long a copy that an adapter was given is left alone before it is given again',
      60,
      5,
      600,
    ),
  }),
  default: {},
} as const;

const alarm = {
  ...closed('When an urgent message raises an alarm to sender and recipient; 0 = never', {
    deliveredMinutes: whole(
      'Minutes after its acceptance in which a copy must be in the hands of its recipient',
      ALARM_DEFAULTS.deliveredMinutes,
      0,
      10_080,
    ),
    processedMinutes: whole(
      'Minutes after its delivery in which a copy must be taken over or rejected',
      ALARM_DEFAULTS.processedMinutes,
      0,
      10_080,
    ),
  }),
  default: {},
} as const;

const mailbox = {
  ...closed('When a mailbox takes no new messages; receipts and alarms always get in', {
    items: whole('Items in one mailbox', MAILBOX_DEFAULTS.items, 1, 10_000_000),
    bytes: whole('Bytes in one mailbox', MAILBOX_DEFAULTS.bytes, 1_000_000, 1024 ** 4),
    retrySeconds: whole(
      'Seconds after which a sender is told to come again',
      MAILBOX_DEFAULTS.retrySeconds,
      1,
      86_400,
    ),
  }),
  default: {},
} as const;

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

export const ROUTER_CONFIG_SCHEMA = closed(
  'router.yaml',
  {
    identity: identitySchema,
    trust: trustSchema,
    registrar,
    broker,
    door: DOOR_SCHEMA,
    pipeline,
    alarm,
    mailbox,
    log,
  },
  ['identity', 'trust', 'registrar', 'broker'],
);
