/** Which Veilig Thuis a report goes to: by the municipality, and by nothing else (domain: the traps). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LedgerEntry } from '../../../router/ledger.ts';
import { type Agency, createRegister } from '../../../router/registry.ts';
import type { Rooms } from '../../../router/rooms.ts';
import type { Authorised } from '../../../router/stages/authorise.ts';
import { findByMunicipality } from '../../../router/stages/find-by-municipality.ts';
import { type Oin, parseOin } from '../../../schemas/ids.ts';
import { gemeenteByName, vtRegionsOf } from '../../../schemas/reference.ts';
import type { Refusal } from '../../../schemas/refusal.ts';

const AT = Date.parse('2026-10-01T12:00:00Z');
const oinOf = (number: number): Oin => parseOin(`00000099${String(number).padStart(9, '0')}000`);

const agency = (oin: Oin, given: Partial<Agency>): Agency => ({
  ...{ oin, naam: `organisatie ${oin}`, rollen: ['vt'], status: 'actief', van: '2026-01-01' },
  ...{ werkgebied: {}, zegel: 'RSA-OAEP-256', mandaten: [], abonnementen: [] },
  ...{ certificates: [], registratie: '', ...given },
});

/** One Veilig Thuis for each region of the map, and a police unit. */
const regions = Array.from({ length: 26 }, (_, at) => `VT${String(at + 1).padStart(2, '0')}`);
const all = regions.map((vtRegio, at) => agency(oinOf(at + 1), { werkgebied: { vtRegio } }));
const police = agency(oinOf(99), {
  ...{ rollen: ['politie'], werkgebied: { politieEenheid: 'Oost-Brabant', vtRegio: 'VT15' } },
});

/** Looks for the Veilig Thuis of some municipalities among these agencies. */
async function find(names: string[], agencies: readonly Agency[] = all) {
  const entries: LedgerEntry[] = [];
  const rooms = {
    registry: createRegister([...agencies, police], 1),
    ledger: { append: async (entry: LedgerEntry) => void entries.push(entry) },
  } as unknown as Rooms;
  const betrokkenen = names.map((name) => ({
    jeugdzorgrol: 'jeugdige',
    gemeenteVanInschrijving: { code: gemeenteByName(name)[0]?.code ?? name },
  }));
  const claims = {
    ...{ berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', iat: AT / 1000 },
    inhoud: { betrokkenen },
  };
  const message = { sender: police.oin, jti: 'j', dig: 'd' };
  const about = { claims, message, sender: police, at: AT } as unknown as Authorised;
  return { found: await findByMunicipality(rooms, about), entries };
}

async function refusalOf(names: string[], agencies?: readonly Agency[]): Promise<Refusal> {
  try {
    await find(names, agencies);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('found, and should not have been');
}

test('each municipality has its own, also where police unit or safety region say otherwise', async () => {
  for (const name of ['Heusden', 'Uitgeest', 'Mook en Middelaar', 'Tilburg', 'Breda', 'Haarlem']) {
    const [municipality] = gemeenteByName(name);
    const [region, ...more] = vtRegionsOf(municipality?.code ?? '', AT);
    assert.is(more.length, 0, name);
    const { found, entries } = await find([name]);
    assert.is(found.werkgebied.vtRegio, region?.code, name);
    assert.equal(
      entries.map((entry) => [entry.kind, 'ontvanger' in entry && entry.ontvanger]),
      [['besluit', found.oin]],
    );
  }
  const regionOf = async (name: string) => (await find([name])).found.werkgebied.vtRegio;
  assert.is.not(await regionOf('Heusden'), await regionOf("'s-Hertogenbosch"));
  assert.is.not(await regionOf('Tilburg'), await regionOf('Breda'));
  assert.is.not(await regionOf('Uitgeest'), await regionOf('Haarlem'));
});

test('a household in two regions has two that could be meant, and both are named', async () => {
  const refusal = await refusalOf(['Heusden', 'Breda']);
  assert.is(refusal.code, 'ambiguous-address');
  assert.is(refusal.faults.length, 2);
  for (const { plaats, melding } of refusal.faults) {
    assert.is(plaats, '/aud');
    assert.match(melding, /^00000099\d{12} organisatie /);
  }
});

test('two municipalities of one region have one', async () => {
  assert.is((await find(['Heusden', 'Tilburg'])).found.werkgebied.vtRegio, 'VT15');
});

test('only a Veilig Thuis that is in force is found; a suspended one is', async () => {
  const inForce = all.filter(({ werkgebied }) => werkgebied.vtRegio !== 'VT15');
  assert.is((await refusalOf(['Heusden'], inForce)).code, 'recipient-unknown');
  const [region15] = all.filter(({ werkgebied }) => werkgebied.vtRegio === 'VT15');
  if (region15 === undefined) throw new Error('VT15 is missing');
  const ended = [...inForce, { ...region15, tot: '2026-09-30' }];
  assert.is((await refusalOf(['Heusden'], ended)).code, 'recipient-unknown');
  const suspended = [...inForce, { ...region15, status: 'geschorst' as const }];
  assert.is((await find(['Heusden'], suspended)).found.oin, region15.oin);
});

test('without a municipality there is nobody', async () => {
  assert.is((await refusalOf([])).code, 'recipient-unknown');
  assert.is((await refusalOf(['9999'])).code, 'recipient-unknown');
});

test.run();
