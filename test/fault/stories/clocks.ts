/** Clocks stepped by an hour, both ways, under programs that run on. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Site, Stage, Story } from '../story.ts';

const SHIFTED = join(dirname(fileURLToPath(import.meta.url)), '..', 'shifted-clock.js');
const HOUR_MS = 3_600_000;
/** How long a clock stays wrong. */
const LASTS = { whole: 8, quick: 4 } as const;

interface HeldClock {
  /** The arguments with which node runs a program on it. */
  readonly args: readonly string[];
  step(ms: number): void;
}

function openClock({ folder }: Site, name: string): HeldClock {
  const file = join(folder, `${name}.clock`);
  const address = pathToFileURL(SHIFTED);
  address.searchParams.set('file', file);
  return {
    args: ['--import', address.href],
    step: (ms) => writeFileSync(file, `${ms}`),
  };
}

const said = (hours: number) => (hours === 0 ? 'right again' : `${hours > 0 ? '+' : '−'}1 h`);

async function stepBothWays(stage: Stage, clock: HeldClock): Promise<void> {
  const seconds = stage.quick ? LASTS.quick : LASTS.whole;
  for (const hours of [1, 0, -1, 0]) {
    stage.say(said(hours));
    clock.step(hours * HOUR_MS);
    if (hours === 0) stage.healed();
    await stage.run(hours === 0 ? seconds / 2 : seconds);
  }
}

/** @param whose the process with the clock that is stepped; the others have one that goes right */
const stepped = (name: string, fault: string, whose: string): Story => ({
  ...{ name, fault },
  begin: (site) => {
    const [wrong, right] = [openClock(site, 'wrong'), openClock(site, 'right')];
    return {
      town: { tune: { node: (process) => (process === whose ? wrong : right).args } },
      act: async (stage) => {
        await stepBothWays(stage, wrong);
        // What was signed an hour ahead is told to come again when its time has come.
        stage.say('an hour later');
        for (const clock of [wrong, right]) clock.step(HOUR_MS);
        stage.healed();
        return { moments: '4 steps: +1 h, back, −1 h, back; and an hour later' };
      },
    };
  },
});

export const CLOCKS: readonly Story[] = [
  stepped('clock-router', "router's clock stepped by an hour, both ways", 'router'),
  stepped('clock-sender', "sender's clock stepped by an hour, both ways", 'politie'),
  stepped('clock-recipient', "recipient's clock stepped by an hour, both ways", 'vt'),
];
