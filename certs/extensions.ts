/** The extensions of certificates and revocation lists (RFC 5280 §4.2, §5.2). */
import { Refusal } from '../schemas/refusal.ts';
import {
  children,
  type DerNode,
  expect,
  readDer,
  readOid,
  readSmall,
  readTrue,
  TAG,
} from './der.ts';
import { KEY_USAGES, type KeyUsage, OID } from './profile.ts';

export interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** The extensions of a certificate or CRL by OID; one that stands twice is refused (RFC 5280 §4.2). */
export function readExtensions(wrapper: DerNode | undefined): Map<string, Extension> {
  const found = new Map<string, Extension>();
  if (wrapper === undefined) return found;
  for (const extension of children(readDer(wrapper.body))) {
    const [id, ...rest] = children(expect(extension, TAG.sequence));
    const critical = rest.length > 1 ? readTrue(rest[0]) : false;
    const oid = readOid(id);
    if (found.has(oid)) throw new Refusal('malformed', 'an extension stands twice');
    found.set(oid, { critical, value: expect(rest.at(-1), TAG.octetString).body });
  }
  return found;
}

const UNDERSTOOD: readonly string[] = [
  OID.keyUsage,
  OID.basicConstraints,
  OID.extendedKeyUsage,
  OID.certificatePolicies,
  OID.subjectAltName,
];

/** What a certificate says of its own use. */
export function readUses(extensions: Map<string, Extension>) {
  const nodes = (oid: string): DerNode[] => {
    const extension = extensions.get(oid);
    return extension === undefined ? [] : children(expect(readDer(extension.value), TAG.sequence));
  };
  const constraints = nodes(OID.basicConstraints);
  const ca = constraints.find((node) => node.tag === TAG.boolean);
  const pathLength = constraints.find((node) => node.tag === TAG.integer);
  return {
    keyUsage: readKeyUsage(extensions.get(OID.keyUsage)),
    extendedKeyUsage: nodes(OID.extendedKeyUsage).map(readOid),
    policies: nodes(OID.certificatePolicies).map((node) => readOid(children(node)[0])),
    isCa: readTrue(ca),
    pathLength: pathLength === undefined ? undefined : readSmall(pathLength),
    unknownCritical: [...extensions]
      .filter(([oid, { critical }]) => critical && !UNDERSTOOD.includes(oid))
      .map(([oid]) => oid),
  };
}

function readKeyUsage(extension: Extension | undefined): KeyUsage[] {
  if (extension === undefined) return [];
  const bits = expect(readDer(extension.value), TAG.bitString).body.subarray(1);
  return KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}
