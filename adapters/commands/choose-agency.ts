import { CommandError } from '../../schemas/command.ts';
import { type AgencyConfig, readAdapterConfig } from '../config.ts';

/** The agency of a configuration that is meant: the only one, or the one with this OIN. @throws CommandError */
export async function chooseAgency(file: string, oin?: string): Promise<AgencyConfig> {
  const { agencies } = await readAdapterConfig(file);
  const fitting = agencies.filter(({ identity }) => oin === undefined || identity.oin === oin);
  const [agency, second] = fitting;
  if (agency !== undefined && second === undefined) return agency;
  const all = agencies.map(({ identity }) => identity.oin).join(', ');
  const message =
    agency === undefined ? `${file} has no agency ${oin}` : `${file} has several agencies`;
  throw new CommandError('usage', message, `name one with --agency: ${all}`);
}
