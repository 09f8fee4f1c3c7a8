/** Reads the samples, and puts a body into the claims of a message that somebody could send. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { WITHDRAWAL } from '../../schemas/messages.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { checkBody } from '../../schemas/validate.ts';

const FOLDER = join('schemas', 'messages', 'samples');

export interface BadSample {
  readonly inhoud: Record<string, unknown>;
  /** The places of all faults, in order. */
  readonly verwacht: readonly string[];
  /** Claims that differ from the usual; null takes one away. */
  readonly kop?: Readonly<Record<string, unknown>>;
}

const read = (...path: string[]): unknown =>
  JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8'));

const filesIn = (...path: string[]): string[] =>
  readdirSync(join(FOLDER, ...path))
    .filter((file) => file.endsWith('.json'))
    .sort();

export const sampleTypes = (): string[] => readdirSync(FOLDER).sort();

export const goodSamples = (type: string): Map<string, Record<string, unknown>> =>
  new Map(filesIn(type).map((file) => [file, read(type, file) as Record<string, unknown>]));

export const badSamples = (type: string): Map<string, BadSample> =>
  new Map(filesIn(type, 'bad').map((file) => [file, read(type, 'bad', file) as BadSample]));

/** Ten days in May 2025: later than every day in a sample. */
export const IAT = Date.UTC(2025, 4, 10) / 1000;

/** A message of this type with this body; `kop` changes or removes (null) claims. */
export function messageWith(type: string, inhoud: unknown, kop: object = {}): Bericht {
  const { source, subject } = Object(inhoud);
  const withdraws = type === WITHDRAWAL;
  const claims = {
    iss: String(source ?? 'urn:nld:oin:00000099000000010000').slice(0, 32),
    jti: '0196b9a0-0000-7000-8000-000000000001',
    iat: IAT,
    exp: IAT + 5 * 86_400,
    berichttype: withdraws ? 'vt-melding' : type,
    versie: '1.0',
    conversatie: '0196b9a0-0000-7000-8000-000000000002',
    verwijst: '0196b9a0-0000-7000-8000-000000000003',
    ...(withdraws && { trektIn: '0196b9a0-0000-7000-8000-000000000003' }),
    ...(subject !== undefined && { zaak: subject }),
    grondslag: 'bpg-4.2.1.i',
    prio: 'normaal',
    inhoud,
    ...kop,
  };
  const kept = Object.entries(claims).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as unknown as Bericht;
}

/** What is wrong with a message: `place` and words of every fault; empty when it is good. */
export function faultsOf(claims: Bericht): { plaats: string; melding: string }[] {
  try {
    checkBody(claims.berichttype, claims.versie, claims);
    return [];
  } catch (error) {
    if (error instanceof Refusal && error.code === 'schema-invalid') return [...error.faults];
    throw error;
  }
}

export const placesOf = (claims: Bericht): string[] =>
  faultsOf(claims).map((fault) => fault.plaats);
