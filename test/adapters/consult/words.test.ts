/** A consultation in words, with names as long as those of partners are: it fits, and tells whom one waits for. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConsultationLine } from '../../../adapters/consult/line.ts';
import type { AskedView, ConsultationView, PartnerView } from '../../../adapters/consult/view.ts';
import { linesTable, type Table } from '../../../adapters/consult/words.ts';
import { partnersTable } from '../../../adapters/consult/words-before.ts';
import {
  aligned,
  headLines,
  partnerTable,
  summaryLines,
} from '../../../adapters/consult/words-shown.ts';
import { newUuid7, type Oin } from '../../../schemas/ids.ts';

const ROOM = 120;
const at = (text: string) => new Date(text).toISOString();
const [EVENING, MORNING] = [at('2026-11-22T22:50:00+01:00'), at('2026-11-23T09:30:00+01:00')];
const FIRST = newUuid7(Date.parse(EVENING));
const SECOND = newUuid7(Date.parse(EVENING) + 1);
const telling = { partners: 5, beantwoord: 1, deels: 1, wacht: 2, afgewezen: 1, teLaat: 0 };
const LINE: ConsultationLine = {
  ...{ conversatie: FIRST, kenmerk: 'ZSM-OB-2026-0093142', klok: 'zsm-6', staat: 'loopt' },
  ...{ aanvang: at('2026-11-22T22:10:00+01:00'), eind: at('2026-11-23T13:10:00+01:00') },
  resterend: { seconden: 19_200 },
  herinneringen: [at('2026-11-23T10:10:00+01:00'), at('2026-11-23T11:40:00+01:00')],
  ...{ telling, samengevat: false },
};

const asked = (more: Partial<AskedView> = {}): AskedView => ({
  ...{ bericht: FIRST, berichttype: 'check-op-bekendheid', staat: 'afgeleverd', herinnerd: 0 },
  ...{ gevraagdOp: EVENING, afgeleverdOp: EVENING, antwoorden: [], ...more },
});
const answered = (bekend: boolean) =>
  asked({
    antwoorden: [
      {
        ...{ bericht: SECOND, berichttype: 'uitslag-check-op-bekendheid', teLaat: false },
        ...{ ontvangenOp: EVENING, bekend },
      },
    ],
  });
const partner = (naam: string, more: Partial<PartnerView>): PartnerView => ({
  ...{ oin: '00000099000000020000' as Oin, naam, telefoon: '088-5550101', vragen: [asked()] },
  ...more,
});
const PARTNERS: readonly PartnerView[] = [
  partner('Veilig Thuis Noordoost-Gelderland', { open: true }),
  partner('Reclassering Nederland regio Zuid', {
    ...{ open: false, opentOp: at('2026-11-23T08:30:00+01:00') },
    vragen: [answered(true), asked({ bericht: SECOND, berichttype: 'verzoek-casusinformatie' })],
  }),
  partner('Raad voor de Kinderbescherming', {
    vragen: [asked({ afgewezenOp: EVENING, code: 'wrongly-addressed', staat: 'afgewezen' })],
  }),
  partner('Halt', { vragen: [answered(false)] }),
];
const view = (now: string, more: Partial<ConsultationView> = {}): ConsultationView => ({
  ...LINE,
  vragen: [FIRST, SECOND].map((bericht, index) => ({
    ...{ bericht, staat: 'aanvaard', gesteldOp: EVENING, gesteldDoor: 'O. Officier' },
    berichttype: index === 0 ? 'check-op-bekendheid' : 'verzoek-casusinformatie',
  })),
  partners: PARTNERS.map((one) =>
    one.opentOp !== undefined && one.opentOp <= now
      ? { ...one, open: true, sluitOp: at('2026-11-23T22:00:00+01:00') }
      : one,
  ),
  ...more,
});

/** As for a pipe, where nothing is folded. */
const widest = (table: Table) => Math.max(...aligned(table).map(({ length }) => length));

test('with names as long as those of partners every table fits in 120', () => {
  const looked = PARTNERS.map((one) => ({ ...one, openBinnenKlok: 15_600 }));
  for (const moment of [EVENING, MORNING]) {
    const now = Date.parse(moment);
    assert.ok(widest(partnersTable({ partners: looked }, now)) <= ROOM);
    assert.ok(widest(linesTable([LINE, { ...LINE, kenmerk: 'A' }], now)) <= ROOM);
    const shown = partnerTable(view(moment), now);
    assert.ok(widest(shown) <= ROOM, aligned(shown).join('\n'));
    for (const line of headLines(view(moment), now)) assert.ok(line.length <= ROOM, line);
  }
});

