/** Versions of nats-server, such as `2.9.10` or `2.11.0-RC.1`. */

/** Its numbers; those that are missing or no number count as 0. */
export function settle(version: string): readonly [number, number, number] {
  const [a = 0, b = 0, c = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [a, b, c];
}

export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a, b] = settle(version);
  return a > major || (a === major && b >= minor);
}
