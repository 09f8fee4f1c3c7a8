/** A partner subscribes to case updates by case, type or region, and is told of those and no others. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST } from '../../../router/subscriptions/begin-subscription.ts';
import { SUBSCRIPTION } from '../../../router/subscriptions/subscription-key.ts';
import { CASE_CLOSED } from '../../../schemas/case-events.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { actOnDue, openNow } from '../due.ts';
import { changing, type House, openHouse } from '../house.ts';
import { accepted, type Player, refused } from '../player.ts';
import { CHANGED, newCase, type Subscriber, subscriberOf, tell } from './subscriber.ts';

const DAY = 86_400_000;
/** Veilig Thuis tells the police and the Raad, and the prosecutor and the probation service. */
const [TO_RVDK, TO_OM] = ['wmo-4.1.1.2.e', 'wmo-5.1.6.2'];

let house: House;
let vt: Player;
let players: Record<'om' | 'rvdk' | 'reclassering' | 'halt', Player>;
let subs: Record<'om' | 'rvdk' | 'reclassering' | 'halt', Subscriber>;
test.before(async () => {
  // The one who is told by the register is left to other tests.
  house = await openHouse({
    change: changing(AGENCIES.rvdk.oin, (draft) => ({ ...draft, abonnementen: [] })),
  });
  const names = ['om', 'rvdk', 'reclassering', 'halt'] as const;
  const all = await Promise.all(names.map((name) => house.agency(name)));
  players = Object.fromEntries(names.map((name, at) => [name, all[at]])) as typeof players;
  subs = Object.fromEntries(
    names.map((name, at) => [name, subscriberOf(house, all[at] as Player)]),
  ) as typeof subs;
  vt = await house.agency('vt');
});
test.before.each(() => {
  house.clock.ahead = 0;
});
test.after(() => house.stop());

const ledger = async (id: string) =>
  (await house.ledger('abonnement'))
    .filter(({ abonnement }) => abonnement === id)
    .map(({ handeling, reden }) => [handeling, ...(reden === undefined ? [] : [reden])].join(' '));

const told = async (event: Parameters<typeof tell>[1]): Promise<readonly string[]> => {
  const answer = await tell(vt, event);
  if (answer.ok) return accepted(answer).ontvangers;
  assert.is(refused(answer).code, 'recipient-unknown');
  return [];
};

test('by case, by type, by region: who asked for it is told, and nobody else', async () => {
  const [zaak, other] = [newCase(), newCase()];
  await subs.om.begin({ zaak, grondslag: TO_OM });
  await subs.reclassering.begin({ typen: ['nl.jeugdketen.zitting-gepland.v1'], grondslag: TO_OM });
  await subs.rvdk.begin({ regio: 'VT15', grondslag: TO_RVDK, bron: toUrn(vt.oin) });
  const { om, rvdk, reclassering } = players;
  assert.equal(await told({ zaak, grondslag: TO_OM }), [om.oin]);
  assert.equal(await told({ zaak: other, grondslag: TO_OM }), []);
  const type = 'nl.jeugdketen.zitting-gepland.v1';
  assert.equal(await told({ zaak: other, grondslag: TO_OM, type }), [reclassering.oin]);
  assert.equal([...(await told({ zaak, grondslag: TO_OM, type }))].sort(), [
    ...[om.oin, reclassering.oin],
  ]);
  assert.equal(await told({ zaak: other, grondslag: TO_RVDK }), [rvdk.oin], 'where vt works');
  assert.equal(await told({ zaak: other, grondslag: TO_RVDK, vtregio: 'VT16' }), []);
  assert.equal(await told({ zaak: other, grondslag: 'wmo-4.1.1.2.d' }), [], 'on another basis');
});

