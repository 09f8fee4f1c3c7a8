/** What happens to the cluster, in the order in which it is told. */
import type { Part } from '../town/town.ts';
import { leaderOf, untilWhole } from './brokers.ts';
import type { Stage, Step } from './step.ts';

const AWAY_S = { whole: 8, quick: 3 } as const;
/** Past the time in which clients and other servers give a silent server up. */
const PAUSE_S = { whole: 25, quick: 15 } as const;
const away = ({ quick }: Stage): number => (quick ? AWAY_S.quick : AWAY_S.whole);

const STEADY: Step = {
  name: 'steady',
  what: 'nothing happens',
  mustNotRefuse: true,
  async act({ run, healed, quick }) {
    await run(quick ? 4 : 10);
    healed();
  },
};

/** Killed, and brought back after a while. */
async function fall(stage: Stage, part: Part): Promise<void> {
  stage.say(`kill -9 ${part.name}`);
  await part.kill();
  await stage.run(away(stage));
  await part.start();
  stage.say(`${part.name} is back`);
}

const FOLLOWER: Step = {
  name: 'broker',
  what: 'a broker killed -9 that leads no mailbox, and brought back',
  mustNotRefuse: false,
  async act(stage) {
    await fall(stage, (await leaderOf(stage.town, 'MAILBOX')).other);
    stage.healed();
    await untilWhole(stage.town);
  },
};

const LEADER: Step = {
  name: 'leader',
  what: 'the broker that leads the mailboxes killed -9, and brought back',
  mustNotRefuse: false,
  async act(stage) {
    await fall(stage, (await leaderOf(stage.town, 'MAILBOX')).leader);
    stage.healed();
    await untilWhole(stage.town);
  },
};

const PIPELINE: Step = {
  name: 'pipeline',
  what: 'a pipeline killed -9, and brought back',
  mustNotRefuse: false,
  async act(stage) {
    const [pipeline] = stage.town.router.filter(({ name }) => name.endsWith('pipeline'));
    await fall(stage, pipeline as Part);
    stage.healed();
  },
};

const PAUSED: Step = {
  name: 'paused',
  what: 'the broker that leads the ledger stopped (SIGSTOP), and let go on',
  mustNotRefuse: false,
  async act(stage) {
    const { leader } = await leaderOf(stage.town, 'LEDGER');
    const { pid } = leader.process();
    const seconds = stage.quick ? PAUSE_S.quick : PAUSE_S.whole;
    stage.say(`SIGSTOP ${leader.name} for ${seconds} s`);
    process.kill(pid, 'SIGSTOP');
    await stage.run(seconds).finally(() => process.kill(pid, 'SIGCONT'));
    stage.healed();
    await untilWhole(stage.town);
  },
};

/** In the order of docs/many-machines.md: the next one only when all is whole again. */
export const ROLLING: Step = {
  name: 'rolling',
  what: 'all restarted one by one: brokers, pipelines, doors, adapters',
  mustNotRefuse: true,
  async act(stage) {
    const { town, say } = stage;
    const restart = async (part: Part) => {
      say(`restart ${part.name}`);
      await part.stop();
      await part.start();
    };
    for (const broker of town.brokers) {
      await restart(broker);
      await untilWhole(town);
    }
    for (const role of ['pipeline', 'door'])
      for (const part of town.router.filter(({ name }) => name.endsWith(role))) await restart(part);
    for (const adapter of Object.values(town.adapters)) await restart(adapter);
    stage.healed();
  },
};

export const STEPS: readonly Step[] = [STEADY, FOLLOWER, LEADER, PIPELINE, PAUSED, ROLLING];
