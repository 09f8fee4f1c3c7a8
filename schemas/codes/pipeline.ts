/** What the stages of the pipeline say of a message. */
import { type CodeEntry, entry } from './entry.ts';

export const PIPELINE_CODES = {
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
    'What was given does not keep to its schema.',
    'Mend every place that is listed; a message that the router refused is made anew, with a new id.',
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
  'mailbox-full': entry(
    'resolve',
    503,
    true,
    'The mailbox of the recipient is full: it has not collected for too long.',
    'Offer the same message again later; warn the recipient by telephone if it cannot wait.',
  ),
} as const satisfies Record<string, CodeEntry>;