test('it is shown to its subscriber as the Dutch profile has it, and to nobody else', async () => {
  const zaak = newCase();
  const said = { zaak, typen: [CHANGED], grondslag: TO_OM, bron: toUrn(vt.oin) };
  const begun = await subs.om.say(said);
  assert.ok(typeof begun !== 'string');
  const { id, begin, eind, ...rest } = begun;
  assert.equal(rest, {
    ...{ source: toUrn(vt.oin), types: [CHANGED], protocol: 'http-pull' },
    ...{ endpoint: `/v1/subscriptions/${id}/events`, zaak, grondslag: TO_OM, staat: 'loopt' },
  });
  assert.is(Math.round((Date.parse(eind) - Date.parse(begin)) / DAY), 366);
  assert.equal(await subs.om.show(id), begun);
  assert.equal((await subs.om.list()).at(-1), begun);
  assert.is(await subs.rvdk.show(id), 'not-found');
  assert.is(await subs.rvdk.pull(id), 'not-found');
  assert.is(await subs.rvdk.say({ abonnement: id, handeling: 'einde' }), 'not-found');
  const mine = (await house.ledger('abonnement')).find(({ abonnement }) => abonnement === id);
  assert.equal(mine?.['soorten'], ['zaak', 'type']);
  assert.not.match(JSON.stringify(mine), zaak, 'nothing of the case in the ledger');
});

