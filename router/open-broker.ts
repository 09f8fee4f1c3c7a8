/** Connects the pipeline to its broker, when the broker is fit for what is entrusted to it. */
import { CommandError } from '../schemas/command.ts';
import { adviseOn } from './bus/advisories.ts';
import type { Bus } from './bus/bus.ts';
import { connectBus } from './bus/connect.ts';
import { checkDurability, checkReplicas } from './bus/durability.ts';
import type { RouterConfig } from './config.ts';
import type { Log } from './log.ts';

/**
 * A broker that cannot prove that it keeps what it acknowledged is refused, or warned of; so is one
 * whose streams are not on disk, or on fewer servers than the operator counts on.
 * @throws CommandError or BusFault
 */
export async function openBroker({ broker }: RouterConfig, log: Log): Promise<Bus> {
  const { servers, ca, credentials } = broker;
  if (credentials.pipeline === undefined) {
    throw new CommandError(
      'usage',
      'broker.credentials.pipeline is missing',
      'Name the seed file that ketenpost broker config wrote for the pipeline.',
    );
  }
  const bus = await connectBus({
    servers,
    ca,
    role: 'pipeline',
    seedFile: credentials.pipeline,
    name: 'ketenpost-pipeline',
    onStatus: (status) => log.warn({ status }, 'broker'),
  });
  try {
    await judge(bus, broker, log);
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
}

async function judge(bus: Bus, { replicas, insecure }: RouterConfig['broker'], log: Log) {
  const variables = await bus.variables();
  const warnings = [
    checkDurability(variables, { insecure }),
    adviseOn(variables.map(({ version }) => version)),
  ];
  const differences = await bus.differences(replicas);
  for (const { text } of differences) log.warn(text);
  warnings.push(checkReplicas(differences, { insecure }));
  for (const warning of warnings) if (warning !== undefined) log.warn(warning);
}
