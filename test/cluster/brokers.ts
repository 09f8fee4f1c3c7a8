/** The servers of the broker as the operator sees them: by `ketenpost broker check`. */
import { runKetenpost } from '../town/ketenpost.ts';
import type { Part, Town } from '../town/town.ts';
import { until } from '../town/wait.ts';

interface Checked {
  readonly streams: readonly {
    readonly stream: string;
    readonly answers: boolean;
    readonly leader?: string;
    readonly replicas: number;
    readonly copies: readonly { readonly server: string; readonly current: boolean }[];
  }[];
  readonly servers: readonly { readonly name: string; readonly version: string }[];
}

async function check(town: Town): Promise<Checked | undefined> {
  const { stdout } = await runKetenpost('broker', 'check', '--config', town.paths.router, '--json');
  return stdout === '' ? undefined : (JSON.parse(stdout) as Checked);
}

/** The server that leads this stream now, and another that does not. */
export async function leaderOf(town: Town, stream: string): Promise<{ leader: Part; other: Part }> {
  const name = await until(`a leader of ${stream}`, async () => {
    const found = await check(town);
    return found?.streams.find((one) => one.stream === stream)?.leader;
  });
  const at = Number(/\d+$/.exec(name)?.[0] ?? 0);
  const { brokers } = town;
  return { leader: brokers[at] as Part, other: brokers[(at + 1) % brokers.length] as Part };
}

/** Every server answers, and has all of every stream: only then may the next one go. */
export async function untilWhole(town: Town, seconds = 60): Promise<void> {
  await until(
    'every server to have everything',
    async () => {
      const found = await check(town);
      if (found === undefined || found.servers.length < town.brokers.length) return false;
      return found.streams.every(
        ({ answers, leader, copies, replicas }) =>
          answers && leader && copies.filter(({ current }) => current).length >= replicas - 1,
      );
    },
    seconds,
  );
}
