/** Minutes after which an urgent message raises an alarm; 0 = never. */
export interface AlarmSettings {
  /** Accepted, and not in the hands of its recipient. */
  readonly deliveredMinutes: number;
  /** In the hands of its recipient, and not taken over or rejected. */
  readonly processedMinutes: number;
}

export const ALARM_DEFAULTS: AlarmSettings = { deliveredMinutes: 5, processedMinutes: 30 };
