/** A case is closed: whoever subscribed to it, and may be told, is told; and the subscription ends. */
import type { Uuid } from '../../schemas/ids.ts';
import { type Body, sample } from '../town/samples.ts';
import { deliver, draft, type Telling } from './telling.ts';

const BASIS = 'wmo-4.1.1.2.e';

interface Subscription {
  readonly staat: string;
  readonly reden?: string;
}

export async function caseUpdate(telling: Telling): Promise<void> {
  const { voice, told } = telling;
  const { vt, rvdk, politie } = telling.town.agencies;
  voice.heading('4. A case update goes to whoever subscribed to it');
  const event: Body = { ...sample('zaak-gebeurtenis', 'casus-afgesloten'), type: CLOSED };
  const zaak = event['subject'] as Uuid;
  const wish = { medewerker: 'p.verzonnen', bron: vt.oin, zaak, grondslag: BASIS };
  const { staat } = await politie.rest.post<Subscription>('/v1/abonnementen', wish);
  voice[staat === 'loopt' ? 'good' : 'bad'](
    `${politie.kort} subscribes to the case: the matrix gives it a task and a basis`,
  );
  const sent = await deliver(telling, vt, rvdk, draft('zaak-gebeurtenis', BASIS, event, { zaak }));
  await Promise.all([sent.until(politie, 'aanvaard'), sent.until(politie, 'afgeleverd')]);
  const { ontvangers } = await vt.track(sent.posted.bericht);
  const both = ontvangers.length === 2;
  voice[both ? 'good' : 'bad'](
    `no recipient was named; told: ${ontvangers.length}, one by the register, one by its own word`,
  );
  const { abonnementen } = await politie.rest.get<{ abonnementen: Subscription[] }>(
    '/v1/abonnementen',
  );
  const ended = abonnementen.every(({ reden }) => reden === 'zaak-afgesloten');
  voice[ended ? 'good' : 'bad']('the case is closed, and the subscription has ended with it');
  for (const to of [rvdk, politie]) {
    const line = await sent.tell('case update', to, ['aanvaard', 'afgeleverd']);
    told.push({ ...line, asExpected: line.asExpected && both && ended });
  }
}

const CLOSED = 'nl.jeugdketen.zaak-afgesloten.v1';
