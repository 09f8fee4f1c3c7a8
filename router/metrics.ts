/**
 * What the router counts. Every metric stands in one table, from which the registry and
 * docs/configuration.md are made. Labels hold routes, codes and stages: nothing of a person, an
 * agency or a message.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { daysLeft, type InUse } from '../certs/endings.ts';
import type { Stage } from '../schemas/codes.ts';
import type { Prio, Question } from './bus/subjects.ts';

interface Entry {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

export const METRICS = {
  ketenpost_requests_total: {
    kind: 'counter',
    help: 'Requests that the door answered, by route and HTTP status',
    labels: ['route', 'status'],
  },
  ketenpost_request_seconds: {
    kind: 'histogram',
    help: 'Time from the headers of a request to the end of its answer; long polls wait on purpose',
    labels: ['route'],
  },
  ketenpost_requests_in_flight: {
    kind: 'gauge',
    help: 'Requests that are being answered, by lane',
    labels: ['lane'],
  },
  ketenpost_limited_total: {
    kind: 'counter',
    help: 'Requests refused because their agency was over a limit, by lane',
    labels: ['lane'],
  },
  ketenpost_crowded_total: {
    kind: 'counter',
    help: 'Connections that the door cut off because there were too many: from one address, by strangers, with one certificate',
    labels: ['why'],
  },
  ketenpost_ask_seconds: {
    kind: 'histogram',
    help: 'Time that the pipeline took to answer the door, by question',
    labels: ['question'],
  },
  ketenpost_unanswered_total: {
    kind: 'counter',
    help: 'Questions of the door that the pipeline did not answer in time, by question',
    labels: ['question'],
  },
  ketenpost_stage_seconds: {
    kind: 'histogram',
    help: 'Time that a stage of the pipeline took for one message',
    labels: ['stage'],
  },
  ketenpost_messages_total: {
    kind: 'counter',
    help: 'Messages that the pipeline judged, by priority and verdict',
    labels: ['prio', 'verdict'],
  },
  ketenpost_messages_in_flight: {
    kind: 'gauge',
    help: 'Messages that the pipeline is working on',
    labels: [],
  },
  ketenpost_refusals_total: {
    kind: 'counter',
    help: 'Refusals, by code (docs/errors.md)',
    labels: ['code'],
  },
  ketenpost_mailbox_items: {
    kind: 'gauge',
    help: 'Items in all mailboxes, by the counters of this process',
    labels: [],
  },
  ketenpost_mailbox_bytes: {
    kind: 'gauge',
    help: 'Bytes in all mailboxes, by the counters of this process',
    labels: [],
  },
  ketenpost_mailboxes_full: {
    kind: 'gauge',
    help: 'Mailboxes that take no new messages; ketenpost mailboxes says which',
    labels: [],
  },
  ketenpost_parked_total: {
    kind: 'counter',
    help: 'Submissions that were put aside as dead letters, by pile',
    labels: ['pile'],
  },
  ketenpost_deadlines_open: {
    kind: 'gauge',
    help: 'Deadlines that are open, by the process that keeps them',
    labels: [],
  },
  ketenpost_deadlines_total: {
    kind: 'counter',
    help: 'Deadlines that came up and were acted on, by kind',
    labels: ['kind'],
  },
  ketenpost_alarms_total: {
    kind: 'counter',
    help: 'Alarms that were raised about urgent messages, by what was late',
    labels: ['late'],
  },
  ketenpost_pushes_total: {
    kind: 'counter',
    help: 'Items that were brought to an endpoint of an agency, by what came of it (docs/operating.md)',
    labels: ['outcome'],
  },
  ketenpost_faults_total: {
    kind: 'counter',
    help: 'Faults of our own, by the part where they came up',
    labels: ['part'],
  },
  ketenpost_certificate_days: {
    kind: 'gauge',
    help: 'Days until the first certificate ends, of our own, agencies, issuers, registrar and broker',
    labels: ['whose', 'use'],
  },
} as const satisfies Record<string, Entry>;

export type MetricName = keyof typeof METRICS;
/** What shares a limit and a gauge: urgent and normal submissions, long polls, everything else. */
export type Lane = Prio | 'poll' | 'other';
export type Verdict = 'accepted' | 'repeated' | 'refused' | 'fault';

