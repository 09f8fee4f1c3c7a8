/**
 * Tells a system of the agency of alarms, so that a duty officer hears of them: one CloudEvent when
 * an alarm is raised, one when it is over; one for each reminder of a clock, and one for the summary of
 * a consultation. Apart from the messages, so that none waits behind them.
 */
import { digestOf } from '../../../certs/digest.ts';
import { toUrn } from '../../../schemas/ids.ts';
import { viewAlarm } from '../../alarm-view.ts';
import { viewSummary } from '../../consult/view-summary.ts';
import type { Rooms } from '../../rooms.ts';
import type { AlarmRow } from '../../store/alarms.ts';
import type { ReminderRow } from '../../store/reminders.ts';
import type { ToldSummary } from '../../store/summaries.ts';
import { viewReminder } from '../../terms/view-reminder.ts';
import type { Call, Caller, Outcome, WebhookConfig } from './call.ts';
import { againAt, openCalling } from './calling.ts';

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

export function openAlarmCalls(rooms: Rooms, config: WebhookConfig) {
  const { alarms, reminders, summaries } = rooms.store;
  const url = config.alarmUrl ?? config.url;
  return openCalling<Telling>(rooms, config, {
    name: 'alarm webhook',
    connections: 2,
    due: (now) => [
      ...alarms.toCall(now).map((one) => ofAlarm(rooms, one)),
      ...reminders.toCall(now).map((one) => ofReminder(rooms, one)),
      ...summaries.toCall(now).map((one) => ofSummary(rooms, one)),
    ],
    soonest(now) {
      const times = [alarms, reminders, summaries].map((one) => one.nextCall(now));
      return times.filter((one) => one !== null).sort((a, b) => a - b)[0] ?? null;
    },
    tell: (one, caller) => tell(rooms, url, caller, one),
  });
}

function ofAlarm(rooms: Rooms, alarm: AlarmRow): Telling {
  const what = alarm.ended === null ? 'opgekomen' : 'voorbij';
  return {
    ...{ id: `${alarm.id}-${what}`, type: `nl.ketenpost.alarm.${what}` },
    ...{ at: alarm.ended ?? alarm.raised, data: viewAlarm(rooms, alarm) },
    attempts: alarm.attempts,
    note: (next) => rooms.store.alarms.called(alarm, next),
  };
}

function ofReminder({ store }: Rooms, row: ReminderRow): Telling {
  return {
    ...{ id: row.id, type: `nl.ketenpost.termijn.${row.kind}`, at: row.at },
    ...{ data: viewReminder(row), attempts: row.attempts },
    note: (next) => store.reminders.called(row, next),
  };
}

function ofSummary({ store }: Rooms, row: ToldSummary): Telling {
  const data = viewSummary(row);
  return {
    ...{ id: data.inhoud.jti, type: 'nl.ketenpost.raadpleging.samengevat' },
    ...{ at: row.stated * 1000, data, attempts: row.attempts },
    note: (next) => store.summaries.called(row, next),
  };
}

async function tell(rooms: Rooms, url: string, caller: Caller, telling: Telling): Promise<void> {
  const outcome = await caller.post(callFor(rooms, url, telling));
  const { id, type } = telling;
  if (outcome.kind !== 'taken')
    rooms.log.warn({ id, type, status: outcome.status }, 'the webhook did not take an alarm');
  await rooms.store.write(() => telling.note(next(rooms, telling, outcome)));
}

/** What was refused is not offered again: it stands in the lists all the same. */
function next(rooms: Rooms, { attempts }: Telling, outcome: Outcome): number | null {
  return outcome.kind === 'later' ? againAt(rooms, { prio: 'spoed', attempts }, outcome) : null;
}

/** The event as CloudEvents 1.0 (structured JSON); its id, and the key of the call, are the same at each try. */
function callFor({ oin }: Rooms, url: string, { id, type, at, data }: Telling): Call {
  const event = { specversion: '1.0', id, source: toUrn(oin), type };
  const time = new Date(at).toISOString();
  const body = { ...event, time, datacontenttype: 'application/json', data };
  return { url, type: EVENT, idempotencyKey: digestOf(`${oin}\n${id}`), body };
}
