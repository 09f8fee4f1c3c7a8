import { Refusal } from '../../schemas/refusal.ts';

const DAY = 86_400;
/** In seconds. Clocks differ a little; an outbox offers for five days; a message ends within thirty. */
export const CLOCK = { ahead: 60, old: 5 * DAY, life: 30 * DAY } as const;

/**
 * Checks when the message was made and when it ends.
 * @param at milliseconds since 1970: when it was received
 * @throws Refusal stale
 */
export function checkClock({ iat, exp }: { iat: number; exp: number }, at: number): void {
  const now = Math.floor(at / 1000);
  if (iat > now + CLOCK.ahead) throw stale('/iat', 'is in the future');
  if (iat < now - CLOCK.old) throw stale('/iat', 'is more than five days ago');
  if (exp <= now) throw stale('/exp', 'has passed');
  if (exp > iat + CLOCK.life) throw stale('/exp', 'is more than thirty days after iat');
}

const stale = (plaats: string, melding: string): Refusal =>
  new Refusal('stale', undefined, [{ plaats, melding }]);
