/**
 * Tells a system of the agency of alarms, so that a duty officer hears of them: one CloudEvent when
 * an alarm is raised, one when it is over; one for each reminder of a clock, and one for the summary of
 * a consultation. Apart from the messages, so that none waits behind them.
 */
import { digestOf } from '../../../certs/digest.ts';
import { toUrn } from '../../../schemas/ids.ts';
import { viewAlarm } from '../../alarm-view.ts';
import { viewSummary } from '../../consult/view-summary.ts';
import { Loop } from '../../loop.ts';
import type { Rooms } from '../../rooms.ts';
import { waitOf } from '../../schedule.ts';
import type { AlarmRow } from '../../store/alarms.ts';
import type { ReminderRow } from '../../store/reminders.ts';
import type { ToldSummary } from '../../store/summaries.ts';
import { viewReminder } from '../../terms/view-reminder.ts';
import { type Call, Caller, type Outcome, type WebhookConfig } from './call.ts';

const EVENT = 'application/cloudevents+json';

/** One thing to tell, and how to note when it must be told again. */
interface Telling {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly data: object;
  readonly attempts: number;
  note(next: number | null): void;
}

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
    const due = [
      ...store.alarms.toCall(clock.now()).map((one) => this.#alarm(one)),
      ...store.reminders.toCall(clock.now()).map((one) => this.#reminder(one)),
      ...store.summaries.toCall(clock.now()).map((one) => this.#summary(one)),
    ];
    await Promise.all(due.map((one) => this.#tell(one)));
    if (due.length > 0) return 0;
    const kinds = [store.alarms, store.reminders, store.summaries];
    const times = kinds.map((one) => one.nextCall(clock.now()));
    const soonest = times.filter((one) => one !== null).sort((a, b) => a - b)[0];
    return soonest === undefined ? null : soonest - clock.now();
  }

  #alarm(alarm: AlarmRow): Telling {
    const what = alarm.ended === null ? 'opgekomen' : 'voorbij';
    return {
      ...{ id: `${alarm.id}-${what}`, type: `nl.ketenpost.alarm.${what}` },
      ...{ at: alarm.ended ?? alarm.raised, data: viewAlarm(this.#rooms, alarm) },
      attempts: alarm.attempts,
      note: (next) => this.#rooms.store.alarms.called(alarm, next),
    };
  }

  #reminder(row: ReminderRow): Telling {
    return {
      ...{ id: row.id, type: `nl.ketenpost.termijn.${row.kind}`, at: row.at },
      ...{ data: viewReminder(row), attempts: row.attempts },
      note: (next) => this.#rooms.store.reminders.called(row, next),
    };
  }

  #summary(row: ToldSummary): Telling {
    const data = viewSummary(row);
    return {
      ...{ id: data.inhoud.jti, type: 'nl.ketenpost.raadpleging.samengevat' },
      ...{ at: row.stated * 1000, data, attempts: row.attempts },
      note: (next) => this.#rooms.store.summaries.called(row, next),
    };
  }

  async #tell(telling: Telling): Promise<void> {
    const { store, log } = this.#rooms;
    const outcome = await this.#caller.post(this.#callFor(telling));
    if (outcome.kind !== 'taken') {
      const { id, type } = telling;
      log.warn({ id, type, status: outcome.status }, 'the webhook did not take an alarm');
    }
    await store.write(() => telling.note(this.#next(telling, outcome)));
  }

  /** What was refused is not offered again: it stands in the lists all the same. */
  #next({ attempts }: Telling, outcome: Outcome): number | null {
    if (outcome.kind !== 'later') return null;
    const wait = waitOf(this.#rooms, 'handover', 'spoed', attempts);
    return this.#rooms.clock.now() + Math.max(wait, outcome.afterMs);
  }

  /** The event as CloudEvents 1.0 (structured JSON); its id, and the key of the call, are the same at each try. */
  #callFor({ id, type, at, data }: Telling): Call {
    const { oin } = this.#rooms;
    const event = { specversion: '1.0', id, source: toUrn(oin), type };
    const time = new Date(at).toISOString();
    const body = { ...event, time, datacontenttype: 'application/json', data };
    return { url: this.#url, type: EVENT, idempotencyKey: digestOf(`${oin}\n${id}`), body };
  }
}
