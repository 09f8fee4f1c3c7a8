/** The register of a town, as its registrar makes it: files, signed and applied by the real command. */
import type { FiledKey } from '../../certs/config.ts';
import { AGENCIES, OPERATOR, REGISTRAR } from './agencies.ts';
import type { Building } from './building.ts';
import { paths, registerEntry, routerYaml, writeYaml } from './files.ts';
import { askKetenpost } from './ketenpost.ts';

export async function register(building: Building): Promise<void> {
  const { folder, keys, kind, ports, registered, progress } = building;
  progress('signing the register');
  const here = paths(folder);
  writeYaml(here.router, routerYaml({ folder, ports }, keys));
  await askKetenpost('broker', 'streams', '--config', here.router);
  const entries = registered.map((name) => [name, AGENCIES[name]] as const);
  for (const [name, agency] of [...entries, ['router', OPERATOR] as const])
    writeYaml(here.entry(name), registerEntry(agency, keys, kind));
  await askKetenpost('registry', 'apply', here.register, ...asRegistrar({ folder, keys }));
}

/** Options with which a command on the register finds it and the registrar's key. */
export const asRegistrar = ({ folder, keys }: Pick<Building, 'folder' | 'keys'>): string[] => [
  ...['--config', paths(folder).router],
  ...keyOptions(keys.identity(REGISTRAR.oin).signing, 'registrar-'),
];

/** A key as options of a command: PKCS#12, or key and certificate; `prefix` as in `--registrar-key`. */
export function keyOptions(source: FiledKey, prefix: 'registrar-' | ''): string[] {
  const passphrase = ['--passphrase-file', source.passphraseFile];
  if (!('p12' in source))
    return [
      ...[`--${prefix}key`, source.key, `--${prefix}certificate`, source.certificate],
      ...passphrase,
    ];
  return [prefix === '' ? '--p12' : `--${prefix}key`, source.p12, ...passphrase];
}
