/**
 * Verifies a message that lies in a file as it was verified when it came: by the certificates and the
 * lists of that moment, which were kept with it. What counts now (today's date, today's lists) is not
 * asked: a signature that was good then stays good.
 */
import type { Oin } from '../schemas/ids.ts';
import { toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type Crl, readCrl } from './crl.ts';
import type { Grounds } from './grounds.ts';
import { readRegistration } from './registry-entry.ts';
import { isSignedBy } from './signature.ts';
import { whyUnsuitable } from './suit.ts';
import { verify } from './verify.ts';
import { whyWeak } from './weak.ts';

export interface Finding {
  readonly what: string;
  readonly good: boolean;
  /** What was found, for people. */
  readonly detail: string;
}

export interface Kept {
  readonly jws: string;
  readonly typ: string;
  readonly sender: Oin;
  /** The certificate that the sender signed with, DER. */
  readonly certificate: Buffer;
  readonly grounds: Grounds;
  /** When it was received, in milliseconds. */
  readonly received: number;
  /** Roots that the one who asks trusts. */
  readonly roots: readonly Certificate[];
  /** How old the list of the leaf's issuer might be then, in milliseconds. */
  readonly maxAgeMs: number;
}

const SKEW = 300_000;
const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** @returns one line for each thing that must hold; the message is proven when all are good */
export async function verifyAsOf(kept: Kept): Promise<Finding[]> {
  const leaf = readCertificate(kept.certificate);
  const issuers = kept.grounds.issuers.map(readCertificate);
  const lists = kept.grounds.lists.map(readCrl);
  const claims = await verify(kept.jws, kept.typ, () => leaf).then(
    (read) => read.claims,
    (error: Error) => error,
  );
  const iat = claims instanceof Error ? kept.received : Number(claims['iat']) * 1000;
  const signed = finding(
    'the signature',
    claims instanceof Error ? claims.message : undefined,
    leaf.x5t,
  );
  const iss = claims instanceof Error ? undefined : claims['iss'];
  return [
    signed,
    finding(
      'the sender',
      iss === toUrn(kept.sender) && leaf.oin === kept.sender
        ? undefined
        : 'the certificate is of another',
      `${leaf.name}, ${kept.sender}`,
    ),
    finding(
      'the use',
      whyUnsuitable(leaf, 'authenticiteit') ?? whyWeak(leaf.publicKey),
      'authenticiteit',
    ),
    ...linksOf(leaf, issuers, iat),
    anchor(issuers, kept.roots),
    ...listsOf([leaf, ...issuers], lists, kept),
    await registered(leaf, kept),
  ];
}

const finding = (what: string, fault: string | undefined, detail: string): Finding => ({
  what,
  good: fault === undefined,
  detail: fault ?? detail,
});

/** Each signed by the next, and in force when the message was signed: the router let it in soon after. */
function linksOf(leaf: Certificate, issuers: readonly Certificate[], signedAt: number): Finding[] {
  const all = [leaf, ...issuers];
  return all.map((one, at) => {
    const issuer = all[at + 1] ?? one;
    const signed = one.issuer.equals(issuer.subject) && isSignedBy(one.der, issuer.publicKey);
    const inForce = signedAt >= one.notBefore && signedAt <= one.notAfter;
    const fault = signed
      ? inForce
        ? undefined
        : 'it was not in force then'
      : 'its issuer did not sign it';
    const detail = `${minute(one.notBefore)} – ${minute(one.notAfter)}, issued by ${issuer.name}`;
    return finding(`certificate ${one.name}`, fault, detail);
  });
}

function anchor(issuers: readonly Certificate[], roots: readonly Certificate[]): Finding {
  const root = issuers.at(-1);
  const known = roots.some(({ x5t }) => x5t === root?.x5t);
  const fault = known
    ? undefined
    : 'it is not among the roots that were named: give it with --root';
  return finding(`root ${root?.name ?? 'that is missing'}`, fault, root?.x5t ?? '');
}

/** For each link a list of its issuer, fresh when the message came, that does not name it. */
function listsOf(all: readonly Certificate[], lists: readonly Crl[], kept: Kept): Finding[] {
  return all.map((one, at) => {
    const issuer = all[at + 1] ?? one;
    const list = lists.find(
      (each) => each.issuer.equals(issuer.subject) && isSignedBy(each.der, issuer.publicKey),
    );
    const detail = list && `list ${list.number} of ${issuer.name}, made ${minute(list.thisUpdate)}`;
    return finding(`not revoked: ${one.name}`, faultOf(list, one, kept, at === 0), detail ?? '');
  });
}

function faultOf(
  list: Crl | undefined,
  one: Certificate,
  { received, maxAgeMs }: Kept,
  isLeaf: boolean,
) {
  if (list === undefined) return 'no list of its issuer was kept';
  const old = isLeaf && received - list.thisUpdate > maxAgeMs;
  if (old || received >= list.nextUpdate || list.thisUpdate > received + SKEW) {
    return `the list of ${minute(list.thisUpdate)} was not fresh then`;
  }
  const since = list.revoked.get(one.serial);
  return since === undefined ? undefined : `revoked since ${minute(since)}`;
}

async function registered(leaf: Certificate, { grounds, sender }: Kept): Promise<Finding> {
  const what = 'listed in the register';
  const { entry, registrar } = grounds;
  if (entry === undefined || registrar === undefined)
    return finding(what, 'the entry was not kept', '');
  try {
    const { oin, naam, certificaten } = await readRegistration(entry, [readCertificate(registrar)]);
    const listed = certificaten.some(
      ({ x5t, gebruik }) => x5t === leaf.x5t && gebruik === 'authenticiteit',
    );
    const fault = oin === sender && listed ? undefined : 'the entry does not list this certificate';
    return finding(what, fault, `as ${naam}, signed by ${readCertificate(registrar).name}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return finding(what, `the entry is not good: ${error.message}`, '');
  }
}
