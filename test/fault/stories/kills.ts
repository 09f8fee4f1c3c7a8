/** kill -9 of one part, at many moments that chance picks, while reports flow. */
import type { RouterRole } from '../../town/town.ts';
import type { Stage, Story } from '../story.ts';

/** How long a part lives between two kills, in seconds. */
const LIFE = { least: 0.2, most: 2 } as const;

export async function killOften(stage: Stage, name: string, times: number): Promise<string> {
  const part = stage.part(name);
  for (let kill = 1; kill <= times; kill++) {
    await stage.run(stage.chance.between(LIFE.least, LIFE.most));
    await part.kill();
    await part.start();
    if (kill === times) stage.healed();
    stage.say(`${name} killed ${kill} of ${times} times`);
  }
  return `${times} kills`;
}

const kills = (
  name: string,
  fault: string,
  part: string,
  [whole, quick]: readonly [number, number],
  roles: readonly RouterRole[] = ['all'],
): Story => ({
  ...{ name, fault },
  begin: () => ({
    town: { roles },
    act: async (stage) => ({
      moments: await killOften(stage, part, stage.quick ? quick : whole),
    }),
  }),
});

export const KILLS: readonly Story[] = [
  kills('door', 'kill -9 of the door', 'router-0-door', [12, 3], ['door', 'pipeline']),
  kills('pipeline', 'kill -9 of the pipeline', 'router-1-pipeline', [12, 3], ['door', 'pipeline']),
  kills('sender', "kill -9 of the sender's adapter", 'politie', [12, 3]),
  kills('recipient', "kill -9 of the recipient's adapter", 'vt', [12, 3]),
  kills('broker', 'kill -9 of the broker', 'broker', [6, 2]),
];
