/**
 * Every event of the ledger: its fields and what it means, in one table from which the types and
 * the table in docs/ come. Ids, digests, codes and times only.
 */
import { type FieldKind, type FieldTypes, fits } from './fields.ts';

const message = { afzender: 'oin', bericht: 'uuid7', dig: 'digest' } as const;

export const EVENTS = {
  voornemen: {
    means: 'a message will be stored for these recipients, and for no others',
    fields: {
      ...message,
      berichttype: 'word',
      versie: 'word',
      grondslag: 'word',
      prio: 'word',
      ontvangers: 'oins',
      /** Recipients by subscription that could not be reached and were left out. */
      overgeslagen: 'oins?',
      herhaling: 'yes?',
    },
  },
  aanvaard: {
    means: 'the message is durable for every recipient; the digest is that of the signed receipt',
    fields: { ...message, ontvangers: 'oins', ontvangstbewijs: 'digest', herhaling: 'yes?' },
  },
  geweigerd: {
    means:
      'a stage said no; before the signature is verified the sender is unknown and dig is of the sealed bytes',
    fields: {
      afzender: 'oin?',
      bericht: 'uuid7?',
      dig: 'digest',
      peer: 'oin?',
      stadium: 'word',
      code: 'word',
      ontvangstbewijs: 'digest?',
    },
  },
  besluit: {
    means: 'whether a role may send this type to that role on that basis, and by which rule',
    fields: {
      ...message,
      berichttype: 'word',
      grondslag: 'word',
      ontvanger: 'oin?',
      van: 'words',
      naar: 'words?',
      toegestaan: 'yes',
      regel: 'word?',
      reden: 'word?',
    },
  },
  ontvangstbewijs: {
    means: 'a recipient, or the router at the end of a message, stated what became of a copy',
    fields: {
      ...message,
      ontvanger: 'oin',
      staat: 'state',
      ontvangstbewijs: 'digest',
      code: 'word?',
      /** It contradicts what had been stated before; both are kept. */
      strijdig: 'yes?',
    },
  },
  'ontvangstbewijs-geweigerd': {
    means: 'a receipt was offered that does not count',
    fields: {
      peer: 'oin',
      ontvangstbewijs: 'digest',
      code: 'word',
      afzender: 'oin?',
      bericht: 'uuid7?',
    },
  },
  alarm: {
    means: 'an urgent message took too long; sender and recipient were told to telephone',
    fields: { ...message, ontvanger: 'oin', soort: 'word', telefoon: 'yes' },
  },
  klok: {
    means:
      'an agency said that its clock begins, is longer or ends; or the router told it how one stands',
    fields: { eigenaar: 'oin', klok: 'word', handeling: 'word', afzender: 'oin', bericht: 'uuid7' },
  },
  raadpleging: {
    means:
      'a consultation: begun by a question (geopend), another question (gevraagd), beantwoord, herinnerd, ingetrokken, samengevat; bericht is the question, the answer or the summary',
    fields: {
      vrager: 'oin',
      conversatie: 'uuid7',
      handeling: 'word',
      bericht: 'uuid7?',
      berichttype: 'word?',
      /** Who was asked, reminded or answered. */
      partners: 'oins?',
      teLaat: 'yes?',
    },
  },
  abonnement: {
    means:
      'a subscription began, was refused, or ended, and why; of what it covers, only of which kind it is',
    fields: {
      abonnee: 'oin',
      abonnement: 'uuid7',
      handeling: 'word',
      /** zaak, type, regio: what it is limited to. */
      soorten: 'words?',
      bron: 'oin?',
      grondslag: 'word?',
      reden: 'word?',
    },
  },
  'bezorging-gestopt': {
    means:
      'the endpoint of an agency said that it is gone; nothing is brought there until its entry changes',
    fields: { ontvanger: 'oin', reden: 'word' },
  },
  register: {
    means: 'the register changed: apply, rollback, suspend, resume',
    fields: {
      handeling: 'word',
      versie: 'number',
      vorige: 'number?',
      registrar: 'oin',
      /** The account of whoever did it on the operator's machine. */
      uitvoerder: 'word',
      organisaties: 'oins?',
    },
  },
  'dode-letter': {
    means: 'a submission was parked: dig is of its sealed bytes',
    fields: {
      stapel: 'word',
      id: 'word',
      afzender: 'oin?',
      bericht: 'uuid7?',
      dig: 'digest',
      oorzaak: 'word',
      pogingen: 'number',
    },
  },
  herinzending: {
    means: 'a dead letter was offered to the pipeline again, and what came of it',
    fields: {
      stapel: 'word',
      id: 'word',
      dig: 'digest',
      uitvoerder: 'word',
      uitslag: 'word',
    },
  },
  gewist: {
    means: 'what should have gone at its time had not, and was found and overwritten',
    fields: {
      /** What it was: kopie, bericht-aan-afzender or dode-letter. */
      soort: 'word',
      /** Why its time was over. */
      reden: 'word',
      dig: 'digest',
      afzender: 'oin?',
      bericht: 'uuid7?',
      /** Whose mailbox it lay in. */
      ontvanger: 'oin?',
    },
  },
} as const satisfies Record<string, { means: string; fields: Readonly<Record<string, FieldKind>> }>;

export type LedgerKind = keyof typeof EVENTS;

type Fields = Readonly<Record<string, FieldKind>>;
type Needed<F extends Fields> = {
  readonly [K in keyof F as F[K] extends keyof FieldTypes ? K : never]: FieldTypes[F[K] &
    keyof FieldTypes];
};
type Optional<F extends Fields> = {
  readonly [K in keyof F as F[K] extends `${string}?`
    ? K
    : never]?: F[K] extends `${infer T extends keyof FieldTypes}?`
    ? FieldTypes[T] | undefined
    : never;
};

/** One entry, by its kind. */
export type LedgerEntry = {
  [K in LedgerKind]: { readonly kind: K } & Needed<(typeof EVENTS)[K]['fields']> &
    Optional<(typeof EVENTS)[K]['fields']>;
}[LedgerKind];

/** @throws Error when the entry is not as the table says: a fault of ours, told by field and never by value */
export function checkEntry({ kind, ...values }: LedgerEntry): void {
  const fields: Fields = EVENTS[kind].fields;
  const given: Readonly<Record<string, unknown>> = values;
  const wrong = [
    ...Object.keys(given).filter((name) => !Object.hasOwn(fields, name)),
    ...Object.entries(fields)
      .filter(([name, field]) => !fits(field, given[name]))
      .map(([name]) => name),
  ];
  if (wrong.length > 0) throw new Error(`ledger entry ${kind}: wrong field ${wrong.join(', ')}`);
}
