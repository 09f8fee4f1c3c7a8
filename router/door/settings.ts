/** The part `door` of router.yaml: its shape, its defaults and what each key means, in one place. */
import type { JsonSchema } from './openapi/json-schema.ts';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface DoorLimits {
  readonly bodyBytes: number;
  readonly connections: number;
  readonly connectionsPerAgency: number;
  readonly connectionsPerAddress: number;
  readonly strangers: number;
  readonly balancers: readonly string[];
  readonly handshakes: Rate;
  readonly submissionsAtOnce: number;
  readonly submissionsPerAgency: number;
  readonly pollsPerAgency: number;
  readonly normal: Rate;
  readonly urgent: Rate;
  readonly other: Rate;
}

export interface DoorTimes {
  readonly handshakeSeconds: number;
  readonly headersSeconds: number;
  readonly requestSeconds: number;
  readonly keepAliveSeconds: number;
  readonly answerSeconds: number;
  readonly stopSeconds: number;
}

/** How what waits is brought to agencies that have an endpoint. */
export interface PushSettings {
  readonly atOnce: number;
  readonly connectSeconds: number;
  readonly answerSeconds: number;
}

export interface DoorSettings {
  readonly host: string;
  readonly port: number;
  readonly metrics: { readonly host: string; readonly port: number };
  readonly limits: DoorLimits;
  readonly times: DoorTimes;
  readonly push: PushSettings;
}

const whole = (fallback: number, description: string, minimum = 1, maximum = 1_000_000) => ({
  type: 'integer',
  minimum,
  maximum,
  default: fallback,
  description,
});
const port = (fallback: number, description: string) => whole(fallback, description, 0, 65_535);
const text = (fallback: string, description: string) => ({
  type: 'string',
  minLength: 1,
  default: fallback,
  description,
});
const group = (description: string, properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  default: {},
  description,
  properties,
});
const rate = (perSecond: number, burst: number, description: string) =>
  group(description, {
    perSecond: whole(perSecond, 'How many a second, in the long run'),
    burst: whole(burst, 'How many at once, after a quiet time'),
  });

/** For `useDefaults` of Ajv: every key may be left out. */
export const DOOR_SCHEMA: JsonSchema = group('The HTTPS interface to the agencies', {
  host: text('127.0.0.1', 'Address that the door listens on'),
  port: port(8443, 'Port of the door; 0 takes any free one'),
  metrics: group('The local port for /healthz, /readyz and /metrics; served by every role', {
    host: text('127.0.0.1', 'Address of the local port: not one that agencies can reach'),
    port: port(9464, 'Local port; 0 takes any free one'),
  }),
  limits: group('What one agency, and all together, may ask of the door', {
    bodyBytes: whole(700_000, 'Largest body of a request, in bytes', 1000, 3_500_000),
    connections: whole(2000, 'Connections at the same time, all agencies together'),
    connectionsPerAgency: whole(200, 'Connections with one certificate'),
    connectionsPerAddress: whole(
      100,
      'Connections from one address on which no agency has asked anything yet (of IPv6: from one network of 64 bits)',
    ),
    strangers: whole(
      500,
      'Such connections from all addresses together, those left out from which an agency came in the last day',
    ),
    handshakes: rate(50, 500, 'New connections from one address'),
    balancers: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description:
        'Addresses of balancers that pass TCP on: behind one stand many, so nothing is limited by it, and the balancer must do that',
    },
    submissionsAtOnce: whole(
      64,
      'Submissions handed to the pipeline at the same time, per priority; agencies take turns',
    ),
    submissionsPerAgency: whole(
      128,
      'Submissions of one agency under way at the same time, per priority',
    ),
    pollsPerAgency: whole(16, 'Long polls of one agency at the same time'),
    normal: rate(500, 1000, 'Normal submissions of one agency'),
    urgent: rate(200, 400, 'Urgent submissions of one agency: a budget of their own'),
    other: rate(500, 1000, 'All other requests of one agency'),
  }),
  times: group('How long the door waits for others', {
    handshakeSeconds: whole(10, 'For the TLS handshake', 1, 120),
    headersSeconds: whole(10, 'For the headers of a request', 1, 120),
    requestSeconds: whole(30, 'For the whole of a request', 1, 600),
    keepAliveSeconds: whole(75, 'For the next request on an open connection', 1, 600),
    answerSeconds: whole(10, 'For an answer of the pipeline', 1, 120),
    stopSeconds: whole(10, 'For requests under way when the router is told to stop', 1, 120),
  }),
  push: group('Bringing what waits to the endpoint of an agency, where the register names one', {
    atOnce: whole(4, 'Items on their way to one endpoint at the same time, per priority', 1, 64),
    connectSeconds: whole(5, 'For a connection to an endpoint', 1, 60),
    answerSeconds: whole(
      20,
      'For the whole of one answer; less than pipeline.leaseSeconds',
      1,
      120,
    ),
  }),
});
