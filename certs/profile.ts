/**
 * What a certificate may be used for, by the profiles of PKIoverheid G4 (Private G-Other LP and
 * Private G-TLS SYS). The authority issues by this table and the trust store judges by it.
 */

/** The three certificates of an agency; one never does the work of another. */
export type Use = 'tls' | 'authenticiteit' | 'vertrouwelijkheid';
export const USES: readonly Use[] = ['tls', 'authenticiteit', 'vertrouwelijkheid'];

/** In the order of the bits (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export const OID = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  organizationIdentifier: '2.5.4.97',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  issuingDistributionPoint: '2.5.29.28',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  fileEncryption: '1.3.6.1.4.1.311.10.3.4',
} as const;

/** The arc of policies under PKIoverheid's trial root; the authority issues under no other. */
const TRIAL = '2.16.528.1.1003.1.2.41';
const PRODUCTION = '2.16.528.1.1003.1.2.44';
const policy = (tail: string): readonly string[] => [`${TRIAL}.${tail}`, `${PRODUCTION}.${tail}`];

export interface UseProfile {
  /** The key must have these… */
  readonly keyUsage: { readonly rsa: readonly KeyUsage[]; readonly ec: readonly KeyUsage[] };
  /** …and may have these besides. */
  readonly mayAlso: readonly KeyUsage[];
  /** The extended key usage that makes it fit. */
  readonly purpose: string;
  /** What the authority writes. */
  readonly issuedPurposes: readonly string[];
  /** One of these policies must be there; the first is what the authority writes. */
  readonly policies: readonly string[];
}

export const PROFILE: Readonly<Record<Use, UseProfile>> = {
  tls: {
    keyUsage: { rsa: ['digitalSignature'], ec: ['digitalSignature'] },
    mayAlso: ['keyEncipherment', 'keyAgreement'],
    purpose: OID.clientAuth,
    issuedPurposes: [OID.serverAuth, OID.clientAuth],
    // G-TLS SYS for servers and clients, G-Other LP authentication for clients only.
    policies: [...policy('15.35.11'), ...policy('16.25.8')],
  },
  authenticiteit: {
    keyUsage: { rsa: ['digitalSignature'], ec: ['digitalSignature'] },
    mayAlso: ['nonRepudiation'],
    purpose: OID.documentSigning,
    issuedPurposes: [OID.documentSigning],
    policies: policy('16.25.4'),
  },
  vertrouwelijkheid: {
    keyUsage: { rsa: ['keyEncipherment', 'dataEncipherment'], ec: ['keyAgreement'] },
    mayAlso: [],
    purpose: OID.fileEncryption,
    issuedPurposes: [OID.fileEncryption],
    policies: policy('16.25.7'),
  },
};
