/** Everything of an agency that works by itself, started in order; whoever brings work last. */
import { Collecting } from './collecting.ts';
import type { AgencyConfig } from './config.ts';
import { openFolder } from './connectors/folder.ts';
import { openAlarmCalls } from './connectors/webhook/alarm-calls.ts';
import { openWebhook } from './connectors/webhook.ts';
import { openTidying } from './dataref/tidy.ts';
import { Outgoing } from './outgoing.ts';
import { openReconciling } from './reconcile.ts';
import { Replying } from './replying.ts';
import type { Rings, Rooms } from './rooms.ts';
import type { Stack } from './stack.ts';
import { openWatching } from './watching.ts';

interface Worker {
  start(): void;
  ring(): void;
  stop(): Promise<void>;
}

/** They are stopped in reverse. @returns how to wake each */
export function startLoops(config: AgencyConfig, rooms: Rooms, stack: Stack): Rings {
  const add = <T extends Worker>(one: T): T => stack.add(one, (it) => it.stop());
  const { webhook: hook } = config;
  const outgoing = add(new Outgoing(rooms));
  const collecting = new Collecting(rooms, config.router.waitSeconds);
  const replying = add(new Replying(rooms, () => collecting.waits));
  stack.add(collecting, (one) => one.stop());
  const webhook = hook && add(openWebhook(rooms, hook));
  const alarmCalls = hook && add(openAlarmCalls(rooms, hook));
  const folder = config.folder && add(openFolder(rooms, config.folder));
  const watching = add(openWatching(rooms, patienceOf(config)));
  const reconciling = add(openReconciling(rooms));
  const tidying = add(openTidying(rooms, config.gegevens));
  outgoing.start();
  replying.start();
  collecting.start(replying);
  for (const one of [webhook, alarmCalls, folder, watching, reconciling, tidying]) one?.start();
  return {
    outbox: () => outgoing.ring(),
    replies: () => replying.ring(),
    handovers: () => {
      webhook?.ring();
      folder?.ring();
    },
    alarms: () => {
      alarmCalls?.ring();
      folder?.ring();
    },
    watch: () => watching.ring(),
  };
}

/** Ten minutes until it is there, half an hour until somebody has it. */
const USUAL = { undeliveredSeconds: 600, unprocessedSeconds: 1800 } as const;

function patienceOf({ alarms = USUAL }: AgencyConfig) {
  const { undeliveredSeconds, unprocessedSeconds } = alarms;
  return { undeliveredMs: undeliveredSeconds * 1000, unprocessedMs: unprocessedSeconds * 1000 };
}
