/** A bus in memory: what the door uses of one, with a pipeline behind it that the test writes. */
import { type Bus, Unanswered } from '../../../router/bus/bus.ts';
import type { Question } from '../../../router/bus/subjects.ts';
import type { Answer, Questions, RouteAnswer } from '../../../router/questions.ts';
import { CODES, type Code } from '../../../schemas/codes.ts';
import { toProblem } from '../../../schemas/problem.ts';
import { Refusal } from '../../../schemas/refusal.ts';

export interface Routed {
  readonly prio: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the pretended pipeline answers; a question without an answer stays unanswered. */
export type Answers = {
  [Q in Question]?: (
    ask: Questions[Q]['ask'],
  ) => Answer<Questions[Q]['value']> | Promise<Answer<Questions[Q]['value']>>;
} & { route?: (routed: Routed) => RouteAnswer | Promise<RouteAnswer> };

export const yes = <T>(value: T): Answer<T> => ({ ok: true, value });
export const no = (code: Code): Answer<never> => ({
  ok: false,
  problem: toProblem(new Refusal(code, CODES[code].title)),
});

/** Answers one request as the pipeline would. */
export async function answerAsk(
  answers: Answers,
  subject: string,
  data: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const [kind, , what = ''] = subject.split('.');
  const text = Buffer.from(data).toString('utf8');
  const answer =
    kind === 'route'
      ? await answers.route?.({ prio: what, text, headers })
      : await (answers[what as Question] as ((ask: unknown) => unknown) | undefined)?.(
          JSON.parse(text),
        );
  if (answer === undefined) throw new Unanswered(subject);
  return Buffer.from(JSON.stringify(answer));
}

export function memoryBus(answers: Answers): Pick<Bus, 'ask' | 'listen' | 'notify'> {
  const ears = new Set<(subject: string, data: Uint8Array) => void>();
  return {
    ask: (subject, data, { headers = {} }) => answerAsk(answers, subject, data, headers),
    listen(_subject, onSign) {
      ears.add(onSign);
      return () => ears.delete(onSign);
    },
    notify(subject, data = new Uint8Array()) {
      for (const ear of ears) ear(subject, data);
    },
  };
}