test('an hour is of today; any other day has its date', () => {
  const [night, morning] = [EVENING, MORNING].map((now) => [
    ...headLines(view(now), Date.parse(now)),
    ...aligned(partnerTable(view(now), Date.parse(now))),
  ]);
  assert.match(night?.join('\n') ?? '', 'from 22:10 until 2026-11-23 13:10');
  assert.match(night?.join('\n') ?? '', 'CLOSED until 2026-11-23 08:30');
  assert.match(night?.join('\n') ?? '', 'KNOWN, 22:50');
  assert.match(morning?.join('\n') ?? '', 'from 2026-11-22 22:10 until 13:10');
  assert.match(morning?.join('\n') ?? '', 'KNOWN, 2026-11-22 22:50');
});

test('several questions have a number each: who asked which, and which waits at whom', () => {
  const now = Date.parse(EVENING);
  const [, , first, second] = headLines(view(EVENING), now);
  assert.is(first, '(1) check-op-bekendheid asked 22:50 by O. Officier');
  assert.match(second ?? '', /^\(2\) verzoek-casusinformatie asked/);
  const rows = partnerTable(view(EVENING), now).rows.map((row) => row.slice(-2));
  assert.equal(rows, [
    ['(1)', 'none yet, has it 22:50'],
    ['(1)', 'KNOWN, 22:50'],
    ['(2)', 'none yet, has it 22:50'],
    ['(1)', 'REJECTED 22:50 (wrongly-addressed)'],
    ['(1)', 'not known, 22:50'],
  ]);
  const one = view(EVENING, { vragen: view(EVENING).vragen.slice(0, 1) });
  assert.is(headLines(one, now)[2], 'check-op-bekendheid asked 22:50 by O. Officier');
  assert.equal(partnerTable(one, now).head, ['partner', 'telephone', 'now', 'answer']);
});

test('who has not even had the question is told apart', () => {
  const { afgeleverdOp: _, ...onTheWay } = asked({ staat: 'onderweg', herinnerd: 1 });
  const { gevraagdOp: __, ...unasked } = onTheWay;
  const partners = [onTheWay, { ...unasked, herinnerd: 0 }].map((one) =>
    partner('Halt', { vragen: [one] }),
  );
  const rows = partnerTable(view(EVENING, { partners }), Date.parse(EVENING)).rows;
  assert.equal(
    rows.map((row) => row.at(-1)),
    ['none yet, NOT DELIVERED, reminded 1×', 'not asked yet'],
  );
  const over = partnerTable(view(EVENING, { partners, staat: 'verstreken' }), Date.parse(EVENING));
  assert.is(over.rows[0]?.at(-1), 'NONE, NOT DELIVERED, reminded 1×', 'after the end none comes');
});

test('when all have answered before the end, it is said when the summary comes', () => {
  const now = Date.parse(EVENING);
  const all = view(EVENING, { staat: 'beantwoord' });
  assert.equal(summaryLines(all, now), [
    "the router's summary comes at 2026-11-23 13:10 at the latest",
  ]);
  const ended = view(EVENING, { staat: 'verstreken' });
  assert.equal(summaryLines(ended, now), ["the router's summary has not come yet"]);
});

test('once it was closed no time is left, and nobody is reminded any more', () => {
  const now = Date.parse(EVENING);
  const [head = '', clock = ''] = headLines(view(EVENING), now);
  assert.match(head, '; 5 h 20 left');
  assert.match(clock, 'partners are reminded at 2026-11-23 10:10 and 2026-11-23 11:40');
  const closed = headLines(view(EVENING, { staat: 'ingetrokken' }), now);
  assert.not.match(closed.join(), /left|reminded/);
  const all = headLines(view(EVENING, { staat: 'beantwoord' }), now);
  assert.match(all[0] ?? '', '; 5 h 20 left', 'more may be asked');
  assert.not.match(all.join(), 'reminded');
});

test('a list names each by its number, and by its id where that is not enough', () => {
  const { kenmerk: _, ...nameless } = LINE;
  const lines = [LINE, { ...LINE, kenmerk: 'B' }, { ...LINE, kenmerk: 'B' }, nameless];
  const rows = linesTable(lines, Date.parse(EVENING)).rows;
  assert.equal(
    rows.map(([name]) => name),
    [LINE.kenmerk, FIRST, FIRST, FIRST],
  );
  assert.is(rows[0]?.at(-1), '5 h 20 left');
});

test.run();
