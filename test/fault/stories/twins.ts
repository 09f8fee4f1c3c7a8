/** Two adapters of one agency at the same time: two stores, one identity, one mailbox. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type AdapterClient, adapterClient } from '../../town/adapter-client.ts';
import type { AgencyName } from '../../town/agencies.ts';
import type { AgencyYaml } from '../../town/building.ts';
import { writeYaml } from '../../town/files.ts';
import { PROGRAM } from '../../town/ketenpost.ts';
import { freePorts } from '../../town/ports.ts';
import { type Started, startProcess } from '../../town/processes.ts';
import type { Town } from '../../town/town.ts';
import type { Story } from '../story.ts';
import { killOften } from './kills.ts';

const LASTS = { whole: 10, quick: 5 } as const;

/** Starts another adapter of an agency, on a store of its own. */
async function startTwin({ paths, folder }: Town, name: AgencyName) {
  const place = join(folder, 'adapters', `${name}-twin`);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const [port = 0] = await freePorts(1);
  const own = (file: string) => join(place, file);
  const { agencies, ...rest } = parse(readFileSync(paths.adapterYaml(name), 'utf8'));
  const twin = (agency: AgencyYaml) => ({
    ...agency,
    store: { path: own('adapter.db'), keyFile: own('store.key') },
    rest: { host: '127.0.0.1', port, tokenFile: own('token') },
  });
  writeYaml(own('adapter.yaml'), { ...rest, agencies: agencies.map(twin) });
  const started = await startProcess({
    ...{ name: `${name}-twin`, command: process.execPath, log: paths.log(`${name}-twin`) },
    args: [PROGRAM, 'adapter', '--config', own('adapter.yaml')],
    ready: /^ready /,
  });
  const token = readFileSync(own('token'), 'utf8').trim();
  return { started, client: adapterClient(`http://127.0.0.1:${port}`, token) };
}

export const TWINS: Story = {
  name: 'twins',
  fault: 'two adapters of one agency at once',
  begin: () => {
    const running: Started[] = [];
    const pair = async (town: Town, name: AgencyName): Promise<AdapterClient[]> => {
      const { started, client } = await startTwin(town, name);
      running.push(started);
      return [town.agencies[name].rest, client];
    };
    return {
      ready: async (town) => ({
        politie: await pair(town, 'politie'),
        vt: await pair(town, 'vt'),
      }),
      act: async (stage) => {
        await stage.run(stage.quick ? LASTS.quick : LASTS.whole);
        await killOften(stage, 'vt', 1);
        await killOften(stage, 'politie', 1);
        return { moments: 'all along, of sender and recipient; one of each killed' };
      },
      end: async () => void (await Promise.all(running.map((one) => one.stop()))),
    };
  },
};
