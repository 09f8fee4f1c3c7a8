/**
 * What must fail, each with the code that says why. The attempts are made by hand with the keys of
 * an agency, straight to the door, as no adapter would let them through.
 */
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import type { RawAgency, RawAnswer } from '../town/raw.ts';
import { badSample, sample } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import type { Refused } from './told.ts';
import type { Voice } from './voice.ts';

interface Trying {
  readonly town: Town;
  readonly voice: Voice;
  readonly refused: Refused[];
}

export async function tryWhatMustFail(town: Town, voice: Voice): Promise<Refused[]> {
  const trying: Trying = { town, voice, refused: [] };
  voice.heading('5. What must fail, and with which code');
  await tampered(trying);
  await schemaBreaking(trying);
  await notAuthorised(trying);
  await subscribing(trying);
  await replayed(trying);
  await revoked(trying);
  return trying.refused;
}

/** Notes an attempt: what was expected and what came. */
function note(
  { voice, refused }: Trying,
  attempt: string,
  from: string,
  expected: string,
  got: string,
) {
  const asExpected = expected === got;
  refused.push({ attempt, from, expected, got, asExpected });
  voice[asExpected ? 'good' : 'bad'](
    `${attempt}: ${got}${asExpected ? '' : `, expected ${expected}`}`,
  );
}

const codeOf = ({ status, body }: RawAnswer): string =>
  status < 300 ? 'accepted' : String(body['code'] ?? `status ${status}`);

const report = (raw: RawAgency, more: Partial<Bericht> = {}): Bericht =>
  raw.claims({
    berichttype: 'vt-melding',
    grondslag: 'bpg-4.2.1.i',
    inhoud: sample('vt-melding', 'klein-2kb'),
    ...more,
  });

/** One letter of the claims changed after signing; and one bit of the sealed bytes. */
async function tampered(trying: Trying): Promise<void> {
  const { politie } = trying.town.agencies;
  const raw = await trying.town.raw('politie');
  const [header = '', , signature = ''] = (await raw.sign(report(raw))).split('.');
  const other = Buffer.from(JSON.stringify(report(raw))).toString('base64url');
  const changed = await raw.submit(await raw.seal(`${header}.${other}.${signature}`));
  note(
    trying,
    'a message changed after it was signed',
    politie.kort,
    'signature-invalid',
    codeOf(changed),
  );
  const parts = (await raw.seal(await raw.sign(report(raw)))).split('.');
  const bytes = Buffer.from(parts[3] ?? '', 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  const broken = parts.with(3, bytes.toString('base64url')).join('.');
  note(
    trying,
    'a sealed message changed on its way',
    politie.kort,
    'decryption-failed',
    codeOf(await raw.submit(broken)),
  );
}

async function schemaBreaking(trying: Trying): Promise<void> {
  const { politie } = trying.town.agencies;
  const raw = await trying.town.raw('politie');
  const { inhoud, verwacht } = badSample('vt-melding', 'veel-tegelijk');
  const answer = await raw.send(report(raw, { inhoud }));
  note(trying, 'a report that breaks the schema', politie.kort, 'schema-invalid', codeOf(answer));
  const faults = (answer.body['errors'] ?? []) as { plaats: string; melding: string }[];
  for (const { plaats, melding } of faults) trying.voice.say(`    ${cut(`${plaats}  ${melding}`)}`);
  const places = [...new Set(faults.map(({ plaats }) => plaats))].sort().join(' ');
  const shown = places === verwacht.join(' ') ? 'every fault' : places;
  note(trying, `… of which ${verwacht.length} places are told`, politie.kort, 'every fault', shown);
}

const cut = (text: string): string => (text.length > 94 ? `${text.slice(0, 93)}…` : text);

async function notAuthorised(trying: Trying): Promise<void> {
  const { reclassering, halt } = trying.town.agencies;
  const raw = await trying.town.raw('reclassering');
  const answer = await raw.send(
    raw.claims({
      berichttype: 'halt-verwijzing',
      grondslag: 'bpg-4.2.1.f',
      inhoud: sample('halt-verwijzing', 'vernieling'),
      aud: [`urn:nld:oin:${halt.oin}`] as never,
    }),
  );
  note(
    trying,
    'a referral to Halt by Reclassering, which may not refer',
    reclassering.kort,
    'not-authorised',
    codeOf(answer),
  );
}

/** By an own word, signed and fresh: it needs a task and a basis all the same. */
async function subscribing(trying: Trying): Promise<void> {
  const { halt, vt } = trying.town.agencies;
  const { subject: zaak } = sample('zaak-gebeurtenis', 'casus-afgesloten');
  const wish = { medewerker: 'n.verzonnen', bron: vt.oin, zaak, grondslag: 'wmo-4.1.1.2.e' };
  const { status, body } = await halt.rest.call('POST', '/v1/abonnementen', wish);
  const got = codeOf({ status, body: body as RawAnswer['body'] });
  const attempt = 'a subscription of Halt to a case of VT, on a basis that is not for Halt';
  note(trying, attempt, halt.kort, 'not-authorised', got);
}

async function replayed(trying: Trying): Promise<void> {
  const { politie, vt } = trying.town.agencies;
  const raw = await trying.town.raw('politie');
  const claims = report(raw);
  const jwe = await raw.seal(await raw.sign(claims));
  const first = await raw.submit(jwe);
  await vt.untilReceived(politie.oin, claims.jti);
  const second = await raw.submit(jwe);
  const same =
    second.body['ontvangstbewijs'] === first.body['ontvangstbewijs'] &&
    second.body['herhaald'] === true;
  note(
    trying,
    'the same bytes again',
    politie.kort,
    'the same receipt',
    same ? 'the same receipt' : codeOf(second),
  );
  const copies = (await vt.inbox()).filter(({ bericht }) => bericht === claims.jti).length;
  note(
    trying,
    '… and what VT has of it',
    politie.kort,
    'one copy',
    copies === 1 ? 'one copy' : `${copies} copies`,
  );
  const other = await raw.send({ ...claims, conversatie: newUuid7(Date.now()) });
  note(trying, 'another message under the same id', politie.kort, 'id-reused', codeOf(other));
  const halt = await trying.town.raw('halt');
  note(
    trying,
    "the police's message, offered by Halt",
    trying.town.agencies.halt.kort,
    'issuer-mismatch',
    codeOf(await halt.submit(await raw.seal(await raw.sign(report(raw))))),
  );
}

/** The police's former key is in the register still; the authority revokes its certificate. */
async function revoked(trying: Trying): Promise<void> {
  const { town } = trying;
  const raw = await town.raw('politie', { former: true });
  const before = codeOf(await raw.send(report(raw)));
  note(
    trying,
    "the police's former key, before it is revoked",
    town.agencies.politie.kort,
    'accepted',
    before,
  );
  const [, former = ''] = town.keys.certificates(town.agencies.politie.oin, 'authenticiteit');
  await town.ketenpost('certs', 'revoke', town.paths.certs, former, '--reason', 'keyCompromise');
  const after = await until('the router to see the revocation', async () => {
    const code = codeOf(await raw.send(report(raw)));
    return code === 'accepted' ? undefined : code;
  });
  note(trying, '… and after', town.agencies.politie.kort, 'certificate-revoked', after);
}
