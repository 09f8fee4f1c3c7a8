/** The commands of an agency, for the table of all (commands.ts). */
import { group, type Listed } from './find-command.ts';

type Load = Listed['load'];
const track: Load = () => import('./adapters/commands/track.ts');
const pastRetention: Load = () => import('./adapters/commands/past-retention.ts');
const rotateKey: Load = () => import('./adapters/commands/rotate-key.ts');
const verify: Load = () => import('./adapters/commands/verify.ts');
const alarms: Load = () => import('./adapters/commands/alarms.ts');
const caseThread: Load = () => import('./adapters/commands/case.ts');
const consult: Load = () => import('./adapters/commands/consult.ts');
const consultAsk: Load = () => import('./adapters/commands/consult-ask.ts');
const radar: Load = () => import('./adapters/commands/radar.ts');
const terms: Load = () => import('./adapters/commands/terms.ts');
const termsList: Load = () => import('./adapters/commands/terms-list.ts');
const termsShow: Load = () => import('./adapters/commands/terms-show.ts');
const subscribe: Load = () => import('./adapters/commands/subscribe.ts');
const subscribeList: Load = () => import('./adapters/commands/subscribe-list.ts');
const disclosures: Load = () => import('./adapters/commands/disclosures.ts');
const handovers: Load = () => import('./adapters/commands/handovers.ts');
const storeCopy: Load = () => import('./adapters/commands/backup.ts');
const missing: Load = () => import('./adapters/commands/missing.ts');
const destroy: Load = () => import('./adapters/commands/destroy.ts');
const inbox: Load = () => import('./adapters/commands/inbox.ts');

export const AGENCY: readonly Listed[] = [
  ...group(
    'An agency, every day, through an adapter that runs',
    {
      consult: 'one question to several partners, under a clock',
      subscribe: 'events of cases that you are told of',
    },
    [
      [
        'send <file>',
        'hand in a message: a body with --type, or a whole draft; - reads from stdin',
        () => import('./adapters/commands/send.ts'),
      ],
      ['track <id>', 'how far a sent message has come, as a line of time', track],
      ['inbox', 'what was received: what waits for an answer first, then urgent', inbox],
      ['inbox read <message> [id]', 'open a received message; that it was read is recorded', inbox],
      [
        'inbox ack <message> [id]',
        'acknowledge a received message: the sender gets the receipt verwerkt',
        inbox,
      ],
      [
        'inbox reject <message> [id]',
        'reject a received message: the sender gets the receipt afgewezen with the code',
        inbox,
      ],
      [
        'inbox old',
        'reports that are past the retention period, to be destroyed by a person',
        pastRetention,
      ],
      ['alarms', 'urgent messages that wait too long, and whom to telephone', alarms],
      ['alarms seen <id>', 'say that you have seen an alarm; it is recorded who did', alarms],
      [
        'consult open <file>',
        'put one question to several partners under one clock; - reads from stdin',
        consultAsk,
      ],
      ['consult', 'consultations of yours, running ones first', consult],
      ['consult list', 'consultations of yours, running ones first', consult],
      [
        'consult show <conversation>',
        'who was asked, has it, answered and what; how long is left',
        () => import('./adapters/commands/consult-show.ts'),
      ],
      [
        'consult ask <conversation> <file>',
        'ask more under the same clock, of those who know the person; - reads from stdin',
        consultAsk,
      ],
      [
        'consult close <conversation>',
        'withdraw what was asked from those who have not answered; it is recorded who did',
        consult,
      ],
      ['terms', 'statutory clocks, and which have run out', termsList],
      ['terms list', 'statutory clocks, and which have run out', termsList],
      [
        'terms show <term> [message]',
        'the story of one clock: what began it, its moments and why those; or one row of the table',
        termsShow,
      ],
      [
        'terms table',
        'the table of clocks: what begins each, how long it lasts, what ends it, by which law',
        termsShow,
      ],
      ['terms begin <term> <message>', 'a clock of yours begins', terms],
      ['terms extend <term> <message>', 'a clock of yours is made longer', terms],
      ['terms end <term> <message>', 'a clock of yours ends: it is done', terms],
      ['case', 'cases and conversations, the one with the newest message first', caseThread],
      ['case list', 'cases and conversations, the one with the newest message first', caseThread],
      [
        'case show <id>',
        'every message of one case or conversation, as one line of time',
        caseThread,
      ],
      ['radar [message] [id]', 'reports about the same people or household', radar],
      [
        'subscribe begin',
        'be told of events of a case, of kinds of events, or of a region',
        subscribe,
      ],
      [
        'subscribe',
        'subscriptions of yours, what ended of late, and whether anything is missing',
        subscribeList,
      ],
      [
        'subscribe list',
        'subscriptions of yours, what ended of late, and whether anything is missing',
        subscribeList,
      ],
      ['subscribe end <id>', 'end a subscription: nothing more comes under it', subscribe],
      [
        'subscribe events <id>',
        'ask the router again for what waits under a subscription, and take it in',
        subscribe,
      ],
      [
        'subscribe gaps',
        'events that did not come though later ones did: ask again with events or fetch',
        subscribeList,
      ],
      [
        'subscribe fetch <message> [id]',
        'fetch what an event points to, at its source; it is recorded who did, there and here',
        subscribe,
      ],
      [
        'event <case>',
        'tell of a case of yours: what changed, and where to ask; to its subscribers',
        () => import('./adapters/commands/event.ts'),
      ],
      [
        'disclosures',
        'who asked how a case of yours stands, when, and what came of it',
        disclosures,
      ],
      [
        'handovers',
        "what the agency's own systems did not take, and waits for a person",
        handovers,
      ],
      [
        'handovers redrive [messages...]',
        'hand over again what waits for a person; it is recorded who did it',
        handovers,
      ],
      ['missing', 'what came after the backup that was restored, and whom to ask for it', missing],
      [
        'missing done <message>',
        'say that a missing message is dealt with; it is recorded who did',
        missing,
      ],
    ],
  ),
  ...group('An agency, what it keeps and can prove', { adapter: 'the store of an adapter' }, [
    [
      'destroy <message>',
      'destroy the content of a message for good, and prove that it is gone',
      destroy,
    ],
    ['destructions', 'what was destroyed, with the records that the agency signed', destroy],
    [
      'adapter backup',
      'copy the store, also of an adapter that runs; still encrypted, without its key',
      storeCopy,
    ],
    [
      'adapter restore <file>',
      'put a backup in place of the store of a stopped adapter',
      storeCopy,
    ],
    ['adapter rotate-key', 'encrypt the store of a stopped adapter under a new key', rotateKey],
    [
      'adapter evidence',
      'what came in, was refused, and is kept as proof of what somebody sent',
      () => import('./adapters/commands/evidence.ts'),
    ],
    [
      'adapter verify <sender> <id>',
      'prove a received message anew, as of the day that it came',
      verify,
    ],
    [
      'adapter witnesses',
      "export the checkpoints of the router's ledger that came with receipts",
      () => import('./adapters/commands/witnesses.ts'),
    ],
  ]),
];
