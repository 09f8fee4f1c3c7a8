/** A moment as systems are told it. @param ms milliseconds since 1970 */
export const instant = (ms: number): string => new Date(ms).toISOString();

const SHORT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Amsterdam',
  ...({ dateStyle: 'short', timeStyle: 'short' } as const),
});

/** `2026-03-02 22:10`, in Dutch time: how people are told a moment. @param at ISO 8601, or milliseconds */
export const shortly = (at: string | number): string => SHORT.format(new Date(at));
