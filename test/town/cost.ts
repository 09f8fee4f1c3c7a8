/** What work costs this process. Not time on a clock: a machine that is busy with others would be measured. */

/** @returns milliseconds of CPU, of all threads */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
