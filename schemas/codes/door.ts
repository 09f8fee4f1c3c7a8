/** What the door says before anybody has read the message. */
import { type CodeEntry, entry } from './entry.ts';

export const DOOR_CODES = {
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
    'Check the path, and that what it names is yours to ask for.',
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
} as const satisfies Record<string, CodeEntry>;
