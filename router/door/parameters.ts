/** Reads what stands in the path and the body, once, into types that need no second look. */
import type { Ophaalverzoek } from '../../schemas/generated/wire.ts';
import { NotAnId, type Oin, parseOin, parseUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { readObject, readUtf8 } from '../../schemas/read.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { HistorySide } from '../questions.ts';
import { decline } from './problems.ts';
import type { Call } from './route.ts';

function read<T>(name: string, parse: (value: unknown) => T, value: unknown): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof NotAnId) throw decline('bad-request', `${name}: ${error.message}`);
    throw error;
  }
}

/** @throws Declined bad-request */
export const readOin = (value: unknown): Oin => read('oin', parseOin, value);
/** @throws Declined bad-request */
export const readJti = (value: unknown): Uuid7 => read('jti', parseUuid7, value);

/** @throws Declined bad-request */
export function readWhole(name: string, value: string | undefined): number {
  if (value !== undefined && /^\d{1,15}$/.test(value)) return Number(value);
  throw decline('bad-request', `${name}: not a whole number`);
}

/** A place in a mailbox, as `sequence` of an event said it. @throws Declined bad-request */
export function readPlace(value: string | undefined): string | undefined {
  if (value === undefined || /^\d{20}$/.test(value)) return value;
  throw decline('bad-request', 'since: not the sequence of an event that was given');
}

/** @throws Declined bad-request */
export function readLimit(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^([1-9]\d?|100)$/.test(value)) return Number(value);
  throw decline('bad-request', 'limit: not a whole number from 1 to 100');
}

/** @throws Declined bad-request */
export function readSide(value: string | undefined): HistorySide {
  if (value === 'ontvangen' || value === 'verzonden') return value;
  throw decline('bad-request', 'kant: must be ontvangen or verzonden');
}

/**
 * The ticket that a question about what is an agency's own comes with: `Authorization: Bearer <JWS>`.
 * @throws Declined ticket-invalid
 */
export function readTicket({ authorization }: Call['headers']): string {
  const [, jws = ''] = /^Bearer (\S+)$/i.exec(String(authorization ?? '')) ?? [];
  if (!COMPACT_JWS.test(jws))
    throw decline('ticket-invalid', 'no collection ticket in Authorization');
  return jws;
}

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** @throws Declined malformed */
export function readJws(body: Uint8Array): string {
  const jws = readUtf8(body);
  if (!COMPACT_JWS.test(jws)) throw decline('malformed', 'not a compact JWS');
  return jws;
}

/** @throws Refusal malformed or schema-invalid, with every fault */
export const readBody = (name: 'ophaalverzoek', body: Uint8Array): Ophaalverzoek =>
  checkWire(name, readObject(body));
