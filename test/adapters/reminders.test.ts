/** What the router says of statutory clocks: told, by ids, and taken out of the mailbox. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadIdentity } from '../../certs/keystore.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { openStand, type Stand, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];

let stand: Stand;
test.before(async () => {
  stand = await openStand();
  await stand.start('vt');
});
test.after(() => stand.close());

const mail = () => stand.door.router.mail;
const saying = (words: string) => stand.log.filter((line) => line.includes(words));

test('a reminder is told in the log, and does not stay in the way of what comes after it', async () => {
  const bericht = newUuid7(Date.now());
  await stand.door.router.remind(VT, { bericht, soort: 'verstreken' });
  await until('an empty mailbox', () => mail().remindersWaiting(VT) === 0 || undefined);
  const [line = ''] = saying('a statutory clock');
  for (const word of ['veiligheidsbeoordeling', 'verstreken', bericht, POLICE])
    assert.match(line, word);
});

test('one that the router did not sign, or that is for another, is not believed; it goes as well', async () => {
  const before = saying('a statutory clock').length;
  const { signing } = await loadIdentity(stand.keys.identity(POLICE));
  await stand.door.router.remind(VT, {}, signing);
  await stand.door.router.remind(VT, { aud: toUrn(POLICE) });
  await stand.door.router.remind(VT, { iss: toUrn(POLICE) });
  await until('an empty mailbox', () => mail().remindersWaiting(VT) === 0 || undefined);
  assert.is(saying('a reminder does not count').length, 3);
  assert.is(saying('a statutory clock').length, before);
});

test.run();
