/** Clocks stepped by an hour, both ways, under programs that run on. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Site, Story } from '../story.ts';

const SHIFTED = join(dirname(fileURLToPath(import.meta.url)), '..', 'shifted-clock.js');
const HOUR_MS = 3_600_000;
/** How long a clock stays wrong. */
const LASTS = { whole: 8, quick: 4 } as const;

/** The argument with which node runs a program on a clock that can be stepped, and how to step it. */
function openClock({ folder }: Site, name: string) {
  const file = join(folder, `${name}.clock`);
  const address = pathToFileURL(SHIFTED);
  address.searchParams.set('file', file);
  return {
    args: ['--import', address.href],
    step: (ms: number) => writeFileSync(file, `${ms}`),
  };
}

/** @param whose the processes with the clock that is stepped */
const stepped = (name: string, fault: string, whose: readonly string[]): Story => ({
  ...{ name, fault },
  begin: (site) => {
    const clock = openClock(site, name);
    return {
      town: { tune: { node: (process) => (whose.includes(process) ? clock.args : []) } },
      act: async (stage) => {
        const seconds = stage.quick ? LASTS.quick : LASTS.whole;
        for (const hours of [1, 0, -1, 0]) {
          stage.say(hours === 0 ? 'right again' : `${hours > 0 ? '+' : '−'}1 h`);
          clock.step(hours * HOUR_MS);
          if (hours === 0) stage.healed();
          await stage.run(hours === 0 ? seconds / 2 : seconds);
        }
        return { moments: '4 steps: +1 h, back, −1 h, back' };
      },
    };
  },
});

export const CLOCKS: readonly Story[] = [
  stepped('clock-router', "router's clock stepped by an hour, both ways", ['router']),
  stepped('clock-sender', "sender's clock stepped by an hour, both ways", ['politie']),
  stepped('clock-recipient', "recipient's clock stepped by an hour, both ways", ['vt']),
];
