import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { trackOf } from '../../adapters/track.ts';
import { openMessage } from '../../adapters/view.ts';
import { AGENCIES } from '../town/agencies.ts';
import { openStand, report, type Stand, until } from './stand.ts';

let stand: Stand;
test.before(async () => {
  stand = await openStand();
});
test.after(() => stand.close());

test('a report goes out, is delivered, acknowledged, and the sender knows it all', async () => {
  const police = await stand.start('politie');
  const vt = await stand.start('vt');
  const { bericht } = await post(police.rooms, report());
  const row = () => police.rooms.store.outbox.get(bericht);
  await until('delivery', () => row()?.state === 'afgerond');

  const opened = await openMessage(vt.rooms, { sender: AGENCIES.politie.oin, jti: bericht });
  assert.is(opened.afzender.naam, 'Politie eenheid Oost-Brabant');
  assert.equal(opened.bericht.inhoud, report()['inhoud']);

  const id = { sender: AGENCIES.politie.oin, jti: bericht };
  await settle(vt.rooms, id, {
    state: 'verwerkt',
    action: 'bevestigd',
    by: { medewerker: 'T. Riage' },
  });
  const track = await until('verwerkt', () => {
    const found = row();
    const told = found && trackOf(police.rooms, found);
    return told?.ontvangers[0]?.staat === 'verwerkt' ? told : undefined;
  });
  assert.equal(
    track.tijdlijn.map(({ staat }) => staat),
    ['ingediend', 'aanvaard', 'afgeleverd', 'verwerkt'],
  );
  const times = track.tijdlijn.map(({ op }) => op);
  assert.equal(times, times.toSorted(), 'whole seconds and thousandths read in order');
  assert.ok(track.ontvangers[0]?.digestGelijk);
  assert.is(stand.door.router.offers.get(bericht), 1);
});

test.run();
