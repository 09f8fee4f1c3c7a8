/** A moment as people and systems are told it. @param ms milliseconds since 1970 */
export const instant = (ms: number): string => new Date(ms).toISOString();