export interface Metrics {
  observeRequest(route: string, status: number, seconds: number): void;
  /** One more (1) or one fewer (-1) request being answered. */
  moveRequests(lane: Lane, by: 1 | -1): void;
  countLimited(lane: Lane): void;
  countCrowded(why: 'address' | 'handshakes' | 'strangers' | 'certificate'): void;
  observeAsk(question: Question | 'route', seconds: number): void;
  countUnanswered(question: Question | 'route'): void;
  observeStage(stage: Stage | 'seal', seconds: number): void;
  countMessage(prio: Prio, verdict: Verdict): void;
  moveMessages(by: 1 | -1): void;
  /** @param code one of CODES; a problem that came over the wire has it as text */
  countRefusal(code: string): void;
  countParked(pile: string): void;
  setMailboxes(items: number, bytes: number, full: number): void;
  setDeadlines(open: number): void;
  countDeadline(kind: string): void;
  countAlarm(late: string): void;
  countPush(outcome: string): void;
  countFault(part: string): void;
  /** The certificates that are in use now; those that were shown before are forgotten. */
  showCertificates(all: readonly InUse[], now: number): void;
  /** The text that a Prometheus server reads. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** From half a millisecond to the longest poll. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60];

const settings = (name: MetricName, registry: Registry) => ({
  name,
  help: METRICS[name].help,
  labelNames: [...METRICS[name].labels],
  registers: [registry],
});
const counter = (name: MetricName, registry: Registry) => new Counter(settings(name, registry));
const gauge = (name: MetricName, registry: Registry) => new Gauge(settings(name, registry));
const histogram = (name: MetricName, registry: Registry) =>
  new Histogram({ ...settings(name, registry), buckets: BUCKETS });

/** A set of metrics of its own; tests make one each. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const requests = counter('ketenpost_requests_total', registry);
  const requestSeconds = histogram('ketenpost_request_seconds', registry);
  const requestsInFlight = gauge('ketenpost_requests_in_flight', registry);
  const limited = counter('ketenpost_limited_total', registry);
  const certificateDays = gauge('ketenpost_certificate_days', registry);
  const crowded = counter('ketenpost_crowded_total', registry);
  const askSeconds = histogram('ketenpost_ask_seconds', registry);
  const unanswered = counter('ketenpost_unanswered_total', registry);
  const stageSeconds = histogram('ketenpost_stage_seconds', registry);
  const messages = counter('ketenpost_messages_total', registry);
  const messagesInFlight = gauge('ketenpost_messages_in_flight', registry);
  const refusals = counter('ketenpost_refusals_total', registry);
  const parked = counter('ketenpost_parked_total', registry);
  const mailboxItems = gauge('ketenpost_mailbox_items', registry);
  const mailboxBytes = gauge('ketenpost_mailbox_bytes', registry);
  const mailboxesFull = gauge('ketenpost_mailboxes_full', registry);
  const deadlinesOpen = gauge('ketenpost_deadlines_open', registry);
  const deadlines = counter('ketenpost_deadlines_total', registry);
  const alarms = counter('ketenpost_alarms_total', registry);
  const pushes = counter('ketenpost_pushes_total', registry);
  const faults = counter('ketenpost_faults_total', registry);
  return {
    observeRequest(route, status, seconds) {
      requests.inc({ route, status });
      requestSeconds.observe({ route }, seconds);
    },
    moveRequests: (lane, by) => requestsInFlight.inc({ lane }, by),
    countLimited: (lane) => limited.inc({ lane }),
    countCrowded: (why) => crowded.inc({ why }),
    observeAsk: (question, seconds) => askSeconds.observe({ question }, seconds),
    countUnanswered: (question) => unanswered.inc({ question }),
    observeStage: (stage, seconds) => stageSeconds.observe({ stage }, seconds),
    countMessage: (prio, verdict) => messages.inc({ prio, verdict }),
    moveMessages: (by) => messagesInFlight.inc(by),
    countRefusal: (code) => refusals.inc({ code }),
    countParked: (pile) => parked.inc({ pile }),
    setMailboxes(items, bytes, full) {
      mailboxItems.set(items);
      mailboxBytes.set(bytes);
      mailboxesFull.set(full);
    },
    setDeadlines: (open) => deadlinesOpen.set(open),
    countDeadline: (kind) => deadlines.inc({ kind }),
    countAlarm: (late) => alarms.inc({ late }),
    countPush: (outcome) => pushes.inc({ outcome }),
    countFault: (part) => faults.inc({ part }),
    showCertificates(all, now) {
      certificateDays.reset();
      // The first to end of each kind: set last. Which it is stands in the log.
      const byEnd = [...all].sort((a, b) => b.certificate.notAfter - a.certificate.notAfter);
      for (const { whose, use, certificate } of byEnd) {
        certificateDays.set({ whose, use }, daysLeft(certificate, now));
      }
    },
    text: async () => `${await registry.metrics()}${await processText()}`,
    contentType: registry.contentType,
  };
}

let ofProcess: Registry | undefined;

/** Memory, CPU, event loop and garbage collection of this process, under the usual names. */
async function processText(): Promise<string> {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess.metrics();
}

/** The metrics of this process: door and pipeline share them when they run in one. */
export const metrics: Metrics = createMetrics();
