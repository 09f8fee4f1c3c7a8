/** An adapter's store put back from a backup that is older than what happened since. */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyName } from '../../town/agencies.ts';
import type { Town } from '../../town/town.ts';
import type { Stage, Story } from '../story.ts';

const FILES = ['adapter.db', 'adapter.db-wal', 'adapter.db-shm'];
const BETWEEN_S = { whole: 5, quick: 3 } as const;

const place = ({ paths }: Town, name: AgencyName, file: string) => join(paths.adapter(name), file);

/** Copies the store of a stopped adapter aside, or back. */
function copyStore(town: Town, name: AgencyName, way: 'aside' | 'back'): void {
  const aside = join(town.folder, 'backup', name);
  mkdirSync(aside, { recursive: true });
  for (const file of FILES) {
    const [from, to] = [place(town, name, file), join(aside, file)];
    const [source, target] = way === 'aside' ? [from, to] : [to, from];
    rmSync(target, { force: true });
    if (existsSync(source)) cpSync(source, target);
  }
}

/** @returns when the backup was made (performance.now) */
async function restoreOld(stage: Stage, name: AgencyName): Promise<number> {
  const { town, quick } = stage;
  const part = stage.part(name);
  await part.stop();
  copyStore(town, name, 'aside');
  const made = performance.now();
  await part.start();
  await stage.run(quick ? BETWEEN_S.quick : BETWEEN_S.whole);
  await part.stop();
  copyStore(town, name, 'back');
  stage.say(`${name}: the store of ${quick ? BETWEEN_S.quick : BETWEEN_S.whole} s ago put back`);
  await part.start();
  stage.healed();
  return made;
}

export const RESTORE: readonly Story[] = [
  {
    name: 'restore-recipient',
    fault: "recipient's store restored from an old backup",
    begin: () => ({
      act: async (stage) => {
        await restoreOld(stage, 'vt');
        return { moments: 'once' };
      },
    }),
  },
  {
    name: 'restore-sender',
    fault: "sender's store restored from an old backup",
    begin: () => ({
      act: async (stage) => {
        stage.load.again('politie', await restoreOld(stage, 'politie'));
        const remark = "the sender's system handed in again what it had handed in since";
        return { moments: 'once', remarks: [remark] };
      },
    }),
  },
];
