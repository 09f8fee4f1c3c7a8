/** Made-up values for the document. The types hold them to what the code means by them. */
import type { Inzending, Ophaalantwoord, Ophaalverzoek } from '../../../schemas/generated/wire.ts';
import {
  parseDigest,
  parseOin,
  parseThumbprint,
  parseUuid,
  parseUuid7,
  toNoteId,
  toUrn,
} from '../../../schemas/ids.ts';
import type { MessageStatus, Questions } from '../../questions.ts';
import type { SealedEvent } from '../../subscriptions/pull-events.ts';
import type { SubscriptionView } from '../../subscriptions/show.ts';

const bericht = parseUuid7('019a5b7c-8d9e-7f01-8a2b-3c4d5e6f7081');
const afzender = parseOin('00000099000000010000');
const ontvanger = parseOin('00000099000000020000');
const digest = 'A'.repeat(43);
/** Well formed, and signed by nobody. */
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jws = (typ: string, claims = {}) => `${part({ alg: 'PS256', typ })}.${part(claims)}.AAAA`;
const jwe = `${part({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })}.AAAA.AAAA.AAAA.AAAA`;

const inzending: Inzending = {
  bericht,
  staat: 'aanvaard',
  ontvangers: [ontvanger],
  ontvangstbewijs: jws('secevent+jwt'),
  herhaald: false,
};
const ophaalverzoek: Ophaalverzoek = {
  bewijs: jws('ketenpost-ophaalbewijs+jwt'),
  maximum: 10,
  wachten: 30,
  ontvangstbewijzen: [jws('secevent+jwt')],
};
const ophaalantwoord: Ophaalantwoord = {
  afleveringen: [{ afzender, bericht, prio: 'spoed', inhoud: jwe }],
  ontvangstbewijzen: [],
  uitslagen: [{ dig: parseDigest(digest), aangenomen: true }],
  meer: false,
};
const berichtstatus: MessageStatus = {
  bericht,
  dig: digest,
  staat: 'aanvaard',
  ontvangers: [{ oin: ontvanger, staat: 'afgeleverd', op: '2026-03-02T09:30:00Z' }],
};
const organisaties: Questions['organisations']['value'] = {
  organisaties: [
    {
      oin: ontvanger,
      naam: 'Veilig Thuis Midden-Brabant',
      rollen: ['vt'],
      status: 'actief',
      certificaten: [
        {
          gebruik: 'vertrouwelijkheid',
          x5t: parseThumbprint(digest),
          geldigTot: '2027-03-02T09:30:00Z',
        },
      ],
    },
  ],
};
const registervermelding: Questions['certificates']['value'] = {
  oin: ontvanger,
  registratie: jws('ketenpost-registratie+jwt'),
};
const ontvangstbewijzen: Questions['receipts']['value'] = {
  ontvangstbewijzen: [jws('secevent+jwt')],
};
const geschiedenis: Questions['history']['value'] = {
  ontvangstbewijzen: [jws('secevent+jwt')],
  verder: 4711,
};
const bewijsnummer: Questions['receipt']['value'] = { jti: bericht };
const berichttypen = {
  berichttypen: [
    { berichttype: 'vt-melding', versies: ['1.0'], omschrijving: 'Report to Veilig Thuis' },
  ],
};

const abonnement: SubscriptionView = {
  id: bericht,
  source: toUrn(ontvanger),
  types: ['nl.jeugdketen.zaakstatus-gewijzigd.v1'],
  protocol: 'http-pull',
  endpoint: `/v1/subscriptions/${bericht}/events`,
  zaak: parseUuid('6f0b3c1e-7a52-4d3e-9b1c-2f4e5d6a7b8c'),
  grondslag: 'wmo-4.1.1.2.e',
  begin: '2026-03-02T09:30:00.000Z',
  eind: '2027-03-03T09:30:00.000Z',
  staat: 'loopt',
};
const gebeurtenissen: readonly SealedEvent[] = [
  {
    specversion: '1.0',
    id: `${afzender}.${bericht}`,
    source: `${toUrn(parseOin('00000099000000000000'))}:systeem:ketenpost`,
    type: 'nl.ketenpost.aflevering.v1',
    subject: bericht,
    time: '2026-03-02T09:30:00.000Z',
    datacontenttype: 'application/jose',
    sequence: '00000000000000004711',
    sequencetype: 'postbusplaats',
    data: jwe,
  },
];

export const EXAMPLES = {
  jwe,
  ontvangstbewijs: jws('secevent+jwt'),
  inzending,
  ophaalverzoek,
  gezien: jws('ketenpost-ophaalbewijs+jwt', { gezien: [toNoteId(afzender, bericht)] }),
  ophaalantwoord,
  berichtstatus,
  ontvangstbewijzen,
  geschiedenis,
  bewijsnummer,
  organisaties,
  registervermelding,
  berichttypen,
  abonnementsverklaring: jws('ketenpost-abonnement+jwt'),
  abonnement,
  gebeurtenissen,
} as const;
