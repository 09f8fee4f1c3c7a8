/** docs/configuration.md equals what the programs use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAdapterConfig } from '../../adapters/config.ts';
import { projectFolder } from '../../project.ts';
import { parseRouterConfig } from '../../router/config.ts';
import { METRICS } from '../../router/metrics.ts';
import { EXITS } from '../../schemas/command.ts';
import {
  ADAPTER_YAML,
  configurationPage,
  ENVIRONMENT,
  PAGE,
  ROUTER_YAML,
} from './configuration.ts';

const page = configurationPage();

test('the page is as the schemas and tables say: node dist/test/docs/configuration.js', () => {
  assert.ok(readFileSync(PAGE, 'utf8') === page, 'docs/configuration.md is stale');
});

test('every metric and every exit code stands in it once', () => {
  const names = [...Object.keys(METRICS), ...Object.keys(EXITS)];
  for (const name of names) assert.is(page.split(`| \`${name}\` |`).length, 2, name);
});

test('the examples are good configurations', () => {
  const router = parseRouterConfig(ROUTER_YAML, '/etc/ketenpost/router.yaml');
  assert.is(router.door.port, 8443);
  assert.is(router.trust.roots[0], '/etc/ketenpost/trust/root.pem');
  const { agencies } = parseAdapterConfig(ADAPTER_YAML, '/etc/ketenpost/adapter.yaml');
  assert.is(agencies[0]?.folder?.path, '/etc/ketenpost/map');
});

test('every environment variable that the sources read is listed, and no other', () => {
  const rooms = ['adapters', 'certs', 'router', 'schemas'];
  const files = rooms.flatMap((room) =>
    (readdirSync(join(projectFolder(), room), { recursive: true }) as string[]).map((file) =>
      join(room, file),
    ),
  );
  const top = readdirSync(projectFolder()).filter((file) => file.endsWith('.ts'));
  const text = [...files, ...top]
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(projectFolder(), file), 'utf8'))
    .join('\n');
  const read = [...text.matchAll(/env\['([A-Z][A-Z_]+)'\]/g)].map(([, name]) => name ?? '');
  const known = new Set([...Object.keys(ENVIRONMENT), 'TERM', 'PATH', 'HOME', 'NODE_ENV']);
  assert.equal(
    read.filter((name) => !known.has(name)),
    [],
  );
  for (const name of Object.keys(ENVIRONMENT)) assert.ok(read.includes(name), name);
});

test.run();
