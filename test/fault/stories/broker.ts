/** The broker does not answer: stopped by SIGSTOP for longer than anybody waits, then let go on. */
import type { Story } from '../story.ts';

/** Past the door's patience (10 s), the bus's (5 s) and two pings of the broker's clients (20 to 30 s). */
const PAUSE_S = { whole: 35, quick: 12 } as const;

export const PAUSED: Story = {
  name: 'paused',
  fault: 'broker paused (SIGSTOP) past every timeout',
  begin: () => ({
    act: async (stage) => {
      const seconds = stage.quick ? PAUSE_S.quick : PAUSE_S.whole;
      const { pid } = stage.part('broker').process();
      process.kill(pid, 'SIGSTOP');
      stage.say(`paused for ${seconds} s`);
      const passed = await stage.passed(seconds).finally(() => process.kill(pid, 'SIGCONT'));
      stage.healed();
      return { moments: `once, ${seconds} s`, detected: passed === 0 };
    },
  }),
};
