/**
 * One strict reading of hostile bytes. What two parsers could read differently is refused here,
 * so that sender, router and recipient always mean the same message (attacks: duplicate names,
 * non-canonical base64url, depth).
 */
import { Refusal } from './refusal.ts';

export interface Limits {
  /** Characters of JSON text. */
  readonly length: number;
  readonly depth: number;
  /** Members and items in the whole document. */
  readonly members: number;
}

export const LIMITS: Limits = { length: 1_000_000, depth: 32, members: 20_000 };

const TAIL: Readonly<Record<number, RegExp>> = {
  0: /^$|[A-Za-z0-9_-]$/,
  2: /[AQgw]$/,
  3: /[AEIMQUYcgkosw048]$/,
};

/** Whether the text is base64url in its one canonical spelling (RFC 4648 §3.5, RFC 7515 §2). */
export function isCanonicalBase64url(text: string): boolean {
  return /^[A-Za-z0-9_-]*$/.test(text) && (TAIL[text.length % 4]?.test(text) ?? false);
}

/** @throws Refusal malformed, when the text is not canonical base64url */
export function readBase64url(text: string): Buffer {
  if (!isCanonicalBase64url(text)) throw new Refusal('malformed', 'not canonical base64url');
  return Buffer.from(text, 'base64url');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws Refusal malformed, when the bytes are not UTF-8 */
export function readUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal('malformed', 'not UTF-8');
  }
}

/**
 * Reads JSON of which there is only one reading: no duplicate names, no lone surrogates, no
 * number that a double cannot hold, bounded in length, depth and members.
 * @throws Refusal malformed or too-large, without a word of the text
 */
export function readJson(input: Uint8Array | string, limits: Limits = LIMITS): unknown {
  const text = typeof input === 'string' ? input : readUtf8(input);
  if (text.length > limits.length) throw new Refusal('too-large', 'the JSON text is too long');
  const value = parse(text);
  scan(text, limits);
  return value;
}

/** As readJson, for a document that must be an object. */
export function readObject(input: Uint8Array | string, limits?: Limits): Record<string, unknown> {
  const value = readJson(input, limits);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('malformed', 'expected a JSON object');
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('malformed', 'not JSON');
  }
}

// Strings, brackets, commas and numbers; white space, colons and literals fall between. The text
// is known to be JSON here, so the tokens can be taken at their word.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]|-?\d[\d.eE+-]*/g;

/** Walks the tokens of a text that JSON.parse accepted, and refuses what it silently mends. */
function scan(text: string, limits: Limits): void {
  const open: (Set<string> | null)[] = [];
  let members = 0;
  let atName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const first = token[0];
    if (first === '{' || first === '[') {
      if (open.push(first === '{' ? new Set() : null) > limits.depth) {
        throw new Refusal('malformed', 'nested too deeply');
      }
      atName = first === '{';
    } else if (first === '}' || first === ']') {
      open.pop();
      atName = false;
    } else if (first === ',') {
      if (++members > limits.members) throw new Refusal('too-large', 'too many members');
      atName = open.at(-1) instanceof Set;
    } else if (first === '"') {
      const value = readString(token);
      if (atName) addName(open.at(-1), value);
      atName = false;
    } else {
      checkNumber(token);
    }
  }
}

function readString(token: string): string {
  const value = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
  if (/\p{Surrogate}/u.test(value)) throw new Refusal('malformed', 'a lone surrogate');
  return value;
}

function addName(names: Set<string> | null | undefined, name: string): void {
  if (names?.has(name)) throw new Refusal('malformed', 'a name stands twice in one object');
  names?.add(name);
}

/** No double is longer in the spelling of JSON.stringify: -0.0000012345678901234567. */
const LONGEST_NUMBER = 25;

/** Refuses numbers that change when a double holds them: too large, too small, too many digits. */
function checkNumber(token: string): void {
  if (token.length > LONGEST_NUMBER || !survives(token)) {
    throw new Refusal('malformed', 'a number that a double cannot hold');
  }
}

function survives(token: string): boolean {
  const value = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(value);
  return plainDigits(token) === plainDigits(String(value));
}

/** A number in one spelling: its digits without outer zeros, and the power of ten they stand at. */
function plainDigits(token: string): string {
  const [number = '', exponent = '0'] = token.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = number.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === '' ? '0' : `${kept}e${power}`;
}
