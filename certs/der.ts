/**
 * A strict reader of DER (X.690): definite, shortest lengths, nothing left over. It reads only what
 * is asked for, one level at a time, so that depth and size of hostile input cost nothing.
 */
import { Refusal } from '../schemas/refusal.ts';

export interface DerNode {
  /** The identifier octet: class, constructed bit and number in one. */
  readonly tag: number;
  readonly body: Buffer;
  /** Header and body, as they stood in the input. */
  readonly whole: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** [n] EXPLICIT or constructed IMPLICIT. */
export const context = (n: number): number => 0xa0 | n;

const broken = (): Refusal => new Refusal('malformed', 'not DER');

/** The one node that the bytes are. @throws Refusal malformed */
export function readDer(bytes: Buffer): DerNode {
  const node = readNode(bytes, 0);
  if (node.whole.length !== bytes.length) throw broken();
  return node;
}

/** The nodes inside a constructed node. @throws Refusal malformed */
export function children(node: DerNode): DerNode[] {
  const found: DerNode[] = [];
  for (let at = 0; at < node.body.length; ) {
    const child = readNode(node.body, at);
    found.push(child);
    at += child.whole.length;
  }
  return found;
}

/** The node itself when it has the tag. @throws Refusal malformed, also when there is none */
export function expect(node: DerNode | undefined, ...tags: number[]): DerNode {
  if (node === undefined || !tags.includes(node.tag)) throw broken();
  return node;
}

function readNode(bytes: Buffer, at: number): DerNode {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw broken();
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + octets;
  const length = octets === 0 ? first : readLength(bytes, at + 2, octets);
  const to = from + length;
  if (first === 0x80 || to > bytes.length) throw broken();
  return { tag, body: bytes.subarray(from, to), whole: bytes.subarray(at, to) };
}

function readLength(bytes: Buffer, at: number, octets: number): number {
  if (octets > 4 || at + octets > bytes.length) throw broken();
  const length = bytes.readUIntBE(at, octets);
  if (length < 0x80 || length < 256 ** (octets - 1)) throw broken();
  return length;
}

/** An object identifier in dots. */
export function readOid(node: DerNode | undefined): string {
  const { body } = expect(node, TAG.oid);
  const arcs: number[] = [];
  let arc = 0;
  for (const [at, byte] of body.entries()) {
    if ((arc === 0 && byte === 0x80) || arc > 2 ** 40) throw broken();
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    } else if (at === body.length - 1) throw broken();
  }
  const [first, ...rest] = arcs;
  if (first === undefined) throw broken();
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** A non-negative integer in lower-case hex without leading zeros, as serial numbers are compared. */
export function readSerial(node: DerNode | undefined): string {
  const hex = expect(node, TAG.integer).body.toString('hex').replace(/^0+/, '');
  return hex === '' ? '0' : hex;
}

/** A small non-negative integer. */
export function readSmall(node: DerNode | undefined, tag: number = TAG.integer): number {
  const { body } = expect(node, tag);
  if (body.length === 0 || body.length > 4 || (body[0] ?? 0) >= 0x80) throw broken();
  return body.readUIntBE(0, body.length);
}

/** TRUE, or FALSE which DER leaves out: absent means false. */
export function readTrue(node: DerNode | undefined): boolean {
  if (node === undefined) return false;
  const { body } = expect(node, TAG.boolean);
  if (body.length !== 1 || body[0] !== 0xff) throw broken();
  return true;
}

/** A bit string of whole octets, such as a signature. */
export function readBits(node: DerNode | undefined): Buffer {
  const { body } = expect(node, TAG.bitString);
  if (body[0] !== 0) throw broken();
  return body.subarray(1);
}

/** A time of a certificate or CRL in milliseconds (RFC 5280 §4.1.2.5: seconds, and always Z). */
export function readTime(node: DerNode | undefined): number {
  const { tag, body } = expect(node, TAG.utcTime, TAG.generalizedTime);
  const text = body.toString('latin1');
  const long =
    tag === TAG.generalizedTime ? text : `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}`;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(long);
  if (parts === null) throw broken();
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
}

/** A string of a name. @returns undefined for the old string types, which nobody should issue */
export function readText(node: DerNode): string | undefined {
  const { utf8String, printableString, ia5String } = TAG;
  const known: number[] = [utf8String, printableString, ia5String];
  return known.includes(node.tag) ? node.body.toString('utf8') : undefined;
}
