/** Offers a dead letter to the pipeline again, as the door did the first time. */
import type { Bus } from '../bus/bus.ts';
import { Unanswered } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import type { DeadLetter, DeadLetters } from '../deadletters.ts';
import type { Ledger } from '../ledger.ts';
import { ROUTE_HEADERS, type RouteAnswer } from '../questions.ts';

/** `accepted` and `refused` settle it, the sender has its receipt, and the letter is gone; `kept` means: again later. */
export interface Redriven {
  readonly letter: DeadLetter;
  readonly outcome: 'accepted' | 'refused' | 'kept';
  /** The code of the refusal, or why it is kept. */
  readonly code?: string;
}

const TIME_LIMIT_MS = 30_000;

export async function redrive(
  rooms: { readonly bus: Bus; readonly ledger: Ledger; readonly deadletters: DeadLetters },
  letter: DeadLetter,
  account: string,
): Promise<Redriven> {
  const submission = await rooms.deadletters.submission(letter);
  if (submission === undefined) return { letter, outcome: 'kept', code: 'gone' };
  const result = judge(letter, await offer(rooms.bus, letter, submission));
  const { pile: stapel, id, dig } = letter;
  const uitslag = result.code ?? result.outcome;
  await rooms.ledger.append({
    kind: 'herinzending',
    stapel,
    id,
    dig,
    uitvoerder: account,
    uitslag,
  });
  if (result.outcome !== 'kept') await rooms.deadletters.remove(letter);
  return result;
}

async function offer(
  bus: Bus,
  { prio, peer }: DeadLetter,
  submission: Uint8Array,
): Promise<RouteAnswer | undefined> {
  try {
    const headers = {
      [ROUTE_HEADERS.peer]: peer,
      [ROUTE_HEADERS.prio]: prio,
      [ROUTE_HEADERS.redriven]: '1',
    };
    const options = { timeoutMs: TIME_LIMIT_MS, headers };
    const answer = await bus.ask(subjects.route(prio), submission, options);
    return JSON.parse(Buffer.from(answer).toString()) as RouteAnswer;
  } catch (fault) {
    if (fault instanceof Unanswered) return undefined;
    throw fault;
  }
}

function judge(letter: DeadLetter, answer: RouteAnswer | undefined): Redriven {
  if (answer === undefined) return { letter, outcome: 'kept', code: 'unanswered' };
  if (answer.ok) return { letter, outcome: 'accepted' };
  const { code, opnieuw } = answer.problem;
  return { letter, outcome: opnieuw ? 'kept' : 'refused', code };
}
