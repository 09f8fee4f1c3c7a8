/** How the door asks the pipeline. The answer is the pipeline's word; no answer in time is a fault that may pass. */
import type { Inzending } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { Bus } from '../bus/bus.ts';
import { Unanswered } from '../bus/bus.ts';
import { type Prio, type Question, subjects } from '../bus/subjects.ts';
import type { Metrics } from '../metrics.ts';
import { type Answer, type Questions, ROUTE_HEADERS } from '../questions.ts';
import { Declined } from './problems.ts';

export interface Submission {
  readonly peer: Oin;
  readonly prio: Prio;
  /** The compact JWE, as it came. */
  readonly data: Uint8Array;
  readonly trace: string | undefined;
}

export interface Inquiries {
  /** @throws Declined with the pipeline's problem; Unanswered */
  ask<Q extends Question>(question: Q, ask: Questions[Q]['ask']): Promise<Questions[Q]['value']>;
  /** @throws Declined with the pipeline's problem; Unanswered */
  route(submission: Submission): Promise<Inzending>;
}

interface Parts {
  readonly bus: Pick<Bus, 'ask'>;
  readonly metrics: Metrics;
  readonly timeoutMs: number;
}

export function openInquiries({ bus, metrics, timeoutMs }: Parts): Inquiries {
  async function send<T>(
    question: Question | 'route',
    subject: string,
    data: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const from = performance.now();
    try {
      const bytes = await bus.ask(subject, data, { timeoutMs, headers });
      metrics.observeAsk(question, (performance.now() - from) / 1000);
      return read<T>(bytes);
    } catch (error) {
      if (error instanceof Unanswered) metrics.countUnanswered(question);
      throw error;
    }
  }
  return {
    ask: (question, ask) =>
      send(question, subjects.ask(question), Buffer.from(JSON.stringify(ask))),
    route: ({ peer, prio, data, trace }) =>
      send('route', subjects.route(prio), data, {
        [ROUTE_HEADERS.peer]: peer,
        [ROUTE_HEADERS.prio]: prio,
        ...(trace === undefined ? {} : { [ROUTE_HEADERS.trace]: trace }),
      }),
  };
}

function read<T>(bytes: Uint8Array): T {
  const answer = JSON.parse(Buffer.from(bytes).toString('utf8')) as Answer<T>;
  if (!answer.ok) throw new Declined(answer.problem, {}, 'pipeline');
  return answer.value;
}
