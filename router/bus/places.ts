/** What lies where in the folder of a broker. */
import { join } from 'node:path';
import { BUS_ROLES, type BusRole } from './users.ts';

/** The system user may look at and manage the server itself; it has no part in any message. */
export type SeedName = BusRole | 'system';
export const SEEDS: readonly SeedName[] = [...BUS_ROLES, 'system'];

/** What all servers of a cluster have in common: the credentials, and the word between them. */
export const SHARED_FILES: readonly string[] = [
  ...SEEDS.map((name) => `${name}.seed`),
  'route.secret',
];

export const seedFile = (dir: string, name: SeedName): string => join(dir, `${name}.seed`);
export const configFile = (dir: string): string => join(dir, 'nats-server.conf');
export const certificateFile = (dir: string): string => join(dir, 'tls.pem');
export const keyFile = (dir: string): string => join(dir, 'tls.key');
/** The certificate (PEM) that routers give as `broker.ca`. */
export const caFile = (dir: string): string => join(dir, 'ca.pem');

/** See conf.ts; only in a cluster. */
export const secretFile = (dir: string): string => join(dir, 'route.secret');
