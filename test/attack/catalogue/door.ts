/** Strangers, agencies that look at others, and thieves of the door's place: rows T, W, R, D and V. */
import type { Row } from './row.ts';

export const DOOR_ROWS = [
  {
    id: 'T1',
    attack: 'a stranger learns from the answer whether a certificate is known',
    outcome: 'every no is the same to the letter',
    codes: ['not-authenticated'],
    tests: [
      'attack/http › T1 a stranger with a certificate of its own making is told what one without any is told',
      'router/door/entering › a good certificate that the register does not list is told no more than a stranger',
    ],
  },
  {
    id: 'T2',
    attack: 'the clock tells whether an id, an OIN or a message exists',
    outcome: 'asked in pairs, neither is the slower one',
    codes: ['(no difference)'],
    tests: [
      'attack/strangers › T2 the clock does not tell whether an id, an OIN or a message exists',
      'attack/strangers › T2 a difference of a millisecond would be seen',
    ],
  },
  {
    id: 'T3',
    attack: 'a stranger asks for everything that the interface has',
    outcome: 'one and the same answer, headers and all',
    codes: ['not-authenticated'],
    tests: [
      'attack/strangers › T3 the answer to a stranger is one and the same, whatever it asks for',
    ],
  },
  {
    id: 'W1',
    attack:
      'an agency tries every route of the OpenAPI document with the ids, OINs, receipts and messages of others',
    outcome:
      'status and words are those for what does not exist; of others it can read the register alone',
    codes: ['(as what is not there)'],
    tests: [
      'attack/strangers › W1 an agency alone tries every route with the ids of another, and gets what is not there',
      'attack/strangers › W1 what an agency may know of the others is the register, and nothing of their messages',
      'router/collecting › nobody reads the mailbox of another: not with its own ticket, and not with a stolen one',
    ],
  },
  {
    id: 'V1',
    attack: 'a pipeline that starts is shown an older register, once truly signed',
    outcome:
      'refused below the highest version that was in use, and below the one that the operator pinned',
    codes: ['(register refused)'],
    tests: [
      'attack/register › V1 what was withdrawn does not come back with an older register',
      'attack/register › V1 below the version that the operator pinned, nothing counts whatever the broker says',
      'attack/register › V1 neither the door nor the operator can write the pin, and nobody can erase it',
      'router/registry › a register that is not good as a whole changes nothing, and the next good one is taken',
    ],
  },
  {
    id: 'R1',
    attack: 'a receipt by one to whom nothing was sent',
    outcome: 'does not count; the ledger says who tried',
    codes: ['receipt-invalid'],
    tests: [
      'attack/receipts › R1 a receipt by one to whom nothing was sent',
      'router/receipts › what is refused is refused with a reason, keeps the copy, and stands in the ledger',
    ],
  },
  {
    id: 'R2',
    attack: 'a receipt about the copy of another, in the name of another, or brought by another',
    outcome: 'counts for the own copy alone, from its signer or who has its mandate',
    codes: ['issuer-mismatch', 'receipt-invalid'],
    tests: [
      'attack/receipts › R2 a receipt about the copy of another, or in the name of another',
      'router/receipts › a receipt counts from its issuer, or from who has its mandate, with its own signature',
    ],
  },
  {
    id: 'R3',
    attack: 'a receipt with another digest, or of another message',
    outcome: 'it must be about these very bytes',
    codes: ['receipt-invalid'],
    tests: [
      'attack/receipts › R3 a receipt with another digest, or of another message',
      'adapters/confirming › a receipt that does not count is refused, recorded, and moves nothing',
    ],
  },
  {
    id: 'R4',
    attack: 'a recipient states what only the router may',
    outcome: 'each state has one kind of party that may state it',
    codes: ['receipt-invalid'],
    tests: ['attack/receipts › R4 a receipt that states what only the router may'],
  },
  {
    id: 'R5',
    attack: 'a receipt is replayed',
    outcome: 'the same success, and nothing is passed on twice',
    codes: ['(counted once)'],
    tests: [
      'attack/receipts › R5 the same receipt again, and again under a crash, counts once',
      'router/receipts › two receipts under one id are not both passed on',
    ],
  },
  {
    id: 'R6',
    attack: 'a signed thing of one kind in the place of another',
    outcome: 'each kind has a `typ` of its own',
    codes: ['malformed'],
    tests: [
      'attack/receipts › R6 a ticket or a message in the place of a receipt, and the other way round',
    ],
  },
  {
    id: 'R7',
    attack: 'a receipt by a key that was revoked, though signed before',
    outcome: 'does not count, and the ledger says so',
    codes: ['certificate-revoked'],
    tests: [
      'certs/receipt-revoked › a receipt by a revoked key does not count, though it was signed before: the ledger says so',
    ],
  },
  {
    id: 'D1',
    attack:
      'a thief of the door puts a message on the bus: made up, or true and under another name',
    outcome: 'what is said of the peer can only narrow what is taken; no id is burnt',
    codes: ['issuer-mismatch', 'malformed', 'signature-invalid'],
    tests: [
      'attack/stolen-door › D1 a message that the thief makes up',
      'router/refusing › a signature that does not fit is refused before anything is remembered',
    ],
  },
  {
    id: 'D2',
    attack: 'a thief of the door puts a receipt on the bus',
    outcome: 'a receipt is signed by who states it; the copy stays',
    codes: ['issuer-mismatch', 'receipt-invalid', 'signature-invalid'],
    tests: ['attack/stolen-door › D2 a receipt that the thief makes up does not count'],
  },
  {
    id: 'D3',
    attack: 'a thief of the door polls for another',
    outcome: 'a mailbox opens to a ticket of its owner, for ten minutes at most',
    codes: ['issuer-mismatch', 'ticket-invalid'],
    tests: [
      'attack/stolen-door › D3 a ticket of one agency does not open the mailbox of another',
      'router/collecting › a ticket opens the mailbox of its signer, for the one router, for some minutes',
    ],
  },
  {
    id: 'D4',
    attack: 'a thief of the door makes up a subscription, a suspension, a mandate or an endpoint',
    outcome:
      'the broker lets the door write none of it, and the register is signed by the registrar',
    codes: ['(permissions violation)'],
    tests: [
      'attack/stolen-door › D4 no subscription, suspension, mandate or endpoint can be made up on the bus',
      'router/registry › only the pinned registrar signs',
    ],
  },
  {
    id: 'D5',
    attack:
      'a thief of the door takes receipts with a ticket that passes by, and gives them to nobody',
    outcome:
      'what was taken is on loan and comes again; the router keeps every receipt, and the adapter asks for what it misses',
    codes: ['(asked for again)'],
    tests: [
      'attack/stolen-door › D5 a thief with a ticket that passes by takes receipts and gives them to nobody',
      'adapters/confirming › receipts lost on the way are fetched when the router says that it has the message',
      'router/collecting › gezien removes receipts, and never a delivery',
    ],
  },
  {
    id: 'D6',
    attack: 'a thief of the door has the pipeline answer to the inbox of another role',
    outcome: 'the pipeline does not answer there, and goes on',
    codes: ['(not answered)'],
    tests: [
      'attack/stolen-door › D6 an answer that is to go to the inbox of another role stops nothing',
      'router/bus/requests › a thief of the door cannot have the pipeline write its answer where the thief may not',
    ],
  },
  {
    id: 'D7',
    attack: 'a thief of the door asks questions of every shape',
    outcome: 'answered with a code, and without a word of what was in it; the pipeline goes on',
    codes: ['(not a word of it)'],
    tests: [
      'attack/stolen-door › D7 questions of any shape are answered without a word of what was in them',
    ],
  },
  {
    id: 'D8',
    attack: 'a thief of the door says no, or yes, in the name of the router',
    outcome: 'the adapter believes only what the router signed, about these very bytes',
    codes: ['(not believed)'],
    tests: [
      'adapters/sending › a refusal that nobody signed ends nothing: a stolen door could say it',
      'adapters/sending › an acceptance about other bytes is none',
      'adapters/sending › an acceptance that leaves out a named recipient is none',
    ],
  },
  {
    id: 'D9',
    attack:
      'a thief of the door takes mailboxes as if to bring them to an endpoint, or says that all has arrived',
    outcome:
      'only those whose entry, signed by the registrar, names an endpoint, and they are sealed; nothing leaves a mailbox without a receipt or a ticket of its owner',
    codes: ['not-authorised', 'ticket-invalid'],
    tests: [
      'router/push/elsewhere › a door may take for nobody else, and takes nothing away without a ticket',
      'router/push/bringing › a receipt that does not count changes nothing: signed by another, or about another message',
      'router/push/bringing › receipts are brought too; they leave the mailbox by a ticket of the agency that names them, and not by the word of the door',
    ],
  },
  {
    id: 'D10',
    attack: 'a thief of the door begins, ends, lists or reads the subscriptions of another',
    outcome:
      'a subscription moves by the signed word of its owner, once, and is shown and read with its ticket alone',
    codes: [
      'issuer-mismatch',
      'not-found',
      'signature-invalid',
      'statement-invalid',
      'ticket-invalid',
    ],
    tests: [
      'attack/stolen-door › D10 no subscription is begun, ended, listed or read without the word of its owner',
      'router/subscriptions/subscriptions › it is shown to its subscriber as the Dutch profile has it, and to nobody else',
      'router/subscriptions/subscriptions › said twice, it is begun once; the same id for something else is refused',
    ],
  },
  {
    id: 'D11',
    attack:
      'a thief of the door asks in the name of any agency where its messages stand, and for its receipts of the last months',
    outcome:
      'what is the own of an agency is told to whoever shows a ticket that it signed, for ten minutes at most, and to nobody else',
    codes: ['issuer-mismatch', 'malformed', 'ticket-invalid'],
    tests: [
      'attack/stolen-door › D11 nobody is told of the messages of an agency without its ticket, whoever the thief says he is',
      'router/collecting › a ticket says whose messages are asked about: those of the agency that it names',
      'router/door/refusing › what is the own of an agency is asked with its ticket: without one the bus is not asked',
    ],
  },
  {
    id: 'D12',
    attack:
      'a thief of the door has receipts, alarms or summaries removed that their agency has not seen: with tickets that pass by, or by bringing a false one under the id of a true one; an agency does so with a receipt of its own under the id of an alarm, which the parties to a message can work out',
    outcome:
      'what was seen is a claim of the ticket, each by its signer and its id: what the owner listed leaves the mailbox, and nothing else; an adapter lists nothing that it did not verify',
    codes: ['(stays)', 'issuer-mismatch', 'schema-invalid', 'signature-invalid'],
    tests: [
      'attack/stolen-door › D12 a thief with tickets that pass by takes nothing out of a mailbox but what its owner said it has',
      'attack/stolen-door › D12 words that their agency never says it has seen hold up nothing: more than a page of them',
      'attack/stolen-door › D12 an agency receipts under the id of an alarm: who says that it has the receipt, has not said that it has the alarm',
      'adapters/alarms › under the id of a true alarm comes a false one: the true one stays in the mailbox, and counts',
      'adapters/alarms › under the id of a true alarm comes a genuine receipt of another agency: the true one stays in the mailbox, and counts',
      'adapters/alarms › what does not count comes again and again: kept and said once, and it holds up nothing',
      'adapters/confirming › under the id of a true receipt comes a false one: the true one stays in the mailbox, and counts',
      'router/collecting › gezien removes receipts, and never a delivery',
      'router/collecting › what a ticket lists is removed with the first question of a poll, and each time that it is shown',
      'router/push/bringing › receipts are brought too; they leave the mailbox by a ticket of the agency that names them, and not by the word of the door',
    ],
  },
] as const satisfies readonly Row[];
