/** What the router makes of a question that was just handed in. */
import { setTimeout as pause } from 'node:timers/promises';
import { isCode } from '../../schemas/codes.ts';
import type { Problem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Track } from '../track.ts';
import type { LocalApi } from './local-api.ts';

const TRIES = 25;
const BETWEEN_MS = 200;

/**
 * Waits a few seconds for the router. @returns whether it took the question by then
 * @throws Refusal when it refused it, with its code
 */
export async function verdict(api: LocalApi, bericht: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { staat, probleem } = await api.get<Track>(`/v1/berichten/${bericht}`);
    if (staat === 'geweigerd') throw refusalOf(probleem);
    if (staat !== 'ingediend') return true;
    await pause(BETWEEN_MS);
  }
  return false;
}

function refusalOf(problem: unknown): Refusal {
  const { code = '', detail, errors = [] } = Object(problem) as Partial<Problem>;
  const why = `the router refused it, nobody was asked${detail === undefined ? '' : `: ${detail}`}`;
  return new Refusal(isCode(code) ? code : 'not-authorised', why, errors);
}
