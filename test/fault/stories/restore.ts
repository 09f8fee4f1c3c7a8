/** An adapter's store put back, by the commands for it, from a backup that is older than what happened since. */
import { join } from 'node:path';
import { AGENCIES, type AgencyName } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import type { Stage, Story } from '../story.ts';

const BETWEEN_S = { whole: 5, quick: 3 } as const;
const PATIENCE_S = 90;

/** @returns when the backup was made (performance.now) */
async function restoreOld(
  stage: Stage,
  name: AgencyName,
  between: () => Promise<unknown>,
): Promise<number> {
  const { town } = stage;
  const part = stage.part(name);
  const file = join(town.folder, `${name}-backup.db`);
  const config = ['--config', town.paths.adapterYaml(name)];
  const made = performance.now();
  await town.ketenpost('adapter', 'backup', '--out', file, ...config);
  await between();
  await part.stop();
  await town.ketenpost('adapter', 'restore', file, '--overwrite', ...config);
  stage.say(`${name}: an older store was put back`);
  await part.start();
  stage.healed();
  return made;
}

const between = ({ quick }: Stage) => (quick ? BETWEEN_S.quick : BETWEEN_S.whole);

interface Lacking {
  readonly vermist: readonly unknown[];
  readonly volledig: boolean;
}

/** What was received in the end had not been given to the agency's own system: the backup has it not. */
async function recipient(stage: Stage) {
  const { town, systems } = stage;
  const { oin, rest } = { oin: AGENCIES.vt.oin, rest: town.agencies.vt.rest };
  await restoreOld(stage, 'vt', async () => {
    await stage.run(between(stage));
    systems.answer(oin, 503);
    stage.say('its own system takes nothing');
    await stage.run(between(stage));
  });
  systems.answer(oin, 200);
  const look = async () => {
    const page = await rest.get<Lacking>('/v1/vermist?aantal=200');
    return page.volledig && page;
  };
  const found = await until('the adapter to know what it lacks', look, PATIENCE_S);
  const remark = `ketenpost missing lists ${found.vermist.length} messages that came after the backup; those its system had not been given are under told`;
  return { moments: 'once', remarks: [remark], detected: found.vermist.length > 0 };
}

async function sender(stage: Stage) {
  const made = await restoreOld(stage, 'politie', () => stage.run(between(stage)));
  stage.load.again('politie', made);
  const remark = "the sender's system handed in again what it had handed in since";
  return { moments: 'once', remarks: [remark] };
}

export const RESTORE: readonly Story[] = [
  {
    name: 'restore-recipient',
    fault: "recipient's store restored from an old backup",
    begin: () => ({ act: recipient }),
  },
  {
    name: 'restore-sender',
    fault: "sender's store restored from an old backup",
    begin: () => ({ act: sender }),
  },
];
