/** PKCS#12: a private key with its certificates in one file under a passphrase (RFC 7292), by node-forge. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { type Certificate, readCertificate } from './certificate.ts';

const { asn1, pki, pkcs12 } = forge;

export interface KeyAndChain {
  readonly key: KeyObject;
  /** The certificate of the key first. */
  readonly chain: readonly Certificate[];
}

const bytesOf = (node: forge.asn1.Asn1): Buffer =>
  Buffer.from(asn1.toDer(node).getBytes(), 'latin1');

/** Writes an RSA key with AES-256. @param chain PEM, the certificate of the key first */
export function writePkcs12(key: KeyObject, chain: readonly string[], passphrase: string): Buffer {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificates = chain.map((one) => pki.certificateFromPem(one));
  const rsa = pki.privateKeyFromPem(pem);
  return bytesOf(pkcs12.toPkcs12Asn1(rsa, certificates, passphrase, { algorithm: 'aes256' }));
}

/** Reads an RSA or EC key. @throws when the passphrase is wrong or the file is something else */
export function readPkcs12(file: Uint8Array, passphrase: string): KeyAndChain {
  const parsed = asn1.fromDer(Buffer.from(file).toString('latin1'));
  const bags = pkcs12
    .pkcs12FromAsn1(parsed, passphrase)
    .safeContents.flatMap(({ safeBags }) => safeBags);
  const key = bags.filter(({ type }) => type !== pki.oids['certBag']).map(keyOf)[0];
  if (key === undefined) throw new Error('there is no key in it');
  const certificates = bags.filter(({ type }) => type === pki.oids['certBag']).map(certificateOf);
  const own = certificates.find(({ x509 }) => x509.checkPrivateKey(key));
  if (own === undefined) throw new Error('there is no certificate of its key in it');
  return { key, chain: [own, ...certificates.filter((one) => one !== own)] };
}

/** forge takes RSA keys apart and leaves others as PKCS#8. */
function keyOf({ key, asn1: pkcs8 }: forge.pkcs12.Bag): KeyObject {
  return key === null || key === undefined
    ? createPrivateKey({ key: bytesOf(pkcs8), format: 'der', type: 'pkcs8' })
    : createPrivateKey({ key: bytesOf(pki.privateKeyToAsn1(key)), format: 'der', type: 'pkcs1' });
}

const inside = (node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] =>
  (node?.value ?? []) as forge.asn1.Asn1[];

function certificateOf({ cert, asn1: whole }: forge.pkcs12.Bag): Certificate {
  if (cert === null || cert === undefined) return readCertificate(bytesOf(whole));
  const node = pki.certificateToAsn1(cert);
  const [tbs, , signature] = inside(node);
  // forge writes the outer algorithm anew, perhaps in other words; the inner one is the original.
  const algorithm = inside(tbs)[2];
  node.value = [tbs, algorithm, signature] as forge.asn1.Asn1[];
  return readCertificate(bytesOf(node));
}
