/** What the routes of subscriptions give. Names by the Dutch draft of a subscription API; the rest is ours. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { closed, listOf, text } from './json-schema.ts';

const subscription = closed(
  'A subscription of your own',
  {
    id: text('Its id, which you chose', { pattern: PATTERNS.uuid7 }),
    source: text('Only events of this agency', { pattern: PATTERNS.oinUrn }),
    types: listOf(text('CloudEvents type'), 'Only events of these types'),
    protocol: text('How it is read besides your mailbox', { enum: ['http-pull'] }),
    endpoint: text('Where, below this host', { pattern: '^/v1/subscriptions/' }),
    zaak: text('Only events of this case of source; it ends with the case', {
      pattern: PATTERNS.uuid,
    }),
    regio: text('Only events of this VT region', { pattern: '^VT[0-9]{2}$' }),
    grondslag: text('The basis on which you are told'),
    begin: text('Since, in UTC', { format: 'date-time' }),
    eind: text('It ends by itself then, in UTC', { format: 'date-time' }),
    staat: text('Whether it runs', { enum: ['loopt', 'beeindigd'] }),
    reden: text('Why it ended', { enum: ['opgezegd', 'eind', 'zaak-afgesloten', 'geen-recht'] }),
    beeindigdOp: text('When it ended, in UTC; it is shown for thirty days', {
      format: 'date-time',
    }),
    overgeslagen: closed(
      'Events that you were left out of: your mailbox was full, or no key good',
      {
        aantal: { type: 'integer', description: 'How many' },
        laatstOp: text('When last, in UTC', { format: 'date-time' }),
      },
    ),
  },
  ['source', 'types', 'zaak', 'regio', 'reden', 'beeindigdOp', 'overgeslagen'],
);

const event = closed('A CloudEvent of the router, around a sealed copy', {
  specversion: text('Version of CloudEvents', { enum: ['1.0'] }),
  id: text('<OIN of the sender>.<id of the message>: the same for every time that it is given', {
    pattern: '^[0-9A-Z]{20}\\.[0-9a-f-]{36}$',
  }),
  source: text('The router'),
  type: text('What it is', { enum: ['nl.ketenpost.aflevering.v1'] }),
  subject: text('The subscription', { pattern: PATTERNS.uuid7 }),
  time: text('When it was put into your mailbox', { format: 'date-time' }),
  datacontenttype: text('What data is', { enum: ['application/jose'] }),
  sequence: text('Its place in your mailbox: what comes after it, you ask with this as `since`', {
    pattern: '^[0-9]{20}$',
  }),
  sequencetype: text('What sequence counts', { enum: ['postbusplaats'] }),
  data: text('The delivery (compact JWE), as `_ophalen` gives it; the event is inside'),
});

export const SUBSCRIPTION_SCHEMAS = {
  Abonnement: subscription,
  Abonnementen: closed('Your subscriptions', {
    abonnementen: listOf(
      subscription,
      'Those of the last thirty days that ended too, oldest first',
    ),
  }),
  Gebeurtenissen: listOf(event, 'Oldest first'),
} as const;
