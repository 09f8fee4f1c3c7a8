/**
 * The names that travel on the wire, each a branded type with the one parser that makes it.
 * A value of such a type has been checked; nobody checks it again.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Organisatie-identificatienummer: 20 characters, the identity of an agency (OIN-Stelsel 2.2). */
export type Oin = Branded<'Oin'>;
/** An OIN as it stands in a JOSE claim: `urn:nld:oin:<20>`. */
export type OinUrn = Branded<'OinUrn'>;
/** A UUID of version 7 in lower case (RFC 9562 §5.7): every id that Ketenpost makes. */
export type Uuid7 = Branded<'Uuid7'>;
/** A receipt, an alarm or a notice, by who signed it and its id: `<OIN>.<jti>`. */
export type NoteId = Branded<'NoteId'>;
/** Any UUID in lower case: ids that others make, such as that of a case. */
export type Uuid = Branded<'Uuid'>;
/** CBS municipality code without the letters GM: four digits. */
export type Gemeentecode = Branded<'Gemeentecode'>;
/** SHA-256 of a certificate's DER in base64url (RFC 7515 §4.1.8): how a key is named. */
export type Thumbprint = Branded<'Thumbprint'>;
/** SHA-256 of some bytes in base64url, 43 characters. */
export type Digest = Branded<'Digest'>;

/** The patterns, written once: parsers and JSON Schemas use the same text. */
export const PATTERNS = {
  oin: '^000000(0[1-9]|10|99)[0-9A-Z]{9}[0-9]{3}$',
  oinUrn: '^urn:nld:oin:000000(0[1-9]|10|99)[0-9A-Z]{9}[0-9]{3}$',
  uuid7: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  gemeentecode: '^[0-9]{4}$',
  // 32 bytes leave two unused bits in the last character, which must be zero: one spelling only.
  sha256: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
} as const;

const EXPECTED = {
  oin: 'an OIN: 20 characters with a known prefix',
  oinUrn: 'an OIN urn: urn:nld:oin: and 20 characters',
  uuid7: 'a UUID of version 7 in lower case',
  uuid: 'a UUID in lower case',
  gemeentecode: 'a municipality code of four digits',
  sha256: 'a SHA-256 in base64url (43 characters)',
} as const;

/** What one of these patterns asks for, in words; undefined of any other. */
export function inWords(pattern: string): string | undefined {
  const kinds = Object.keys(PATTERNS) as (keyof typeof PATTERNS)[];
  const kind = kinds.find((one) => PATTERNS[one] === pattern);
  return kind && EXPECTED[kind];
}

const COMPILED = Object.fromEntries(
  Object.entries(PATTERNS).map(([kind, pattern]) => [kind, new RegExp(pattern)]),
) as Record<keyof typeof PATTERNS, RegExp>;

/** Thrown by the parsers below. Its text names the kind that was expected and never the value. */
export class NotAnId extends Error {
  override readonly name = 'NotAnId';
}

function parse<T extends string>(kind: keyof typeof PATTERNS, value: unknown): T {
  if (typeof value === 'string' && COMPILED[kind].test(value)) return value as T;
  throw new NotAnId(`expected ${EXPECTED[kind]}`);
}

/** @throws NotAnId */
export const parseOin = (value: unknown): Oin => parse('oin', value);
/** @throws NotAnId */
export const parseOinUrn = (value: unknown): OinUrn => parse('oinUrn', value);
/** @throws NotAnId */
export const parseUuid7 = (value: unknown): Uuid7 => parse('uuid7', value);
/** @throws NotAnId */
export const parseUuid = (value: unknown): Uuid => parse('uuid', value);
/** @throws NotAnId */
export const parseGemeentecode = (value: unknown): Gemeentecode => parse('gemeentecode', value);
/** @throws NotAnId */
export const parseThumbprint = (value: unknown): Thumbprint => parse('sha256', value);
/** @throws NotAnId */
export const parseDigest = (value: unknown): Digest => parse('sha256', value);

export const toUrn = (oin: Oin): OinUrn => `urn:nld:oin:${oin}` as OinUrn;
export const fromUrn = (urn: OinUrn): Oin => urn.slice('urn:nld:oin:'.length) as Oin;

/** Each signer chooses its own ids: one without the other names nothing. */
export const toNoteId = (signer: Oin, id: Uuid7): NoteId => `${signer}.${id}` as NoteId;
export function fromNoteId(note: NoteId): { signer: Oin; id: Uuid7 } {
  const [signer, id] = note.split('.') as [Oin, Uuid7];
  return { signer, id };
}

/**
 * A new UUIDv7: 48 bits of Unix milliseconds, then random bits (RFC 9562 §5.7).
 * @param now milliseconds since 1970, from the injected clock
 */
export const newUuid7 = (now: number): Uuid7 =>
  uuid7From(now, crypto.getRandomValues(new Uint8Array(16)));

/**
 * The UUIDv7 that these bytes give: the same again for the same fact.
 * @param seed sixteen bytes or more, of a hash for instance; the first six are not used
 */
export function uuid7From(now: number, seed: Uint8Array): Uuid7 {
  const bytes = Uint8Array.from(seed.subarray(0, 16));
  new DataView(bytes.buffer).setUint16(0, Math.floor(now / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, now >>> 0);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return [8, 12, 16, 20].reduceRight((s, at) => `${s.slice(0, at)}-${s.slice(at)}`, hex) as Uuid7;
}
