/** What commands on the register share: the configuration, the admin's connection, the registrar's key. */
import type { Certificate } from '../../certs/certificate.ts';
import type { KeySource } from '../../certs/config.ts';
import type { SigningKey } from '../../certs/keys.ts';
import { loadSigningKey } from '../../certs/keystore.ts';
import { systemClock } from '../../schemas/clock.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Bus } from '../bus/bus.ts';
import { connectBus } from '../bus/connect.ts';
import { type RouterConfig, readRouterConfig } from '../config.ts';
import { type Ledger, openLedger } from '../ledger.ts';
import type { Present } from '../registry/publish.ts';
import { RegisterReader } from '../registry/read-register.ts';
import { readRegistrar } from '../registry/registrar.ts';
import { RegisterStore } from '../registry/store.ts';
import { createRegister } from '../registry.ts';

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export const CONFIG_OPTION = ['--config <file>', 'router.yaml', 'router.yaml'] as const;
export const KEY_OPTIONS = [
  ['--registrar-key <file>', "the registrar's key: PKCS#12, or encrypted PKCS#8 in PEM"],
  ['--registrar-certificate <file>', 'its certificate in PEM; not needed with PKCS#12'],
  ['--passphrase-file <file>', 'file that holds the passphrase of the key'],
] as const;

export interface Admin {
  readonly config: RouterConfig;
  readonly registrar: readonly Certificate[];
  readonly bus: Bus;
  readonly store: RegisterStore;
  readonly ledger: Ledger;
}

/** Runs work with a connection of the admin, and closes it whatever happens. */
export async function withAdmin<T>(
  options: Options,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const config = await readRouterConfig(text(options, 'config') ?? 'router.yaml');
  const registrar = await readRegistrar(config.registrar);
  const bus = await connect(config);
  try {
    const store = new RegisterStore(await bus.bucket('registry'));
    const ledger = await openLedger({ bus, clock: systemClock });
    try {
      return await work({ config, registrar, bus, store, ledger });
    } finally {
      ledger.stop();
    }
  } finally {
    await bus.close();
  }
}

async function connect({ broker }: RouterConfig): Promise<Bus> {
  const { servers, ca, credentials } = broker;
  if (credentials.admin === undefined) {
    throw new CommandError(
      'usage',
      'broker.credentials.admin is missing in the configuration',
      'Name the seed file that ketenpost broker config wrote for the admin.',
    );
  }
  try {
    const seedFile = credentials.admin;
    return await connectBus({ servers, ca, role: 'admin', seedFile, name: 'ketenpost-admin' });
  } catch (error) {
    const text = error instanceof Error ? error.message : 'the broker cannot be reached';
    throw new CommandError(
      'unreachable',
      text,
      'Start the broker, or mend broker: in router.yaml.',
    );
  }
}

/** The register that holds now, verified; an empty one when there is none yet. */
export async function readPresent({ store, registrar }: Admin): Promise<Present> {
  const current = await store.current();
  if (current === null) return { register: createRegister([], 0), revision: 0 };
  const register = await new RegisterReader(store, registrar).read(current.version);
  return { register, revision: current.revision };
}

/** @throws CommandError when it is not one of the keys that the router pins */
export async function registrarKey(options: Options, { registrar }: Admin): Promise<SigningKey> {
  const key = await loadSigningKey(keySource(options));
  if (registrar.some(({ x5t }) => x5t === key.x5t)) return key;
  throw new CommandError(
    'usage',
    'this key is not one of the registrar that router.yaml pins',
    'Give the key whose certificate stands under registrar.certificates.',
  );
}

function keySource(options: Options): KeySource {
  const key = text(options, 'registrarKey');
  const passphraseFile = text(options, 'passphraseFile');
  const certificate = text(options, 'registrarCertificate');
  if (key === undefined || passphraseFile === undefined) {
    throw new CommandError(
      'usage',
      "the registrar's key is needed to sign the register",
      'Give --registrar-key <file> and --passphrase-file <file>.',
    );
  }
  if (certificate !== undefined) return { key, certificate, passphraseFile };
  return { p12: key, passphraseFile };
}

export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
