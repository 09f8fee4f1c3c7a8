/** Clocks that are stepped by an hour, and certificates that end while a receipt waits: nothing stays untold. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { DAY } from '../../certs/authority/issuers.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import type { Feit, Ontvangstbewijs } from '../../schemas/generated/wire.ts';
import { type Digest, toUrn } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { openStand, report, type Stand, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const HOUR = 3600;
const WHO = { medewerker: 'M. Testerink' };

const sending = async (work: (stand: Stand, police: Agency) => Promise<void>) => {
  const stand = await openStand();
  try {
    await work(stand, await stand.start('politie'));
  } finally {
    await stand.close();
  }
};
const receiving = async (work: (arrivals: Arrivals) => Promise<void>) => {
  const arrivals = await Arrivals.open();
  try {
    await work(arrivals);
  } finally {
    await arrivals.stand.close();
  }
};
/** Both clocks are an hour ahead of the lists of revoked certificates: lists from the future count for nothing. */
async function agree({ clock, door }: Stand): Promise<void> {
  clock.move(HOUR);
  door.now = () => Date.now() + HOUR * 1000;
}

const row = (police: Agency, jti: string) => {
  const found = police.rooms.store.outbox.get(jti);
  if (found === undefined) throw new Error('not sent');
  return found;
};

test('signed while our clock was an hour ahead: held back, not refused for good, and sent once that has passed', () =>
  sending(async (stand, police) => {
    const { clock, door } = stand;
    // The router's clock is right; ours is ahead, as its answers tell.
    door.now = () => Date.now();
    clock.move(HOUR);
    const { bericht } = await post(police.rooms, report());
    await until('a first look', () => row(police, bericht).attempts === 1);
    assert.is(row(police, bericht).lastCode, 'stale');
    assert.is(door.router.offers.get(bericht), undefined, 'nothing was offered');
    const { nextAt } = row(police, bericht);
    assert.ok(
      (nextAt ?? 0) < clock.now() + (HOUR / 2) * 1000,
      'asked again before the hour is over',
    );
    clock.move(HOUR);
    door.now = () => Date.now() + HOUR * 1000;
    await until('the new time', () => {
      police.rooms.rings.outbox();
      return row(police, bericht).state === 'aanvaard';
    });
    assert.is(door.router.offers.get(bericht), 1);
  }));

test('a clock that is put back an hour does not make a message wait for an hour', () =>
  sending(async (stand, police) => {
    await agree(stand);
    stand.door.fault = (method, path) =>
      `${method} ${path}` === 'POST /v1/berichten' ? { how: 'cut' } : undefined;
    const { bericht } = await post(police.rooms, report());
    await until('a first attempt', () => row(police, bericht).attempts === 1);
    stand.clock.move(-HOUR);
    stand.door.fault = () => undefined;
    police.rooms.rings.outbox();
    await until('the acceptance', () => row(police, bericht).state === 'aanvaard');
    await until('the second attempt to be noted', () => row(police, bericht).attempts === 2);
  }));

test('a clock put back while the adapter was down is noticed at the next start', () =>
  sending(async (stand, police) => {
    await agree(stand);
    stand.door.fault = (method, path) =>
      `${method} ${path}` === 'POST /v1/berichten' ? { how: 'cut' } : undefined;
    const { bericht } = await post(police.rooms, report());
    await until('a first attempt', () => row(police, bericht).attempts === 1);
    await police.stop();
    stand.clock.move(-HOUR);
    stand.door.fault = () => undefined;
    const again = await stand.start('politie');
    await until('the acceptance', () => row(again, bericht).state === 'aanvaard');
  }));

test('signed by a clock that was ahead, offered after a restart: the router is asked for its time first', () =>
  sending(async (stand, police) => {
    stand.door.fault = () => ({ how: 'cut' });
    stand.clock.move(HOUR);
    const { bericht } = await post(police.rooms, report());
    await until('a first attempt', () => row(police, bericht).attempts === 1);
    await police.stop();
    stand.door.fault = () => undefined;
    stand.door.now = () => Date.now();
    const again = await stand.start('politie');
    stand.clock.move(400);
    again.rooms.rings.outbox();
    await until('a second attempt', () => row(again, bericht).attempts > 1);
    assert.is(row(again, bericht).lastCode, 'stale');
    assert.is(stand.door.router.offers.get(bericht), undefined);
  }));

test('a step of an hour either way does not flood the router: each message once, and no more', () =>
  sending(async (stand, police) => {
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => post(police.rooms, report({ prio: 'normaal' }))),
    );
    const ids = sent.map(({ bericht }) => bericht);
    const offers = () => ids.map((jti) => stand.door.router.offers.get(jti) ?? 0);
    await until('acceptances', () => ids.every((jti) => row(police, jti).attempts === 1));
    for (const [hours, most] of [
      [1, 2],
      [-1, 3],
    ] as const) {
      stand.clock.move(hours * HOUR);
      police.rooms.rings.outbox();
      await until('the offers', () => offers().every((n) => n === most));
      await until('rest', () => ids.every((jti) => row(police, jti).attempts === most));
      const attempts = ids.reduce((sum, jti) => sum + row(police, jti).attempts, 0);
      assert.is(attempts, ids.length * most);
      assert.ok(offers().every((n) => n === most));
      assert.ok(ids.every((jti) => (row(police, jti).nextAt ?? 0) > stand.clock.now()));
    }
  }));

