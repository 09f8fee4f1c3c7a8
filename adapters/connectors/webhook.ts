/**
 * Hands received messages over to the agency's own system: a POST of the opened message to the one
 * configured address. At least once, with a key by which the system knows a repeat; what it takes is
 * stated `verwerkt`, what it refuses waits for a person.
 */
import { digestOf } from '../../certs/digest.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import { settle } from '../settle.ts';
import type { Handover } from '../store/handovers.ts';
import { openWithRadar } from '../view.ts';
import type { Call, Outcome, WebhookConfig } from './webhook/call.ts';
import { againAt, openCalling } from './webhook/calling.ts';

const AT_ONCE = 4;

export function openWebhook(rooms: Rooms, config: WebhookConfig) {
  const { handovers } = rooms.store;
  return openCalling<Handover>(rooms, config, {
    name: 'webhook',
    connections: AT_ONCE,
    due: (now) => handovers.due('webhook', now, AT_ONCE),
    soonest: (now) => handovers.soonest('webhook', now),
    async tell(one, caller) {
      const outcome = await caller.post(await callFor(rooms, config.url, one));
      await note(rooms, one, outcome);
    },
  });
}

async function callFor(rooms: Rooms, url: string, { sender, message }: Handover): Promise<Call> {
  const body = await openWithRadar(rooms, { sender, jti: message });
  const idempotencyKey = digestOf(`${sender}\n${message}\n${body.digest}`);
  return { url, type: 'application/json', idempotencyKey, body };
}

async function note(rooms: Rooms, handover: Handover, outcome: Outcome): Promise<void> {
  const { store, log } = rooms;
  const { sender, message } = handover;
  // Stated first: a fall in between repeats the POST, which the system knows by its key.
  if (outcome.kind === 'taken') await stateTaken(rooms, handover);
  else log.warn({ sender, message, status: outcome.status }, 'the webhook did not take a message');
  await store.write(() => store.handovers.progress(after(rooms, handover, outcome)));
}

async function stateTaken(rooms: Rooms, { sender, message }: Handover): Promise<void> {
  try {
    const how = { state: 'verwerkt', action: 'overgenomen', by: {} } as const;
    await settle(rooms, { sender, jti: message }, how);
  } catch (error) {
    // A person rejected it meanwhile: that stands.
    if (!(error instanceof Refusal)) throw error;
  }
}

function after(rooms: Rooms, handover: Handover, outcome: Outcome): Handover {
  const { kind, status } = outcome;
  const tried = { ...handover, attempts: handover.attempts + 1, status };
  if (kind === 'taken') return { ...tried, state: 'gelukt' };
  if (kind === 'refused') return { ...tried, state: 'mens' };
  return { ...tried, nextAt: againAt(rooms, handover, outcome) };
}
