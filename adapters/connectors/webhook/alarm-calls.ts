/**
 * Tells a system of the agency of alarms, so that a duty officer hears of them: one CloudEvent when
 * an alarm is raised, one when it is over. Apart from the messages, so that none waits behind them.
 */
import { digestOf } from '../../../certs/digest.ts';
import { toUrn } from '../../../schemas/ids.ts';
import { viewAlarm } from '../../alarm-view.ts';
import { Loop } from '../../loop.ts';
import type { Rooms } from '../../rooms.ts';
import { waitOf } from '../../schedule.ts';
import type { AlarmRow } from '../../store/alarms.ts';
import { type Call, Caller, type Outcome, type WebhookConfig } from './call.ts';

const EVENT = 'application/cloudevents+json';

export class AlarmCalls {
  readonly #rooms: Rooms;
  readonly #url: string;
  readonly #caller: Caller;
  readonly #loop: Loop;

  constructor(rooms: Rooms, config: WebhookConfig) {
    this.#rooms = rooms;
    this.#url = config.alarmUrl ?? config.url;
    this.#caller = new Caller(rooms, config, 2);
    this.#loop = new Loop('alarm webhook', rooms.log, () => this.#turn(), rooms.longestWaitMs);
  }

  start(): void {
    this.#loop.start();
  }

  ring(): void {
    this.#loop.ring();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#caller.close();
  }

  async #turn(): Promise<number | null> {
    const { store, clock } = this.#rooms;
    const due = store.alarms.toCall(clock.now());
    await Promise.all(due.map((one) => this.#tell(one)));
    if (due.length > 0) return 0;
    const soonest = store.alarms.nextCall(clock.now());
    return soonest === null ? null : soonest - clock.now();
  }

  async #tell(alarm: AlarmRow): Promise<void> {
    const { store, log } = this.#rooms;
    const outcome = await this.#caller.post(eventOf(this.#rooms, alarm, this.#url));
    if (outcome.kind !== 'taken')
      log.warn({ alarm: alarm.id, status: outcome.status }, 'the webhook did not take an alarm');
    await store.write(() => store.alarms.called(alarm, this.#next(alarm, outcome)));
  }

  /** What was refused is not offered again: the alarm stands in the lists all the same. */
  #next({ attempts }: AlarmRow, outcome: Outcome): number | null {
    if (outcome.kind !== 'later') return null;
    const wait = waitOf(this.#rooms, 'handover', 'spoed', attempts);
    return this.#rooms.clock.now() + Math.max(wait, outcome.afterMs);
  }
}

/** The event as CloudEvents 1.0 (structured JSON); its id, and the key of the call, are the same at each try. */
function eventOf(rooms: Rooms, alarm: AlarmRow, url: string): Call {
  const what = alarm.ended === null ? 'opgekomen' : 'voorbij';
  const body = {
    specversion: '1.0',
    id: `${alarm.id}-${what}`,
    source: toUrn(rooms.oin),
    type: `nl.ketenpost.alarm.${what}`,
    time: new Date(alarm.ended ?? alarm.raised).toISOString(),
    datacontenttype: 'application/json',
    data: viewAlarm(rooms, alarm),
  };
  return { url, type: EVENT, idempotencyKey: digestOf(`${rooms.oin}\n${body.id}`), body };
}
