/**
 * Gives the keys of the vectors, which are JWKs, the form in which keys come to Ketenpost: inside a
 * certificate of a pinned issuer, for one use, judged by the trust store.
 */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Authority } from '../../../certs/authority/authority.ts';
import { makeLeaf } from '../../../certs/authority/issuers.ts';
import { type Certificate, readCertificate, type Use } from '../../../certs/certificate.ts';
import { openingKey } from '../../../certs/handles.ts';
import type { OpeningKey } from '../../../certs/keys.ts';
import { SEAL_ALGS } from '../../../certs/open.ts';
import { TrustStore } from '../../../certs/truststore.ts';
import { SIGN_ALGS } from '../../../certs/verify.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { openOffice, POLICE } from '../../certs/office.ts';
import type { Jwk } from './cases.ts';

const HOUR = 3_600_000;
const OURS: readonly unknown[] = [...SIGN_ALGS, ...SEAL_ALGS];

export class KeyDesk {
  readonly #office: Authority;
  readonly #trust: TrustStore;
  readonly #certificates = new Map<string, Promise<Certificate>>();

  private constructor(office: Authority, trust: TrustStore) {
    this.#office = office;
    this.#trust = trust;
  }

  static async open(): Promise<KeyDesk> {
    const office = await openOffice();
    return new KeyDesk(office, await TrustStore.load(office.trust));
  }

  /**
   * The certificate that Ketenpost would have to have been given for this key, good for the use.
   * A JWK may name its own algorithm, a certificate cannot: with us the kind of the key decides. So
   * this one rule is the bridge's, not ours: a key that is for one of our algorithms or for none.
   * @throws Refusal algorithm-not-allowed by that rule, certificate-unknown when there can be no
   *   certificate, or as TrustStore.judge does
   */
  async admit(jwk: Jwk, { alg, kid }: Jwk, use: Use): Promise<Certificate> {
    const certificate = await this.certificate(jwk, kid);
    const own = pick(jwk, kid)['alg'];
    if (own !== undefined && own !== alg && OURS.includes(alg)) {
      throw new Refusal('algorithm-not-allowed', 'the key is for another algorithm');
    }
    const now = Date.now();
    this.#trust.judge(certificate, { use, at: now, now });
    return certificate;
  }

  /** @throws Refusal certificate-unknown when no certificate can hold such a key */
  async certificate(jwk: Jwk, kid: unknown): Promise<Certificate> {
    const one = pick(jwk, kid);
    const known = this.#certificates.get(JSON.stringify(one));
    if (known !== undefined) return known;
    const made = this.#certify(one);
    this.#certificates.set(JSON.stringify(one), made);
    return made;
  }

  /** @throws Refusal as admit */
  async openingKey(jwk: Jwk, publicJwk: Jwk, header: Jwk): Promise<OpeningKey> {
    const certificate = await this.admit(publicJwk, header, 'vertrouwelijkheid');
    const key = importKey(pick(jwk, header['kid']), createPrivateKey);
    return openingKey(key, certificate, true);
  }

  async #certify(jwk: Jwk): Promise<Certificate> {
    const publicKey = importKey(jwk, createPublicKey);
    const now = Date.now();
    const from = { notBefore: now - HOUR, notAfter: now + HOUR, hosts: [] };
    const leaf = { ...from, oin: POLICE, name: 'Vector', use: useOf(jwk), publicKey };
    return readCertificate(
      await makeLeaf(leaf, this.#office.issuer('issuing'), 'http://crl.invalid'),
    );
  }
}

/** Of a set, the one key that is meant. Ketenpost finds by thumbprint, which is never shared by two. */
function pick(jwk: Jwk, kid: unknown): Jwk {
  const { keys } = jwk as { keys?: Jwk[] };
  if (keys === undefined) return jwk;
  const meant = keys.length === 1 ? keys : keys.filter((key) => key['kid'] === kid);
  const [one] = meant;
  if (one === undefined || meant.length > 1) throw new Refusal('certificate-unknown');
  return one;
}

function useOf({ alg, use, key_ops: ops }: Jwk): Use {
  const sealing =
    use === 'enc' ||
    /^(RSA|ECDH)/.test(String(alg)) ||
    (Array.isArray(ops) && ops.includes('encrypt'));
  return sealing ? 'vertrouwelijkheid' : 'authenticiteit';
}

type Import = (input: { key: JsonWebKey; format: 'jwk' }) => KeyObject;

/** @throws Refusal certificate-unknown: what is not a key pair's half is in no certificate */
function importKey(jwk: Jwk, read: Import): KeyObject {
  if (jwk['kty'] === 'oct') throw new Refusal('certificate-unknown', 'a shared key has none');
  try {
    return read({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw new Refusal('certificate-unknown', 'it is not a key');
  }
}
