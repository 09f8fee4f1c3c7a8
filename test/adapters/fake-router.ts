/**
 * A router small enough to read, for tests of adapters: it opens, verifies, seals and receipts with
 * the real keys, keeps everything in memory, and does wrong when told to.
 */
import { readFileSync } from 'node:fs';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { digestOf } from '../../certs/digest.ts';
import type { SealAlg, SigningKey } from '../../certs/keys.ts';
import { type Identity, loadIdentity, loadSigningKey } from '../../certs/keystore.ts';
import { open } from '../../certs/open.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { readJws, verify } from '../../certs/verify.ts';
import type { Code } from '../../schemas/codes.ts';
import type {
  Alarm,
  Bericht,
  Feit,
  Herinnering,
  Inzending,
  Ontvangstbewijs,
  Ophaalantwoord,
  Ophaalverzoek,
  Postbusstuk,
  Registratie,
  Routenota,
  Samenvatting,
  Uitslag,
} from '../../schemas/generated/wire.ts';
import { type Digest, fromUrn, newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { type Problem, toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { STATES, standing } from '../../schemas/states.ts';
import { CTY, RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES, OPERATOR, REGISTRAR, type TownAgency } from '../town/agencies.ts';
import type { TownKeys } from '../town/keys.ts';
import { FakeMailboxes } from './fake-mailboxes.ts';

/** Certificates by their PEM: each message asks for those of its sender. */
const read = new Map<string, Certificate>();
function readOnce(pem: string): Certificate {
  const certificate = read.get(pem) ?? readCertificate(Buffer.from(pem));
  read.set(pem, certificate);
  return certificate;
}

interface Record_ {
  readonly claims: Bericht;
  readonly jws: string;
  readonly dig: Digest;
  readonly recipients: readonly Oin[];
  readonly acceptance: string;
  readonly receipts: string[];
}

/** What goes out in place of the truth. */
export interface Mischief {
  /** Changes the delivery before it is sealed: message, note, or for whom. */
  delivery?: (what: { bericht: string; nota: Routenota; to: Oin }) => {
    bericht: string;
    nota: Routenota;
    to: Oin;
  };
  /** Refuses a submission, instead of routing it. */
  refuse?: (claims: Bericht) => Refusal | undefined;
  /** Refuses a receipt of a recipient, with this code. */
  receipt?: (claims: Ontvangstbewijs, jws: string) => Code | undefined;
  /** Changes what the acceptance states. */
  acceptance?: (fact: Feit) => Feit;
}

export class FakeRouter {
  readonly mischief: Mischief = {};
  readonly mail = new FakeMailboxes();
  /** How often each message was offered. */
  readonly offers = new Map<string, number>();
  readonly receiptsRefused: string[] = [];
  readonly records = new Map<string, Record_>();
  /** Every receipt that agencies gave, in order. */
  readonly given: Ontvangstbewijs[] = [];
  readonly identity: Identity;
  /** Telephones in the register. */
  readonly phones = new Map<Oin, string>();
  /** What else the register says of an agency. */
  readonly registers = new Map<Oin, Partial<Registratie>>();
  /** What the register says of an agency besides. */
  readonly entries = new Map<Oin, Partial<Registratie>>();
  readonly #registrar: SigningKey;
  readonly #keys: TownKeys;
  #size = 0;

  constructor(keys: TownKeys, identity: Identity, registrar: SigningKey) {
    this.#keys = keys;
    this.identity = identity;
    this.#registrar = registrar;
  }

  static async open(keys: TownKeys): Promise<FakeRouter> {
    const registrar = await loadSigningKey(keys.identity(REGISTRAR.oin).signing);
    return new FakeRouter(keys, await loadIdentity(keys.identity(OPERATOR.oin)), registrar);
  }

  certificates(oin: Oin, use: 'tls' | 'authenticiteit' | 'vertrouwelijkheid'): Certificate[] {
    return this.#keys.certificates(oin, use).map((file) => readOnce(readFileSync(file, 'utf8')));
  }

  /** The entry of an agency, signed by the registrar. */
  registration(oin: Oin, changes: Partial<Registratie> = {}): Promise<string> {
    const agency = [OPERATOR, ...Object.values<TownAgency>(AGENCIES)].find(
      (one) => one.oin === oin,
    );
    if (agency === undefined) throw new Refusal('not-found');
    const uses = ['tls', 'authenticiteit', 'vertrouwelijkheid'] as const;
    const entry: Registratie = {
      iss: toUrn(REGISTRAR.oin),
      iat: Math.floor(Date.now() / 1000),
      oin,
      naam: agency.naam,
      rollen: [...agency.rollen],
      status: 'actief',
      van: '2026-01-01',
      zegel: 'ECDH-ES+A256KW',
      certificaten: uses.flatMap((gebruik) =>
        this.certificates(oin, gebruik).map(({ x5t, der }) => ({
          gebruik,
          x5t,
          der: der.toString('base64'),
        })),
      ),
      mandaten: [],
      abonnementen: [],
      ...(this.phones.has(oin) && { telefoon: this.phones.get(oin) ?? '' }),
      ...this.entries.get(oin),
      ...this.registers.get(oin),
      ...changes,
    };
    return sign(entry, TYP.registration, this.#registrar);
  }

  /** Takes a submission as the pipeline would. */
  async submit(jwe: string, peer: Oin): Promise<Inzending | Problem> {
    const opened = await open(jwe, CTY.submission, (x5t) =>
      this.identity.opening.find((key) => key.x5t === x5t),
    );
    if (opened === null)
      return this.#refuse(peer, new Refusal('decryption-failed'), { dig: digestOf(jwe) });
    const jws = opened.plaintext.toString();
    const claims = checkWire('bericht', readJws(jws, TYP.message).claims);
    await this.#verifySender(jws, claims);
    this.offers.set(claims.jti, (this.offers.get(claims.jti) ?? 0) + 1);
    const about = { afzender: claims.iss, bericht: claims.jti, dig: digestOf(jws) };
    const refusal = this.mischief.refuse?.(claims);
    if (refusal !== undefined) return this.#refuse(peer, refusal, about);
    return this.#accept(jws, claims);
  }

  async #verifySender(jws: string, claims: Bericht): Promise<void> {
    const known = this.certificates(fromUrn(claims.iss), 'authenticiteit');
    await verify(jws, TYP.message, (x5t) => known.find((one) => one.x5t === x5t));
  }

  async #refuse(
    to: Oin,
    refusal: Refusal,
    about: Pick<Feit, 'dig'> & Partial<Feit>,
  ): Promise<Problem> {
    if (refusal.retry) return toProblem(refusal);
    const { code, faults } = refusal;
    const errors = faults.length > 0 ? { errors: [...faults] } : {};
    const ontvangstbewijs = await this.state(to, { staat: 'geweigerd', ...about, code, ...errors });
    return toProblem(refusal, { ontvangstbewijs });
  }

  async #accept(jws: string, claims: Bericht): Promise<Inzending> {
    const known = this.records.get(claims.jti);
    const record = known ?? (await this.#route(jws, claims));
    if (known === undefined) this.records.set(claims.jti, record);
    else
      for (const to of record.recipients)
        if (!this.#isDone(record, to)) await this.deliver(record.jws, to);
    return {
      bericht: claims.jti,
      staat: 'aanvaard',
      ontvangers: [...record.recipients],
      ontvangstbewijs: record.acceptance,
      herhaald: known !== undefined,
    };
  }

  async #route(jws: string, claims: Bericht): Promise<Record_> {
    const recipients = (claims.aud ?? [toUrn(AGENCIES.vt.oin)]).map(fromUrn);
    const dig = digestOf(jws);
    const waarmerk = await this.checkpoint(++this.#size);
    const about = {
      afzender: claims.iss,
      bericht: claims.jti,
      dig,
      ontvangers: recipients.map(toUrn),
    };
    const fact: Feit = { staat: 'aanvaard', ...about, waarmerk };
    const acceptance = await this.state(
      fromUrn(claims.iss),
      this.mischief.acceptance?.(fact) ?? fact,
    );
    const record = { claims, jws, dig, recipients, acceptance, receipts: [acceptance] };
    for (const to of recipients) await this.deliver(jws, to);
    return record;
  }

  #isDone(record: Record_, recipient: Oin): boolean {
    return record.receipts.some((jws) => {
      const { iss, events } = checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims);
      return iss === toUrn(recipient) && STATES[events[RECEIPT_EVENT].staat].settles;
    });
  }

  checkpoint(omvang: number, hoofd = digestOf(`hoofd ${omvang}`)): Promise<string> {
    const claims = { iss: toUrn(OPERATOR.oin), iat: Math.floor(Date.now() / 1000), omvang, hoofd };
    return sign(claims, TYP.checkpoint, this.identity.signing);
  }

  /** States a fact as the router, or with another key and under an id of its choice. */
  state(
    to: Oin,
    fact: Feit,
    as: { oin: Oin; signing: SigningKey } = this.identity,
    jti: Uuid7 = newUuid7(Date.now()),
  ): Promise<string> {
    const claims: Ontvangstbewijs = {
      iss: toUrn(as.oin),
      aud: toUrn(to),
      jti,
      iat: Math.floor(Date.now() / 1000),
      txn: fact.bericht ?? newUuid7(Date.now()),
      events: { [RECEIPT_EVENT]: fact },
    };
    return sign(claims, TYP.receipt, as.signing);
  }

  /** Raises an alarm as the router, or with another key, and mails it. */
  async alarm(
    to: Oin,
    about: Pick<Alarm, 'soort' | 'afzender' | 'bericht' | 'ontvanger'> & Partial<Alarm>,
    signing: SigningKey = this.identity.signing,
  ): Promise<void> {
    const iat = Math.floor(Date.now() / 1000);
    const ids = { iss: toUrn(OPERATOR.oin), aud: toUrn(to), jti: newUuid7(Date.now()) };
    const claims: Alarm = { ...ids, iat, sinds: iat - 600, telefoon: '013-1234567', ...about };
    this.mail.putAlarm(to, await sign(claims, TYP.alarm, signing));
  }

  /** Reminds of a statutory clock as the router, or with another key, and mails it. */
  async remind(
    to: Oin,
    given: Partial<Herinnering>,
    signing: SigningKey = this.identity.signing,
  ): Promise<void> {
    const iat = Math.floor(Date.now() / 1000);
    const ids = { iss: toUrn(OPERATOR.oin), aud: toUrn(to), jti: newUuid7(Date.now()) };
    const about = { afzender: toUrn(AGENCIES.politie.oin), bericht: newUuid7(Date.now()) };
    const clock = { klok: 'veiligheidsbeoordeling', soort: 'loopt', eind: iat + 600 } as const;
    const claims: Herinnering = { ...ids, iat, ...clock, ...about, ...given };
    this.mail.putReminder(to, await sign(claims, TYP.reminder, signing));
  }

  /** Sums a consultation up as the router, or with another key, and mails it. */
  async summarise(
    to: Oin,
    given: Pick<Samenvatting, 'conversatie' | 'partners'>,
    signing: SigningKey = this.identity.signing,
  ): Promise<void> {
    const iat = Math.floor(Date.now() / 1000);
    const ids = { iss: toUrn(OPERATOR.oin), aud: toUrn(to), jti: newUuid7(Date.now()), iat };
    const clock = { klok: 'vrij', aanvang: iat - 3600, eind: iat } as const;
    const claims: Samenvatting = { ...ids, ...clock, ...given };
    this.mail.putReminder(to, await sign(claims, TYP.summary, signing));
  }

  /** Seals a message for a recipient and puts it into its mailbox. */
  async deliver(jws: string, recipient: Oin): Promise<void> {
    this.mail.put(recipient, await this.sealFor(jws, recipient));
  }

  async sealFor(jws: string, recipient: Oin): Promise<Postbusstuk> {
    const claims = readJws(jws, TYP.message).claims as unknown as Bericht;
    const nota: Routenota = {
      iss: toUrn(OPERATOR.oin),
      aud: toUrn(recipient),
      jti: newUuid7(Date.now()),
      iat: Math.floor(Date.now() / 1000),
      afzender: claims.iss,
      bericht: claims.jti,
      dig: digestOf(jws),
    };
    const truth = { bericht: jws, nota, to: recipient };
    const said = this.mischief.delivery?.(truth) ?? truth;
    const routenota = await sign(said.nota, TYP.routeNote, this.identity.signing);
    const [certificate] = this.certificates(said.to, 'vertrouwelijkheid');
    if (certificate === undefined) throw new Error('no key for the recipient');
    const alg: SealAlg =
      certificate.publicKey.asymmetricKeyType === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
    const inhoud = await seal(
      Buffer.from(JSON.stringify({ bericht: said.bericht, routenota })),
      CTY.delivery,
      { certificate, alg },
    );
    const { prio, jti } = claims;
    return { afzender: fromUrn(claims.iss), bericht: jti, prio, inhoud };
  }

  /** The receipts about what an agency received or sent since a moment (seconds). */
  history(peer: Oin, side: string, since: number): string[] {
    return [...this.records.values()]
      .flatMap(({ receipts, claims }) =>
        receipts.filter((jws) => {
          const said = checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims);
          const about = side === 'ontvangen' ? said.iss : claims.iss;
          return about === toUrn(peer) && said.iat >= since;
        }),
      )
      .slice(0, 200);
  }

  collect(mailbox: Oin, asked: Ophaalverzoek): Ophaalantwoord {
    const uitslagen = (asked.ontvangstbewijzen ?? []).map((jws) => this.takeReceipt(mailbox, jws));
    const { gezien = [] } = checkWire('ophaalbewijs', readJws(asked.bewijs, TYP.ticket).claims);
    for (const note of gezien) this.mail.eraseNote(mailbox, note);
    const { deliveries, receipts, alarms, reminders } = this.mail.take(
      mailbox,
      asked.maximum ?? 10,
    );
    return {
      ...{ afleveringen: deliveries, ontvangstbewijzen: receipts, uitslagen, meer: false },
      ...(alarms.length > 0 && { alarmen: alarms }),
      ...(reminders.length > 0 && { mededelingen: reminders }),
    };
  }

  /** Where each copy stands, by the receipts that were taken. @throws Refusal not-found */
  status(jti: string) {
    const record = this.records.get(jti);
    if (record === undefined) throw new Refusal('not-found');
    const ontvangers = record.recipients.map((oin) => {
      const facts = record.receipts
        .map((jws) => checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims))
        .map(({ iss, events }) => ({ ...events[RECEIPT_EVENT], iss }))
        .filter(({ iss, ontvanger }) => (ontvanger ?? iss) === toUrn(oin));
      return { oin, staat: standing(facts.map(({ staat }) => staat)) ?? 'wacht' };
    });
    return { bericht: jti, dig: record.dig, staat: 'aanvaard', ontvangers };
  }

  /** Takes a receipt of a recipient and passes it on to the sender. */
  takeReceipt(peer: Oin, jws: string): Uitslag {
    const claims = checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims);
    const fact = claims.events[RECEIPT_EVENT];
    const code = this.mischief.receipt?.(claims, jws);
    if (code !== undefined) return { dig: digestOf(jws), aangenomen: false, code };
    this.given.push(claims);
    const record = this.records.get(fact.bericht ?? '');
    const good =
      record?.recipients.includes(peer) && (fact.staat === 'onleesbaar' || fact.dig === record.dig);
    if (!good || record === undefined) {
      this.receiptsRefused.push(jws);
      return { dig: digestOf(jws), aangenomen: false };
    }
    record.receipts.push(jws);
    this.mail.erase(peer, fact.bericht);
    this.mail.putReceipt(fromUrn(claims.aud), jws);
    return { dig: digestOf(jws), aangenomen: true };
  }
}
