/** HTTP, addresses that are called, and the exhaustion of resources: rows H of the design's catalogue, and S. */
import type { Row } from './row.ts';

export const HTTP_ROWS = [
  {
    id: 'H1',
    attack: 'an endpoint on loopback, in a private network or at the metadata service of a cloud',
    outcome:
      'not called unless the registrar signed that this very host lies inside; metadata, link-local and multicast never',
    codes: ['(tried again later)'],
    tests: [
      'router/push/elsewhere › a name that leads inside is not called, unless the register says so of it',
      'router/push/elsewhere › an address inside that stands in the register itself is not called either',
      'certs/reach/addresses › loopback, private and shared networks are inside; what no endpoint can have is never called',
    ],
  },
  {
    id: 'H2',
    attack: 'the same address in disguise: IPv4 in IPv6, octal, 127.1',
    outcome:
      'judged as the address that it leads to; IPv4 in IPv6 is never called, and of IPv6 only what is listed as public',
    codes: ['(tried again later)'],
    tests: [
      'certs/reach/addresses › law: an IPv4 address inside an IPv6 one is never called, whichever it is and however it is written',
      'certs/reach/addresses › law: of IPv6 nothing passes that is not listed as public',
      'certs/reach/addresses › law: octal, hexadecimal, short and whole numbers are the address that they would lead to',
    ],
  },
  {
    id: 'H3',
    attack: 'an address between brackets that slips through a filter',
    outcome:
      'the brackets are taken off before it is judged, here and where the connection is made',
    codes: ['(tried again later)'],
    tests: [
      'certs/reach/addresses › https only, no credentials, no query, and not the port of another service',
      'router/push/elsewhere › an address inside that stands in the register itself is not called either',
    ],
  },
  {
    id: 'H4',
    attack: 'a redirect, or a name that points elsewhere the second time',
    outcome:
      'no redirect is followed; a name is looked up once for each connection, every address is judged, and the one that was judged is called',
    codes: ['(tried again later)'],
    tests: [
      'router/push/refusing › a redirect is not followed',
      'router/push/elsewhere › a name that leads elsewhere the second time is judged anew, and looked up once for each connection',
      'router/push/elsewhere › nobody else receives it: not with the certificate of another agency, nor with one of another authority',
      'adapters/connectors/webhook › a redirect is not followed: the data goes to the configured address alone',
    ],
  },
  {
    id: 'H5',
    attack: 'paths that climb, or mean something else to another reader',
    outcome: 'there is no such path',
    codes: ['not-found'],
    tests: [
      'attack/http › H5 paths that climb, or mean something else to another reader',
      'adapters/connectors/rest › whatever the address holds, the answer is ours and the adapter stays',
    ],
  },
  {
    id: 'H6',
    attack: 'ten thousand parts in one request, or as many dots',
    outcome: 'multipart is not taken at all; dots are counted, not collected',
    codes: ['malformed', 'unsupported-media-type'],
    tests: [
      'attack/parsers › H6 ten thousand parts, and other shapes that are more than they weigh',
    ],
  },
  {
    id: 'H7',
    attack: 'headers that are too many or too large',
    outcome: '431, said as a fault of the client',
    codes: ['headers-too-large'],
    tests: [
      'attack/http › H7 too many headers, or too large ones, are the fault of the client, and said so',
      'router/door/submitting › a body over the limit is refused, and the client hears so while it still sends',
    ],
  },
  {
    id: 'H8',
    attack: 'the answer of an endpoint is stored and shown',
    outcome:
      'nothing of an answer is kept but its status, or the signed statement that it is; one without end is not read',
    codes: ['(tried again later)'],
    tests: [
      'router/push/refusing › an answer is neither kept nor shown, and one without end is not read',
      'adapters/connectors/webhook › tried again later, with the same key, until it is taken',
    ],
  },
  {
    id: 'H9',
    attack: 'a message that nobody signed, in the clear or well sealed',
    outcome: 'there is no setting that takes it',
    codes: ['malformed'],
    tests: ['attack/http › H9 what nobody signed is not taken, sealed or not'],
  },
  {
    id: 'H10',
    attack:
      'control characters that write a line of the log or a header; two lengths, two hosts, a length and chunks',
    outcome:
      'one request, one answer, one line; nothing of a header gets into the log but ids in their one form',
    codes: ['bad-request'],
    tests: [
      'attack/http › H10 control characters cannot write a line of the log or a header of an answer',
      'attack/http › H10 two lengths, two hosts, or a length and chunks: no two readers, no smuggling',
      'router/door/laws › only what has its one form goes into a log or onto the bus',
    ],
  },
  {
    id: 'H11',
    attack: 'state that is kept without the name of its agency',
    outcome:
      'everything is kept under (sender, id); two agencies in one adapter do not see each other',
    codes: ['not-authorised'],
    tests: [
      'attack/http › H11 one id with two senders is two messages',
      'router/repeating › the same id of another sender is another message',
      'adapters/process › several agencies: neither sees what the other has',
    ],
  },
  {
    id: 'S1',
    attack: 'clients that say nothing, speak drop by drop, or do not read the answer',
    outcome: 'cut off at the limit of handshake, headers or request; others are served meanwhile',
    codes: ['request-timeout'],
    tests: [
      'attack/http › S1 a client that says nothing, or says it drop by drop, is cut off',
      'attack/http › S1 a client that does not read what it asked for holds up nobody',
      'router/door/stopping › idle and half-open connections do not hold up the stop',
    ],
  },
  {
    id: 'S2',
    attack: 'one stranger, or a crowd of them, takes every connection',
    outcome:
      'so many per address and so many together; where an agency came from lately is not in the crowd',
    codes: ['(cut off)'],
    tests: [
      'attack/http › S2 one stranger with many connections leaves room for agencies',
      'attack/http › S2 in a crowd of strangers from everywhere, an address of an agency is still let in',
      'router/door/limits › one certificate holds no more than its share of the connections',
    ],
  },
  {
    id: 'S3',
    attack: 'handshakes without end, which cost the door a signature each',
    outcome: 'a rate for each address; of IPv6 a network of 64 bits is one address',
    codes: ['(cut off)'],
    tests: [
      'attack/http › S3 handshakes are limited by address',
      'attack/http › S3 behind a balancer many have one address: it is not limited by that, and strangers still are',
      'attack/http › S3 one network of IPv6 is one address; IPv4 is itself, however it is written',
    ],
  },
  {
    id: 'S4',
    attack: 'one agency floods the door',
    outcome:
      'it uses up its own budget; agencies take turns, and urgent messages have a budget of their own',
    codes: ['too-many-requests'],
    tests: [
      'router/door/limits › over its rate an agency is told to wait; its urgent messages and others are not',
      'router/door/limits › agencies take turns: one that comes late waits for one turn of the flood at most',
      'router/door/limits › urgent messages do not stand behind normal ones that are stuck',
      'router/door/laws › budget: in any stretch of time no more than burst and rate allow',
    ],
  },
  {
    id: 'S5',
    attack: 'a browser is made to frame, sniff, keep or read an answer for another site',
    outcome: 'every answer has the headers against it, also those given before there is a request',
    codes: ['(headers on every answer)'],
    tests: [
      'router/door/refusing › what is not HTTP at all',
      'router/door/entering › what an agency may read is not open to a page on any site',
      'router/door/laws › whatever is asked, the answer is one of ours with a code from the table',
    ],
  },
  {
    id: 'S6',
    attack:
      'an agency within its rate asks what is cheap for it and dear for the router: tickets that list ids which are nowhere, thousands of subscriptions to one case, and a mailbox that it lets run full',
    outcome:
      'each id is looked for in its exact places, at the same cost however much waits; what it was left out of is counted with a hundred subscriptions, one event at a time',
    codes: ['(bounded)'],
    tests: [
      'router/collecting › what was given by another pipeline is found by its exact places: no id of a ticket walks over all mailboxes',
      'router/subscriptions/subscriptions › what a hundred subscriptions of one agency were left out of is counted with each, and not with more',
      'router/subscriptions/falls › many events left out of at once are counted one after the other: none tries in vain',
    ],
  },
] as const satisfies readonly Row[];
