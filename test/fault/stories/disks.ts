/** A disk that is full: under the broker, and under the adapters of a sender and a recipient. */
import { join } from 'node:path';
import { paths } from '../../town/files.ts';
import type { Town } from '../../town/town.ts';
import { type Disk, hasOwnMounts, mountDisk, NEEDS, unmount } from '../disk.ts';
import type { Play, Site, Stage, Story } from '../story.ts';

const MEGABYTES = 48;
/** How long a disk stays full, in seconds. */
const LASTS = { whole: 8, quick: 4 } as const;

const needs = () => (hasOwnMounts() ? undefined : NEEDS);
const lasts = ({ quick }: Stage) => (quick ? LASTS.quick : LASTS.whole);

/** The streams that the broker had lost and that had to be made anew. */
const madeAnew = async (town: Town): Promise<readonly string[]> =>
  (await town.ketenpost<{ made: string[] }>('broker', 'streams', '--config', town.paths.router))
    .made;

function beginBroker({ folder }: Site): Play {
  const place = join(paths(folder).broker, 'store');
  const disk = mountDisk(place, MEGABYTES);
  return {
    act: async (stage) => {
      const broker = stage.part('broker');
      disk.fill();
      stage.say('full');
      const passed = await stage.passed(lasts(stage));
      disk.makeRoom();
      stage.healed();
      await stage.run(3);
      disk.fill();
      await stage.run(2);
      stage.say('full, and the broker killed and started');
      await broker.kill();
      await broker.start();
      await stage.run(lasts(stage) / 2);
      disk.makeRoom();
      await broker.stop();
      await broker.start();
      stage.healed();
      const made = await madeAnew(stage.town);
      const lost =
        made.length === 0
          ? 'the broker had all its streams after it was killed on a full disk'
          : `the broker had lost ${made.join(', ')}: they were made anew and senders offered again`;
      const remarks = [`${passed} passed while the disk was full; ${lost}`];
      return { moments: '2: filled; filled, killed and started', remarks, detected: passed === 0 };
    },
    end: async () => void unmount(place),
  };
}

const AT = ['vt', 'politie'] as const;

function beginAdapters({ folder }: Site): Play {
  const disks = AT.map((name) => {
    const place = paths(folder).adapter(name);
    return { name, place, disk: mountDisk(place, MEGABYTES) };
  });
  return {
    act: async (stage) => {
      const turnedAway = stage.load.turnedAway();
      for (const { name, disk } of disks) await fillUnder(stage, name, disk);
      const away = stage.load.turnedAway() - turnedAway;
      const remarks = [`an adapter on a full disk turned its own system away ${away} times`];
      return {
        moments: '4: recipient and sender, running and killed',
        remarks,
        detected: away > 0,
      };
    },
    end: async () => disks.forEach(({ place }) => void unmount(place)),
  };
}

/** What a log of writes needs to begin with; it is full after some messages. */
const SPARE = 400_000;

/** Stopped first: a log of writes that is long already has room of its own for a while. */
async function fillUnder(stage: Stage, name: string, disk: Disk): Promise<void> {
  const part = stage.part(name);
  await part.stop();
  disk.fill(SPARE);
  await part.start();
  stage.say(`${name} filled`);
  await stage.run(2 * lasts(stage));
  disk.makeRoom();
  stage.healed();
  await stage.run(2);
  disk.fill();
  await stage.run(1);
  await part.kill();
  stage.say(`${name} killed on a full disk`);
  disk.makeRoom();
  await part.start();
  stage.healed();
  await stage.run(1);
}

export const DISKS: readonly Story[] = [
  { name: 'disk-broker', fault: "disk full under the broker's streams", needs, begin: beginBroker },
  { name: 'disk-adapter', fault: 'disk full under adapters', needs, begin: beginAdapters },
];
