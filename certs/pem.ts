/** PEM (RFC 7468): text around DER. */
type Label = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL';

export function toPem(der: Uint8Array, label: Label): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The DER of every block with the label, in order. */
export function fromPem(text: string, label: Label): Buffer[] {
  const block = new RegExp(
    `-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`,
    'g',
  );
  return [...text.matchAll(block)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
