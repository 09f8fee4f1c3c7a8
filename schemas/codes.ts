/**
 * Every code with which Ketenpost says no. The wire, docs/errors.md and the types come from this
 * table; a test holds them equal.
 *
 * `stage` is where it is said; `status` the HTTP status; `retry` whether the same message, sent
 * again unchanged, may succeed later.
 */
export type Stage =
  | 'door'
  | 'receive'
  | 'verify'
  | 'validate'
  | 'authorise'
  | 'resolve'
  | 'dispatch'
  | 'receipt'
  | 'collect'
  | 'recipient'
  | 'adapter';

export interface CodeEntry {
  readonly stage: Stage;
  readonly status: number;
  readonly retry: boolean;
  /** One sentence: what is wrong. */
  readonly title: string;
  /** One sentence: what to do next. */
  readonly remedy: string;
}

const entry = (
  stage: Stage,
  status: number,
  retry: boolean,
  title: string,
  remedy: string,
): CodeEntry => ({ stage, status, retry, title, remedy });

export const CODES = {
  // door
  'not-authenticated': entry(
    'door',
    401,
    false,
    'No acceptable TLS client certificate was shown.',
    'Connect with the TLS certificate that the registry lists for your OIN.',
  ),
  'not-found': entry(
    'door',
    404,
    false,
    'There is nothing here that you may see.',
    'Check the path, and that the message is one you sent.',
  ),
  'method-not-allowed': entry(
    'door',
    405,
    false,
    'This path does not take this method.',
    'Use a method that the header Allow names.',
  ),
  'not-acceptable': entry(
    'door',
    406,
    false,
    'The answer cannot be given in a form that the request accepts.',
    'Accept application/json and application/problem+json.',
  ),
  'request-timeout': entry(
    'door',
    408,
    true,
    'The request did not arrive in time.',
    'Send the whole request without a pause.',
  ),
  'headers-too-large': entry(
    'door',
    431,
    false,
    'The headers of the request are larger than the door takes.',
    'Send fewer or smaller headers.',
  ),
  'unsupported-media-type': entry(
    'door',
    415,
    false,
    'The content type is not one that this route takes.',
    'Send the content type that the OpenAPI document names.',
  ),
  'bad-request': entry(
    'door',
    400,
    false,
    'The request does not have the form of this route.',
    'Compare the request with the OpenAPI document.',
  ),
  'too-many-requests': entry(
    'door',
    429,
    true,
    'This agency sends faster than it may.',
    'Wait for the time in Retry-After, then go on.',
  ),
  'temporarily-unavailable': entry(
    'dispatch',
    503,
    true,
    'The router cannot take the message now.',
    'Offer the same message again, under the same id.',
  ),
  // receive
  'too-large': entry(
    'receive',
    413,
    false,
    'The message is larger than the router takes.',
    'Send less, or send documents apart.',
  ),
  malformed: entry(
    'receive',
    400,
    false,
    'The bytes are not a well-formed message.',
    'Check the JOSE serialisation and the JSON: canonical base64url, no duplicate names.',
  ),
  'algorithm-not-allowed': entry(
    'receive',
    400,
    false,
    'The algorithm or header is not one that is allowed for this key.',
    'Use PS256 or ES256, RSA-OAEP-256 or ECDH-ES+A256KW with A256GCM, and no other header.',
  ),
  'decryption-failed': entry(
    'receive',
    400,
    false,
    'The message could not be opened.',
    'Seal it for the current confidentiality certificate of the router.',
  ),
  // verify
  'signature-invalid': entry(
    'verify',
    400,
    false,
    'The signature does not fit the message.',
    'Sign the exact bytes with the key of the named certificate.',
  ),
  'certificate-unknown': entry(
    'verify',
    400,
    false,
    'The certificate is not registered for this agency.',
    'Have the registrar add the certificate before you use it.',
  ),
  'certificate-untrusted': entry(
    'verify',
    400,
    false,
    'The certificate was not issued by a trusted issuer.',
    'Use a certificate of an issuer that the router pins.',
  ),
  'certificate-expired': entry(
    'verify',
    400,
    false,
    'The certificate was not valid at that time.',
    'Sign with a certificate that is valid now.',
  ),
  'certificate-unsuitable': entry(
    'verify',
    400,
    false,
    'The certificate is not meant for this use, or its key is too weak.',
    'Use the certificate for authenticity to sign, the one for confidentiality to seal.',
  ),
  'certificate-revoked': entry(
    'verify',
    400,
    false,
    'The certificate has been revoked.',
    'Use another certificate and tell the registrar.',
  ),
  'revocation-unknown': entry(
    'verify',
    503,
    true,
    'Whether the certificate is revoked cannot be known now.',
    'Offer the same message again when the revocation list is fresh.',
  ),
  'issuer-mismatch': entry(
    'verify',
    403,
    false,
    'The sender, the certificate and the connection do not agree.',
    'Send under your own OIN, or have a mandate registered.',
  ),
  'id-reused': entry(
    'verify',
    409,
    false,
    'This id was used before for another message.',
    'Give every new message a new id.',
  ),
  stale: entry(
    'verify',
    400,
    false,
    'The message is too old, from the future, or past its end.',
    'Check the clock; make the message anew with a new id.',
  ),
  // validate
  'type-unknown': entry(
    'validate',
    400,
    false,
    'There is no such message type in this version.',
    'See GET /v1/berichttypen for the types and versions.',
  ),
  'schema-invalid': entry(
    'validate',
    400,
    false,
    'The message does not keep to the schema of its type.',
    'Mend every place that is listed; make the message anew with a new id.',
  ),
  // authorise
  'not-authorised': entry(
    'authorise',
    403,
    false,
    'This sender may not send this to that recipient on that basis.',
    'See ketenpost policy explain for what is allowed.',
  ),
  // resolve
  'recipient-unknown': entry(
    'resolve',
    400,
    false,
    'No such recipient could be found.',
    'Name a registered recipient, or the municipality.',
  ),
  'ambiguous-address': entry(
    'resolve',
    400,
    false,
    'More than one recipient could be meant.',
    'Name one of the listed candidates in aud.',
  ),
  'recipient-unavailable': entry(
    'resolve',
    503,
    true,
    'The recipient has no key that may be used now.',
    'Offer the same message again; warn the recipient by telephone if it cannot wait.',
  ),
  // receipts and collecting
  'receipt-invalid': entry(
    'receipt',
    400,
    false,
    'The receipt is not one that counts for this copy.',
    'Sign it as the addressed recipient, for this copy, with the digest as received.',
  ),
  'ticket-invalid': entry(
    'collect',
    403,
    false,
    'The collection ticket is not valid for this mailbox.',
    'Sign a new ticket with the certificate for authenticity.',
  ),
  // what a recipient says
  'wrongly-addressed': entry(
    'recipient',
    409,
    false,
    'The report is meant for another agency.',
    'Send it to the agency named in the hint, as a new message.',
  ),
  'not-processable': entry(
    'recipient',
    409,
    false,
    'The recipient cannot process this message.',
    'Read the explanation and contact the recipient.',
  ),
  unreadable: entry(
    'recipient',
    409,
    true,
    'The recipient could not open or verify its copy.',
    'The adapter offers the message again, sealed anew.',
  ),
  'not-collected': entry(
    'recipient',
    410,
    false,
    'The message was not collected before its end.',
    'Telephone the recipient; send again as a new message.',
  ),
  // adapter
  'token-invalid': entry(
    'adapter',
    401,
    false,
    'The bearer token is missing or wrong.',
    'Send Authorization: Bearer with the token from the configuration.',
  ),
  'state-conflict': entry(
    'adapter',
    409,
    false,
    'The message is not in a state that allows this.',
    'Look up its state first.',
  ),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;

export const isCode = (value: unknown): value is Code =>
  typeof value === 'string' && Object.hasOwn(CODES, value);
