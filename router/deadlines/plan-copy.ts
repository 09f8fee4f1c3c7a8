import type { Alarm } from '../../schemas/generated/wire.ts';
import type { State } from '../../schemas/states.ts';
import { STATES } from '../../schemas/states.ts';
import type { Prio } from '../bus/subjects.ts';
import type { AlarmSettings } from './settings.ts';

export type AlarmKind = Alarm['soort'];

/** One copy of a message, as it stands. Times are milliseconds since 1970. */
export interface Standing {
  readonly prio: Prio;
  /** The end of the message. */
  readonly exp: number;
  /** When it was taken in. */
  readonly since: number;
  /** What was stated of the copy, and when the router got that. */
  readonly stated: readonly { readonly state: State; readonly at: number }[];
  /** Alarms that were raised. */
  readonly raised: readonly AlarmKind[];
}

/** What must be done about it now, and when it must be looked at again; nothing when it needs no watching. */
export interface Plan {
  readonly act?: 'expire' | AlarmKind;
  readonly next?: number;
}

const MINUTE = 60_000;
const FINAL: readonly State[] = ['verwerkt', 'afgewezen'];

/**
 * The rule of expiry and alarms, for one copy. A copy that is not delivered is looked at again no
 * later than `processedMinutes` from now: whatever is delivered in between is not overdue before then.
 */
export function planCopy(copy: Standing, alarm: AlarmSettings, now: number): Plan {
  const states = copy.stated.map(({ state }) => state);
  if (states.some((state) => FINAL.includes(state))) return {};
  const delivered = copy.stated.find(({ state }) => state === 'afgeleverd');
  if (delivered !== undefined) return planProcessing(copy, alarm, delivered.at, now);
  if (states.some((state) => STATES[state].settles)) return {};
  if (now >= copy.exp) return { act: 'expire' };
  return planDelivery(copy, alarm, now);
}

function planProcessing(copy: Standing, alarm: AlarmSettings, delivered: number, now: number) {
  const wait = alarm.processedMinutes * MINUTE;
  if (copy.prio !== 'spoed' || wait === 0 || copy.raised.includes('niet-verwerkt')) return {};
  return now >= delivered + wait ? ({ act: 'niet-verwerkt' } as const) : { next: delivered + wait };
}

function planDelivery(copy: Standing, alarm: AlarmSettings, now: number): Plan {
  if (copy.prio !== 'spoed') return { next: copy.exp };
  const [wait, look] = [alarm.deliveredMinutes * MINUTE, alarm.processedMinutes * MINUTE];
  const mayAlarm = wait > 0 && !copy.raised.includes('niet-afgeleverd');
  const isLate = mayAlarm && now >= copy.since + wait;
  const times = [
    copy.exp,
    ...(look > 0 ? [now + look] : []),
    ...(mayAlarm && !isLate ? [copy.since + wait] : []),
  ];
  return { ...(isLate && { act: 'niet-afgeleverd' as const }), next: Math.min(...times) };
}