test('one copy, however often it asked; each of its subscriptions gives it, until the receipt', async () => {
  const zaak = newCase();
  const one = await subs.om.begin({ zaak, grondslag: TO_OM });
  const two = await subs.om.begin({ zaak, typen: [CHANGED], grondslag: TO_OM });
  const none = await subs.om.begin({ zaak, typen: ['nl.a.b.v1'], grondslag: TO_OM });
  const sent = await tell(vt, { zaak, grondslag: TO_OM });
  const { jti } = sent.claims;
  assert.equal(accepted(sent).ontvangers, [players.om.oin]);
  assert.is(await house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${jti}`), 1);
  for (const id of [one, two, one]) assert.equal(await subs.om.pulled(id), [jti]);
  assert.equal(await subs.om.pulled(none), []);
  const { afleveringen } = await players.om.collect({ maximum: 50 });
  const copy = afleveringen.find(({ bericht }) => bericht === jti);
  assert.ok(copy, 'looking has lent it to nobody');
  assert.equal(await subs.om.pulled(one), [jti], 'and it is seen while it is on loan');
  const ontvangstbewijs = await players.om.receipt(sent.jws, 'afgeleverd');
  assert.ok((await players.om.ask('receipt', { peer: players.om.oin, ontvangstbewijs })).ok);
  assert.equal(await subs.om.pulled(one), []);
});

test('an event as it is pulled: sealed for the subscriber, and nothing of it outside', async () => {
  const zaak = newCase();
  const id = await subs.om.begin({ zaak, grondslag: TO_OM });
  const sent = await tell(vt, { zaak, grondslag: TO_OM });
  const [event] = await subs.om.pull(id);
  assert.ok(typeof event === 'object');
  const { data, ...outside } = event;
  assert.not.match(JSON.stringify(outside), zaak);
  assert.not.match(JSON.stringify(outside), CHANGED);
  assert.is(outside.datacontenttype, 'application/jose');
  assert.is((await players.om.open(data)).jws, sent.jws);
});

test('what comes after a place, so many at a time; a place that cannot be is refused', async () => {
  const zaak = newCase();
  const id = await subs.om.begin({ zaak, grondslag: TO_OM });
  const sent: string[] = [];
  for (let n = 0; n < 5; n++) sent.push((await tell(vt, { zaak, grondslag: TO_OM })).claims.jti);
  const seen: string[] = [];
  let since: string | undefined;
  for (;;) {
    const events = await subs.om.pull(id, { limit: 2, ...(since !== undefined && { since }) });
    assert.ok(typeof events !== 'string' && events.length <= 2);
    if (events.length === 0) break;
    seen.push(...events.map((event) => event.id.slice(21)));
    since = events.at(-1)?.sequence;
  }
  assert.equal(seen, sent);
  const later = { since: '9'.repeat(15).padStart(20, '0') };
  assert.is((await subs.om.pull(id, later)).length, 5, 'from before the broker was put back');
  for (const bad of [{ since: 'x' }, { since: '9'.repeat(20) }, { limit: 0 }, { limit: 101 }])
    assert.is(await subs.om.pull(id, bad), 'bad-request');
});

test('said twice, it is begun once; the same id for something else is refused', async () => {
  const abonnement = newUuid7(house.clock.now());
  const said = { abonnement, zaak: newCase(), grondslag: TO_OM };
  const verklaring = await subs.om.statement(said);
  for (let n = 0; n < 3; n++) assert.is.not(typeof (await subs.om.offer(verklaring)), 'string');
  assert.is.not(typeof (await subs.om.say(said)), 'string', 'the same in other words');
  assert.equal(await ledger(abonnement), ['begin']);
  assert.is(await subs.om.say({ ...said, zaak: newCase() }), 'id-reused');
  const other = await subs.rvdk.say({ abonnement, zaak: newCase(), grondslag: TO_RVDK });
  assert.ok(typeof other !== 'string', 'ids of others are nothing to it');
  const ended = await subs.om.say({ abonnement, handeling: 'einde' });
  assert.ok(typeof ended !== 'string' && ended.staat === 'beeindigd' && ended.reden === 'opgezegd');
  assert.is.not(typeof (await subs.om.offer(verklaring)), 'string', 'and it stays ended');
  assert.is(await subs.om.say(said), 'id-reused');
  assert.equal(await told({ zaak: said.zaak, grondslag: TO_OM }), []);
});

test('a refused begin that is said again is refused for the same, and stands in the ledger once', async () => {
  const abonnement = newUuid7(house.clock.now());
  const verklaring = await subs.halt.statement({ abonnement, zaak: newCase(), grondslag: TO_OM });
  const ask = { peer: players.halt.oin, verklaring };
  const first = await players.halt.ask('subscribe', ask);
  assert.is(!first.ok && first.problem.code, 'not-authorised');
  assert.is(first.ok || first.problem.errors.length, 1);
  for (let n = 0; n < 3; n++) assert.equal(await players.halt.ask('subscribe', ask), first);
  assert.equal(await ledger(abonnement), ['geweigerd other-basis']);
  const other = await subs.halt.say({ abonnement, zaak: newCase(), grondslag: TO_OM });
  assert.is(other, 'not-authorised');
  assert.is((await ledger(abonnement)).length, 2, 'a new statement is another fact');
});

test('what a begin needs: a basis, something to be told of, an end within 366 days', async () => {
  const zaak = newCase();
  const now = Math.floor(house.clock.now() / 1000);
  const bad = [
    { zaak },
    { grondslag: TO_OM },
    { zaak, grondslag: TO_OM, bron: undefined as never },
    { regio: 'VT99', grondslag: TO_OM },
    { zaak, grondslag: TO_OM, eind: now - 1 },
    { zaak, grondslag: TO_OM, eind: now + 367 * 86_400 },
  ];
  for (const said of bad) assert.is(await subs.om.say(said), 'statement-invalid');
  const unknown = newUuid7(house.clock.now());
  assert.is(await subs.om.say({ handeling: 'einde', abonnement: unknown }), 'not-found');
});

test('so many of one agency run, and no more', async () => {
  const { rooms } = house;
  const { of } = rooms.subscriptions;
  const one = (await of(players.om.oin))[0];
  assert.ok(one);
  Object.assign(rooms.subscriptions, { of: async () => Array(MOST.running).fill(one) });
  try {
    const abonnement = newUuid7(house.clock.now());
    const said = { abonnement, zaak: newCase(), grondslag: TO_OM };
    assert.is(await subs.om.say(said), 'too-many-subscriptions');
    assert.equal(await ledger(abonnement), ['geweigerd te-veel']);
  } finally {
    Object.assign(rooms.subscriptions, { of });
  }
});

test('a subscription to a case ends with the case, and hears of that whatever else it wants', async () => {
  const zaak = newCase();
  const mine = await subs.om.begin({ zaak, typen: [CHANGED], regio: 'VT01', grondslag: TO_OM });
  const other = await subs.rvdk.begin({ zaak, grondslag: TO_RVDK });
  const wide = await subs.om.begin({ regio: 'VT15', typen: [CASE_CLOSED], grondslag: TO_OM });
  assert.equal(await told({ zaak, grondslag: TO_OM, type: CASE_CLOSED }), [players.om.oin]);
  assert.equal(await ledger(mine), ['begin', 'einde zaak-afgesloten']);
  assert.equal((await subs.om.pulled(mine)).length, 1, 'the last word may still be read');
  for (const [subscriber, id] of [
    [subs.rvdk, other],
    [subs.om, wide],
  ] as const) {
    const shown = await subscriber.show(id);
    assert.ok(typeof shown !== 'string' && shown.staat === 'loopt');
  }
  await subs.om.say({ abonnement: wide, handeling: 'einde' });
  assert.equal(await told({ zaak, grondslag: TO_OM }), []);
});

test('closed while its subscriber is suspended, alone or beside others: not given, and it is told when it looks again', async () => {
  const [alone, shared] = [newCase(), newCase()];
  const ids = [
    await subs.reclassering.begin({ zaak: alone, grondslag: TO_OM }),
    await subs.reclassering.begin({ zaak: shared, grondslag: TO_OM }),
  ];
  await subs.om.begin({ zaak: shared, grondslag: TO_OM });
  const change = (status: 'geschorst' | 'actief') =>
    house.register(changing(players.reclassering.oin, (draft) => ({ ...draft, status })));
  await change('geschorst');
  const closedAt = house.clock.now();
  assert.equal(await told({ zaak: alone, grondslag: TO_OM, type: CASE_CLOSED }), []);
  const { om } = players;
  assert.equal(await told({ zaak: shared, grondslag: TO_OM, type: CASE_CLOSED }), [om.oin]);
  assert.is(await subs.reclassering.show(ids[0] as Uuid7), 'not-authorised');
  // A month later it is suspended still: what it has not been able to see is kept.
  house.clock.ahead = 31 * DAY;
  await actOnDue(house.rooms, SUBSCRIPTION);
  house.clock.ahead = 0;
  await change('actief');
  const shown = await subs.reclassering.list();
  for (const id of ids) {
    const one = shown.find((some) => some.id === id);
    assert.equal([one?.staat, one?.reden], ['beeindigd', 'zaak-afgesloten']);
    const late = Date.parse(one?.beeindigdOp ?? '') - closedAt;
    assert.ok(late >= 0 && late < 60_000, `${late} ms`);
    assert.equal(await subs.reclassering.pulled(id), [], 'the event itself was not for it');
  }
  // It came back between two looks at it: it has its weeks from then, and no more.
  for (const [days, isThere] of [
    [62, true],
    [93, false],
  ] as const) {
    house.clock.ahead = days * DAY;
    await actOnDue(house.rooms, SUBSCRIPTION);
    for (const id of ids) {
      const found = await house.rooms.subscriptions.find(players.reclassering.oin, id);
      assert.is(found !== undefined, isThere, `after ${days} days`);
    }
  }
  house.clock.ahead = 0;
});

test('of a suspended subscriber an end is kept for no longer than other traffic data', async () => {
  const id = await subs.reclassering.begin({ zaak: newCase(), grondslag: TO_OM });
  await subs.reclassering.say({ abonnement: id, handeling: 'einde' });
  const { oin } = players.reclassering;
  const change = (status: 'geschorst' | 'actief') =>
    house.register(changing(oin, (draft) => ({ ...draft, status })));
  await change('geschorst');
  const isThere = async (days: number) => {
    house.clock.ahead = days * DAY;
    await actOnDue(house.rooms, SUBSCRIPTION);
    return (await house.rooms.subscriptions.find(oin, id)) !== undefined;
  };
  assert.equal([await isThere(31), await isThere(169), await isThere(171)], [true, true, false]);
  house.clock.ahead = 0;
  await change('actief');
});

test('what a full mailbox was left out of is counted, and shown with when; also the end of a case', async () => {
  const zaak = newCase();
  const [id, other] = [
    await subs.om.begin({ zaak, grondslag: TO_OM }),
    await subs.reclassering.begin({ zaak, grondslag: TO_OM }),
  ];
  const { mailboxes, settings } = house.rooms;
  const level = mailboxes.level.bind(mailboxes);
  const { om, reclassering } = players;
  const full = { items: settings.mailbox.items, bytes: 0 };
  Object.assign(mailboxes, { level: (oin: Oin) => (oin === om.oin ? full : level(oin)) });
  const left = async (one = id) => {
    const shown = await (one === id ? subs.om : subs.reclassering).show(one);
    assert.ok(typeof shown !== 'string');
    const { overgeslagen } = shown;
    return overgeslagen && [overgeslagen.aantal, Date.parse(overgeslagen.laatstOp)];
  };
  try {
    assert.is(await left(), undefined);
    assert.equal(await told({ zaak, grondslag: TO_OM }), [reclassering.oin]);
    house.clock.ahead = 60_000;
    assert.equal(await told({ zaak, grondslag: TO_OM, type: CASE_CLOSED }), [reclassering.oin]);
  } finally {
    Object.assign(mailboxes, { level });
  }
  const [count, last = 0] = (await left()) ?? [];
  assert.is(count, 2);
  assert.ok(Math.abs(last - house.clock.now()) < 60_000);
  const shown = await subs.om.show(id);
  assert.is(typeof shown === 'object' && shown.reden, 'zaak-afgesloten');
  assert.is(await left(other), undefined, 'who got it misses nothing');
});

test('what a hundred subscriptions of one agency were left out of is counted with each, and not with more', async () => {
  const zaak = newCase();
  const { om, reclassering } = players;
  const begin = house.clock.now();
  const about = { zaak, bron: vt.oin, grondslag: TO_OM, eind: begin + DAY };
  const ids = Array.from({ length: 103 }, (_, n) => newUuid7(begin + n));
  for (const [n, id] of ids.entries())
    await house.rooms.subscriptions.begin({ ...about, abonnee: om.oin, id, begin: begin + n });
  await subs.reclassering.begin({ zaak, grondslag: TO_OM });
  const { mailboxes, settings } = house.rooms;
  const level = mailboxes.level.bind(mailboxes);
  const full = { items: settings.mailbox.items, bytes: 0 };
  Object.assign(mailboxes, { level: (oin: Oin) => (oin === om.oin ? full : level(oin)) });
  try {
    assert.equal(await told({ zaak, grondslag: TO_OM }), [reclassering.oin]);
  } finally {
    Object.assign(mailboxes, { level });
  }
  const found = await Promise.all(ids.map((id) => house.rooms.subscriptions.find(om.oin, id)));
  const counts = found.map((one) => one?.overgeslagen?.aantal);
  assert.equal(counts, [...Array(100).fill(1), ...Array(3).fill(undefined)]);
});

test('the same reference at another source is another case: nobody else closes it', async () => {
  const zaak = newCase();
  const basis = 'wmo-5.2.6';
  const mine = subscriberOf(house, vt);
  const bron = toUrn(players.rvdk.oin);
  const id = await mine.begin({ zaak, grondslag: basis, bron });
  const wide = await mine.begin({ regio: 'VT15', grondslag: basis });
  const now = house.clock.now();
  const [old, times] = [newUuid7(now), { begin: now, eind: now + DAY }];
  const bare = { abonnee: vt.oin, id: old, zaak, grondslag: basis, ...times };
  await house.rooms.subscriptions.begin(bare);
  const closed = { zaak, grondslag: basis, type: CASE_CLOSED, vtregio: 'VT15' };
  assert.equal(accepted(await tell(players.halt, closed)).ontvangers, [vt.oin]);
  const staat = async (one: typeof id) => {
    const shown = await mine.show(one);
    return typeof shown === 'string' ? shown : shown.staat;
  };
  assert.is(await staat(id), 'loopt');
  assert.is(await staat(old), 'loopt', 'an older one, without a source: nobody closes its case');
  assert.equal(accepted(await tell(players.rvdk, closed)).ontvangers, [vt.oin]);
  assert.equal([await staat(id), await staat(wide)], ['beeindigd', 'loopt']);
});

test('it ends at its end, and thirty days later nothing is left of it', async () => {
  const zaak = newCase();
  const eind = Math.floor(house.clock.now() / 1000) + 3600;
  const id = await subs.om.begin({ zaak, grondslag: TO_OM, eind });
  house.clock.ahead = 3_601_000;
  assert.equal(await told({ zaak, grondslag: TO_OM }), [], 'also before its deadline was kept');
  await actOnDue(house.rooms, SUBSCRIPTION);
  assert.equal(await ledger(id), ['begin', 'einde eind']);
  house.clock.ahead += 29 * DAY;
  await actOnDue(house.rooms, SUBSCRIPTION);
  assert.ok(await house.rooms.subscriptions.find(players.om.oin, id));
  house.clock.ahead += 2 * DAY;
  await actOnDue(house.rooms, SUBSCRIPTION);
  assert.is(await house.rooms.subscriptions.find(players.om.oin, id), undefined);
  const open = await openNow(house.rooms, SUBSCRIPTION);
  assert.not.ok(open.some(({ key }) => key.includes(id)));
});

test('who has the mandate of a subscriber speaks and reads for it, with what it signed', async () => {
  const { om, rvdk } = players;
  const [verklaring, bewijs] = [
    await subs.om.statement({ zaak: newCase(), grondslag: TO_OM }),
    await om.ticket(),
  ];
  const before = await rvdk.ask('subscriptions', { peer: rvdk.oin, bewijs });
  assert.is(!before.ok && before.problem.code, 'issuer-mismatch');
  await house.register(changing(om.oin, (draft) => ({ ...draft, mandaten: [rvdk.oin] })));
  const begun = await rvdk.ask('subscribe', { peer: rvdk.oin, verklaring });
  assert.ok(begun.ok);
  const ask = { peer: rvdk.oin, bewijs, abonnement: begun.value.id };
  const shown = await rvdk.ask('subscription', ask);
  assert.equal(shown.ok && shown.value, begun.value);
  assert.is((await rvdk.ask('events', ask)).ok, true);
  assert.is(await subs.rvdk.show(begun.value.id), 'not-found', 'it is none of its own');
});

// Last: it changes the register.
test('MUST SHOW 4: without a basis nobody subscribes, and whose basis ends receives nothing more; both in the ledger', async () => {
  const zaak = newCase();
  const abonnement = newUuid7(house.clock.now());
  const said = { abonnement, zaak, grondslag: TO_OM };
  assert.is(await subs.halt.say(said), 'not-authorised');
  assert.equal(await ledger(abonnement), ['geweigerd other-basis']);
  assert.equal(await subs.halt.list(), []);

  const id = await subs.rvdk.begin({ zaak, grondslag: TO_RVDK });
  assert.equal(await told({ zaak, grondslag: TO_RVDK }), [players.rvdk.oin]);
  assert.is((await subs.rvdk.pull(id)).length, 1);
  const change = (to: object) =>
    house.register(changing(players.rvdk.oin, (draft) => ({ ...draft, ...to })));

  await change({ status: 'geschorst' });
  const during = await tell(vt, { zaak, grondslag: TO_RVDK });
  assert.is(refused(during).code, 'recipient-unknown');
  const decided = (await house.ledger('besluit')).find((b) => b['bericht'] === during.claims.jti);
  assert.equal([decided?.['toegestaan'], decided?.['reden']], [false, 'suspended']);
  await change({ status: 'actief' });
  assert.equal(await told({ zaak, grondslag: TO_RVDK }), [players.rvdk.oin], 'it goes on');

  await change({ rollen: ['gi'] });
  assert.equal(await told({ zaak, grondslag: TO_RVDK }), []);
  assert.equal(await ledger(id), ['begin', 'einde geen-recht']);
  assert.is(await subs.rvdk.pull(id), 'subscription-ended');
  await change({ rollen: ['rvdk'] });
  assert.equal(await told({ zaak, grondslag: TO_RVDK }), [], 'and it does not come back by itself');
  await until('the end', async () =>
    (await subs.rvdk.list()).some((one) => one.reden === 'geen-recht'),
  );
});

test.run();
