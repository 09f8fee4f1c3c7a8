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

export const COMPLAINTS: readonly Complaint[] = [
  {
    complaint:
      'A duplicate of a failed message gets a receipt: the sender believes it was delivered',
    link: 'https://github.com/holodeck-b2b/Holodeck-B2B/issues/142',
    here: 'a duplicate of a refused message gets the stored refusal, byte for byte',
    file: 'test/router/repeating.test.ts',
    test: 'a duplicate of a refused message gets that same refusal, also when it would now be allowed',
  },
  {
    complaint: 'A message that fails security checks is delivered anyway',
    link: 'https://github.com/holodeck-b2b/Holodeck-B2B/issues/140',
    here: 'it is not stored, its sender is told, and what came is kept as proof',
    file: 'test/adapters/tampering.test.ts',
    test: 'not delivered, the sender is asked to offer it again, the proof is kept',
  },
  {
    complaint: 'Duplicates are detected and delivered all the same',
    link: 'https://github.com/holodeck-b2b/Holodeck-B2B/issues/117',
    here: 'the inbox has one message for each sender and id; a repeat is answered with the stored receipts',
    file: 'test/adapters/receiving.test.ts',
    test: 'a repeat is answered with the same receipts, and delivered once',
  },
  {
    complaint: 'A late receipt is ignored: it stays failed although it was delivered',
    link: 'https://github.com/holodeck-b2b/Holodeck-B2B/issues/104',
    here: 'a late receipt wins, at the router and at the sender',
    file: 'test/adapters/sending.test.ts',
    test: 'a receipt that comes after the end wins',
  },
  {
    complaint: 'A receipt and then a non-receipt for one message',
    link: 'https://github.com/holodeck-b2b/Holodeck-B2B/issues/128',
    here: 'both are kept, passed on and flagged',
    file: 'test/router/receipts.test.ts',
    test: 'contradictions are kept, passed on, and flagged in the ledger',
  },
  {
    complaint: 'A retry after a timeout is rejected as a duplicate',
    link: 'https://github.com/difi/sikker-digital-post-klient-dotnet/issues/226',
    here: 'the same message again is a success: `herhaald`, with the same receipt; another under its id has a code of its own, `id-reused`',
    file: 'test/router/repeating.test.ts',
    test: 'offered again, sealed anew or not, it gives the same receipt and no second copy',
  },
  {
    complaint: 'Duplicates are always rejected, instead of accepted silently with a receipt',
    link: 'https://github.com/phax/phase4/issues/371',
    here: 'however often and wherever it is offered: one delivery, one receipt',
    file: 'test/router/repeating.test.ts',
    test: 'twenty at once, over two pipelines, give one delivery and one receipt',
  },
  {
    complaint: 'A retry makes new ids: the receiver sees a new message',
    link: 'https://github.com/phax/phase4-peppol-standalone/issues/6',
    here: 'the outbox offers the same bytes, always',
    file: 'test/adapters/sending.test.ts',
    test: 'is followed by the same message under the same id',
  },
  {
    complaint: 'Status messages cause status messages',
    link: 'https://github.com/PMeV-EFUL/ucri2/issues/14',
    here: 'nothing can be stated about a receipt or an alarm',
    file: 'test/router/receipts.test.ts',
    test: 'a receipt is never answered with a receipt',
  },
  {
    complaint: 'No delivery status; who tells of the timeout?',
    link: 'https://github.com/PMeV-EFUL/ucri2/issues/14',
    here: 'the router states `onbestelbaar`; and the sender has a clock of its own',
    file: 'test/adapters/asking.test.ts',
    test: 'before it tells that the end has come it asks once more',
  },
  {
    complaint: 'A failure is only visible in an inbox that nobody reads',
    link: 'https://github.com/drajer-health/eCRNow/issues/752',
    here: 'an alarm to both sides that names the telephone',
    file: 'test/router/alarms.test.ts',
    test: 'an urgent message that is not delivered in time: both are told once, with the telephone of the other',
  },
  {
    complaint: 'Events for a disabled destination vanish',
    link: 'https://github.com/hookdeck/outpost/issues/611',
    here: 'kept, counted, collected when it is back; its clocks run on',
    file: 'test/router/mailbox-limits.test.ts',
    test: 'for a suspended recipient messages are kept and count; it collects them when it is back',
  },
  {
    complaint: "The dead letters are full of the partners' own errors",
    link: 'https://github.com/hookdeck/outpost/issues/571',
    here: 'three piles; a refusal is no dead letter',
    file: 'test/router/piles.test.ts',
    test: 'a recipient that keeps saying that it cannot read: partner; the promise stands, a redrive seals once more',
  },
  {
    complaint: 'A worker is in limbo after the queue restarts',
    link: 'https://github.com/svix/svix-webhooks/issues/1844',
    here: 'every call is bounded in time, and the queue survives its broker',
    file: 'test/router/bus/queue.test.ts',
    test: 'a queue survives a crash of the broker',
  },
  {
    complaint: 'Concurrent pulls give duplicates',
    link: 'https://ec.europa.eu/digital-building-blocks/sites/display/DIGITAL/Domibus+-+v4.1.5',
    here: 'what one has taken nobody else is given until the lease is over',
    file: 'test/router/bus/queue.test.ts',
    test: 'two takers at once never hold the same message',
  },
  {
    complaint: 'The window of duplicates is a time window, and inconsistent after a restart',
    link: 'https://github.com/nats-io/nats-server/issues/3272',
    here: 'one subject for each fact with an expected sequence, never the window',
    file: 'test/router/bus/log.test.ts',
    test: 'of many that put at once where one may, exactly one succeeds',
  },
  {
    complaint: 'A double acknowledgement says less than it seems',
    link: 'https://github.com/nats-io/nats-architecture-and-design/pull/279',
    here: 'nothing is acknowledged: what was settled is erased, the rest comes back',
    file: 'test/router/bus/queue.test.ts',
    test: 'what was not erased comes back after the lease; what was erased never does',
  },
  {
    complaint: 'What exceeds its deliveries is lost',
    link: 'https://github.com/nats-io/nats-server/issues/7817',
    here: 'deliveries are not counted by the broker; the pipeline parks a message itself',
    file: 'test/router/piles.test.ts',
    test: 'a message on which pipelines died: alone after the first time, parked after the second, redriven when asked',
  },
];
