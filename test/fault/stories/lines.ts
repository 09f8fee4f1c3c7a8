/** The network between two parts: cut, refused, stalled, and cut in the middle of a reply. */
import { freePorts } from '../../town/ports.ts';
import { type Line, openLine } from '../proxy.ts';
import type { Play, Stage, Story } from '../story.ts';

/** How long each state of the line lasts, in seconds. */
const LASTS = { whole: 5, quick: 2 } as const;
const REPLIES_CUT = 6;

/** One round of everything that can happen to a line. @returns how many things happened */
async function trouble(stage: Stage, line: Line): Promise<number> {
  const seconds = stage.quick ? LASTS.quick : LASTS.whole;
  const happen = async (what: string, begin: () => unknown) => {
    stage.say(what);
    await begin();
    await stage.run(seconds);
    await line.mend();
    stage.healed();
    await stage.run(stage.quick ? 1 : 3);
  };
  await happen('cut', () => line.cut());
  await happen('refused', () => line.refuse());
  await happen('stalled', () => line.stall());
  await happen('replies cut in the middle', () => line.cutReplies(REPLIES_CUT));
  return 4;
}

async function actOn(stage: Stage, line: Line) {
  const rounds = stage.quick ? 1 : 2;
  let count = 0;
  for (let round = 0; round < rounds; round++) count += await trouble(stage, line);
  return { moments: `${count}: ${rounds} × cut, refused, stalled, half replies` };
}

/** @returns the line and where it comes out, which is known when the settings are written */
async function openTo(): Promise<{ line: Line; aim(port: number): number }> {
  let target = 0;
  const [port = 0] = await freePorts(1);
  const line = await openLine(port, () => target);
  const aim = (to: number) => {
    target = to;
    return port;
  };
  return { line, aim };
}

const portOf = (address: string): number => Number(new URL(address).port);

async function beginAtDoor(): Promise<Play> {
  const { line, aim } = await openTo();
  return {
    town: {
      tune: {
        adapter: (yaml) => {
          const url = `https://localhost:${aim(portOf(yaml.router.url))}`;
          return { ...yaml, router: { ...yaml.router, url } };
        },
      },
    },
    act: (stage) => actOn(stage, line),
    end: () => line.close(),
  };
}

async function beginAtBroker(): Promise<Play> {
  const { line, aim } = await openTo();
  return {
    town: {
      roles: ['door', 'pipeline'],
      tune: {
        router: (yaml, name) => {
          if (!name.endsWith('pipeline')) return yaml;
          const servers = yaml.broker.servers.map(
            (server) => `tls://localhost:${aim(portOf(server))}`,
          );
          return { ...yaml, broker: { ...yaml.broker, servers } };
        },
      },
    },
    act: (stage) => actOn(stage, line),
    end: () => line.close(),
  };
}

export const LINES: readonly Story[] = [
  { name: 'line-door', fault: 'network between adapters and door', begin: beginAtDoor },
  { name: 'line-broker', fault: 'network between pipeline and broker', begin: beginAtBroker },
];
