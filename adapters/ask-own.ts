import type { Answer } from './door.ts';
import type { Rooms } from './rooms.ts';

/**
 * Asks the router what is ours to know, with our ticket. One that it does not take is made anew for the next question.
 * @param ask the question, given a ticket
 */
export async function askOwn<T>(
  { ticket }: Pick<Rooms, 'ticket'>,
  ask: (ticket: string) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const answer = await ask(await ticket.fresh());
  if (!answer.ok && answer.problem.code === 'ticket-invalid') ticket.forget();
  return answer;
}
