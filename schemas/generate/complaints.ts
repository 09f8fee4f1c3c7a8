/**
 * What users of comparable systems complained of about receipts, duplicates and retries, the rule
 * that follows, and the test that holds it. A test finds each of these tests by its name.
 */
export interface Complaint {
  readonly complaint: string;
  readonly link: string;
  readonly here: string;
  readonly file: string;
  /** The name of the test, word for word. */
  readonly test: string;
}

const HOLODECK = 'https://github.com/holodeck-b2b/Holodeck-B2B/issues';

export const COMPLAINTS: readonly Complaint[] = [
  {
    complaint:
      'A duplicate of a failed message gets a receipt: the sender believes it was delivered',
    link: `${HOLODECK}/142`,
    here: 'a duplicate of a refused message gets the stored refusal, byte for byte',
    file: 'test/router/repeating.test.ts',
    test: 'a duplicate of a refused message gets that same refusal, also when it would now be allowed',
  },
];
