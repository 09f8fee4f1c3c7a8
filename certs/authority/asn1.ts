/** The few ASN.1 constructors that certificates and CRLs are built from, on node-forge. */
import forge from 'node-forge';

const { Class, Type, create, oidToDer, integerToDer, dateToUtcTime, dateToGeneralizedTime } =
  forge.asn1;

export type Asn1 = forge.asn1.Asn1;

const primitive = (type: forge.asn1.Type, bytes: string): Asn1 =>
  create(Class.UNIVERSAL, type, false, bytes);

/** forge keeps bytes in strings, one character each. */
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const sequence = (...items: Asn1[]): Asn1 =>
  create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
export const set = (...items: Asn1[]): Asn1 => create(Class.UNIVERSAL, Type.SET, true, items);
export const oid = (dotted: string): Asn1 => primitive(Type.OID, oidToDer(dotted).getBytes());
export const nothing = (): Asn1 => primitive(Type.NULL, '');
export const yes = (): Asn1 => primitive(Type.BOOLEAN, '\xff');
export const small = (value: number): Asn1 =>
  primitive(Type.INTEGER, integerToDer(value).getBytes());
/** An integer from its octets; the first must not have its highest bit set. */
export const integer = (hex: string): Asn1 =>
  primitive(Type.INTEGER, forge.util.hexToBytes(hex.length % 2 === 0 ? hex : `0${hex}`));
export const enumerated = (value: number): Asn1 =>
  primitive(Type.ENUMERATED, integerToDer(value).getBytes());
export const octets = (bytes: Uint8Array): Asn1 => primitive(Type.OCTETSTRING, latin1(bytes));
export const bits = (bytes: Uint8Array, unused = 0): Asn1 =>
  primitive(Type.BITSTRING, latin1(Buffer.from([unused, ...bytes])));
export const printable = (text: string): Asn1 => primitive(Type.PRINTABLESTRING, text);
export const utf8 = (text: string): Asn1 => primitive(Type.UTF8, forge.util.encodeUtf8(text));

/** [n] around other nodes. */
export const tagged = (n: number, ...items: Asn1[]): Asn1 =>
  create(Class.CONTEXT_SPECIFIC, n as forge.asn1.Type, true, items);
/** [n] IMPLICIT over bytes. */
export const taggedBytes = (n: number, bytes: Uint8Array): Asn1 =>
  create(Class.CONTEXT_SPECIFIC, n as forge.asn1.Type, false, latin1(bytes));

/** As RFC 5280 §4.1.2.5 wants it: two digits for the year before 2050, four after. */
export function time(at: number): Asn1 {
  const date = new Date(at);
  return date.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, dateToUtcTime(date))
    : primitive(Type.GENERALIZEDTIME, dateToGeneralizedTime(date));
}

export const fromDer = (der: Uint8Array): Asn1 => forge.asn1.fromDer(latin1(der));
export const toDer = (node: Asn1): Buffer =>
  Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
