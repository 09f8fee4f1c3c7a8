/** Reading what comes back over HTTP: bounded, and with no more faith than its form deserves. */
import { CODES, isCode } from '../schemas/codes.ts';
import type { Problem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import { isState, type State } from '../schemas/states.ts';

/** Reads a body as text, and stops reading when it is larger than it may be. */
export async function readText(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > most) throw new Refusal('too-large', 'the answer is larger than it may be');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Where each copy of a message stands, as the router says; null while nothing was stated of it. */
export interface RouterStatus {
  readonly copies: ReadonlyMap<string, State | null>;
}

/** @throws Refusal malformed */
export function readStatus(value: unknown): RouterStatus {
  const { ontvangers } = Object(value) as { ontvangers?: unknown };
  if (!Array.isArray(ontvangers)) throw new Refusal('malformed', 'the answer holds no recipients');
  return {
    copies: new Map(
      ontvangers.map((one) => {
        const { oin, staat } = Object(one) as { oin?: unknown; staat?: unknown };
        return [String(oin), isState(staat) ? staat : null];
      }),
    ),
  };
}

const LONGEST_WAIT = 3_600_000;

/** The wait that the other side asks for, in milliseconds from now; 0 when it asks for none. */
export function retryAfter(headers: Readonly<Record<string, unknown>>, now: number): number {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return 0;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.max(0, Math.min(wait, LONGEST_WAIT)) : 0;
}

/**
 * A refusal as problem details. A code that is not known, or an answer that is none (a proxy that
 * speaks up), becomes temporarily-unavailable: to be tried again.
 */
export function readProblem(status: number, text: string): Problem {
  const given = Object(parse(text)) as Record<string, unknown>;
  const code = isCode(given['code']) ? given['code'] : 'temporarily-unavailable';
  const { title, retry, remedy, stage } = CODES[code];
  const receipt = given['ontvangstbewijs'];
  return {
    type: `urn:nl:ketenpost:probleem:${code}`,
    title,
    status,
    detail: line(given['detail'], title),
    code,
    stadium: line(given['stadium'], stage),
    opnieuw: retry,
    advies: remedy,
    errors: faults(given['errors']),
    ...(typeof receipt === 'string' && { ontvangstbewijs: receipt }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const line = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value.slice(0, 500) : otherwise;

function faults(value: unknown): Problem['errors'] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 200).map((one) => {
    const { plaats, melding } = Object(one) as Record<string, unknown>;
    return { plaats: line(plaats, ''), melding: line(melding, '') };
  });
}

/** A network that fails says nothing of the message: it is told apart from what a router says. */
export async function heard<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw Object.assign(new Refusal('router-unreachable'), { cause });
  }
}

/** What the answer says beyond a signature is of no weight, so it needs no strict reading. */
export function parseAnswer(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    throw new Refusal('malformed', 'the answer is not JSON');
  }
}

export function strings(value: unknown, name: string): string[] {
  const list = (Object(value) as Record<string, unknown>)[name];
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list as string[];
  throw new Refusal('malformed', `the answer holds no list ${name}`);
}

export interface History {
  readonly ontvangstbewijzen: readonly string[];
  /** Where to go on from, when there may be more. */
  readonly verder?: number;
}

export function readHistory(value: unknown): History {
  const { verder } = Object(value) as { verder?: unknown };
  const more = Number.isSafeInteger(verder) ? { verder: verder as number } : {};
  return { ontvangstbewijzen: strings(value, 'ontvangstbewijzen'), ...more };
}

/** What the other side said no with, to be passed on. */
export const refusalOf = ({ code, detail, errors }: Problem): Refusal =>
  new Refusal(isCode(code) ? code : 'temporarily-unavailable', detail, [...errors]);
