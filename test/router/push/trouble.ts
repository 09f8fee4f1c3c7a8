/** A street with one endpoint, of Veilig Thuis, and a door that soon gives up: for what goes wrong between them. */

import { until } from '../../town/wait.ts';
import { accepted, type Player } from '../player.ts';
import { type EndpointOf, here, openStreet, type Street, taking } from './street.ts';

export interface Trouble {
  readonly street: Street;
  readonly endpoint: EndpointOf;
  readonly police: Player;
  readonly vt: Player;
  /** Before each test: an endpoint that takes everything, and has nothing yet. */
  begin(): void;
  /** After each test: waits until an endpoint that takes everything has all that waits. */
  settle(): Promise<void>;
  /** The police send a report to Veilig Thuis. */
  send(): ReturnType<Player['send']>;
  /** Does something, and waits for one more of this outcome than there were. */
  counting(outcome: string, work: () => Promise<unknown>): Promise<void>;
}

export async function openTrouble(): Promise<Trouble> {
  const street = await openStreet();
  const [police, vt] = [await street.house.agency('politie'), await street.house.agency('vt')];
  const endpoint = await street.endpoint('vt');
  await street.bringTo('vt', here(endpoint));
  await street.door(undefined, { answerSeconds: 2, connectSeconds: 2 });
  const calm = () => {
    endpoint.manner = taking(vt);
    street.names.clear();
  };
  const isEmpty = async () => {
    for await (const { recipient } of street.house.rooms.mailboxes.labels()) {
      if (recipient === vt.oin) return false;
    }
    return true;
  };
  return {
    ...{ street, endpoint, police, vt },
    begin() {
      endpoint.brought.splice(0);
      calm();
    },
    async settle() {
      calm();
      await street.bringTo('vt', here(endpoint, `/${street.looked.length}`));
      await until('all to be taken', isEmpty);
    },
    async send() {
      const sent = await police.send({});
      accepted(sent);
      return sent;
    },
    async counting(outcome, work) {
      const before = await street.count(outcome);
      await work();
      await until(`an outcome ${outcome}`, async () => (await street.count(outcome)) > before);
    },
  };
}
