/** What is said once a message has been accepted: of receipts, by recipients, by adapters. */
import { type CodeEntry, entry } from './entry.ts';

export const AFTER_CODES = {
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
  // what an agency says of its clocks
  'statement-invalid': entry(
    'statement',
    400,
    false,
    'The statement is not one that counts.',
    'Mend what the explanation names; sign it for this router, within ten minutes, about what is your own to say.',
  ),
  'extension-mismatch': entry(
    'statement',
    409,
    false,
    'The clock has been made longer another number of times than the statement says.',
    'Nothing is changed. The explanation names the number here: find out who made it longer, and say the next one.',
  ),
  // what an agency says of its subscriptions
  'too-many-subscriptions': entry(
    'statement',
    409,
    false,
    'The agency has as many subscriptions as it may have.',
    'End those that are no longer needed; ended ones count for thirty days.',
  ),
  'subscription-runs': entry(
    'adapter',
    409,
    false,
    'A subscription of yours to the same, on the same basis, runs already.',
    'Use that one, or end it first.',
  ),
  'subscription-ended': entry(
    'statement',
    403,
    false,
    'The subscription has ended, because nothing allows it any more.',
    'Look up why; begin another when there is a basis again.',
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
    'It is not in a state that allows this.',
    'Do what the explanation says, or look up how it stands.',
  ),
  destroyed: entry(
    'adapter',
    410,
    false,
    'The message was destroyed here.',
    'Look at the destructions: who, when and why; ask the sender if its content is needed.',
  ),
  'storage-full': entry(
    'adapter',
    507,
    true,
    'The disk of the adapter is full: nothing was stored.',
    'Make room on the disk of the adapter; it goes on by itself.',
  ),
  'router-unreachable': entry(
    'adapter',
    503,
    true,
    'The router cannot be reached.',
    'Nothing: the message is offered again. Check the network when it lasts.',
  ),
  'source-not-trusted': entry(
    'adapter',
    502,
    false,
    'The place that the event names is not one that can be trusted to be its source.',
    'Do not fetch it in another way; telephone the source, which may ask the registrar.',
  ),
  'source-unreachable': entry(
    'adapter',
    503,
    true,
    'The source of the event did not answer.',
    'Ask again later; telephone the source when it lasts.',
  ),
} as const satisfies Record<string, CodeEntry>;