test('a receipt made by a clock that was ahead is given again, and made anew when the clock was put back', () =>
  receiving(async (arrivals) => {
    const { clock, door } = arrivals.stand;
    const real = () => Math.floor(Date.now() / 1000);
    door.router.mischief.receipt = ({ iat }) => (iat > real() + 60 ? 'stale' : undefined);
    clock.move(HOUR);
    const { jti } = await arrivals.arrive(arrivals.claims({ iat: real(), exp: real() + 3 * HOUR }));
    await until('the message', () => arrivals.stored(jti));
    const replies = () => arrivals.vt.rooms.store.replies.of(POLICE, jti);
    await until('a refusal', () => replies().some(({ attempts }) => attempts > 0));
    assert.equal(arrivals.told(jti), []);
    clock.move(-HOUR);
    arrivals.vt.rooms.rings.replies();
    const fact = await arrivals.answer(jti);
    assert.is(fact.staat, 'afgeleverd');
    await until('both settled', () => replies().every(({ sent }) => sent !== 0));
    assert.equal(
      replies().map(({ state }) => state),
      ['afgeleverd', 'afgeleverd'],
    );
  }));

test('a receipt whose certificate ended is signed anew with the next one: the same facts, new receipts', () =>
  receiving(async (arrivals) => {
    const { stand, vt } = arrivals;
    const { router } = stand.door;
    router.mischief.receipt = (_, jws) =>
      readJws(jws, TYP.receipt).header.x5t === vt.rooms.identity.signing.x5t
        ? 'certificate-expired'
        : undefined;
    const { jti } = await arrivals.arrive();
    await until('the message', () => arrivals.stored(jti));
    const id = { sender: POLICE, jti };
    const by = { ...WHO, toelichting: 'verkeerde regio' };
    await settle(vt.rooms, id, {
      ...{ state: 'afgewezen', action: 'afgewezen', by, referral: AGENCIES.rvdk.oin },
      ...{ code: 'wrongly-addressed', explanation: 'verkeerde regio' },
    });
    const replies = () => vt.rooms.store.replies.of(POLICE, jti);
    await until('two refusals', () => replies().every(({ attempts }) => attempts > 0));
    assert.is(replies().length, 2, 'with the same certificate nothing would be gained');
    await vt.stop();

    await stand.keys.authority.issue({ ...VT_KEY, days: 397 });
    const next = await stand.start('vt');
    await until('the new certificate', () => router.certificates(VT, 'authenticiteit').length > 1);
    stand.clock.move(40);
    next.rooms.rings.replies();
    await arrivals.answer(jti, 2);
    const told = new Map(arrivals.told(jti).map((fact) => [fact.staat, fact]));
    assert.equal([...told.keys()].sort(), ['afgeleverd', 'afgewezen']);
    assert.is(told.get('afgewezen')?.code, 'wrongly-addressed');
    assert.is(told.get('afgewezen')?.doorverwijzing, toUrn(AGENCIES.rvdk.oin));
    assert.is(told.get('afgewezen')?.toelichting, 'verkeerde regio');
    const all = () => next.rooms.store.replies.of(POLICE, jti);
    await until('nothing left to say', () => all().every(({ sent }) => sent !== 0));
    assert.is(all().length, 4, 'the first ones are kept');
  }));

test('a receipt that the router took in time counts at the sender after its certificate has ended', () =>
  sending(async (stand, police) => {
    const { bericht } = await post(police.rooms, report());
    await until('the acceptance', () => row(police, bericht).state === 'aanvaard');
    const notBefore = stand.clock.now() - DAY + 600_000;
    await stand.keys.authority.issue({ ...VT_KEY, days: 1, notBefore });
    const vt = await loadIdentity(stand.keys.identity(VT));
    const about = { afzender: toUrn(POLICE), bericht, dig: row(police, bericht).digest as Digest };
    const fact: Feit = { staat: 'afgeleverd', ...about, ontvanger: toUrn(VT) };
    const jws = await stand.door.router.state(POLICE, fact, vt);
    const said = readJws(jws, TYP.receipt).claims as unknown as Ontvangstbewijs;
    assert.is(said.events[RECEIPT_EVENT].staat, 'afgeleverd');
    stand.clock.move(900);
    assert.ok(vt.certificates.some(({ notAfter }) => notAfter < stand.clock.now()));
    stand.door.router.mail.putReceipt(POLICE, jws);
    await until('the receipt', () => row(police, bericht).state === 'afgerond');
  }));

const VT_KEY = { oin: VT, name: AGENCIES.vt.naam, use: 'authenticiteit', key: 'ec' } as const;

test.run();
