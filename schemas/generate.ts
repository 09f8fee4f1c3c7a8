/**
 * Writes schemas/generated/ from the JSON documents beside it: the TypeScript types, and the
 * documents themselves as constants, so that the language on the wire needs no file at run time;
 * and docs/errors.md, docs/policy.md, docs/states.md and docs/terms.md from the tables.
 * Run it with `npm run generate` after a change; a test fails when it was forgotten.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bundle, bundleAll } from './generate/bundle.ts';
import {
  type Json,
  ROOT,
  readDocument,
  readFolder,
  toConstants,
  toLists,
  toRecord,
} from './generate/documents.ts';
import { toErrorsPage } from './generate/errors-page.ts';
import { toPolicyPage } from './generate/policy-page.ts';
import { toStatesPage } from './generate/states-page.ts';
import { toTermsPage } from './generate/terms-page.ts';
import { toBodyTypes, toTypes } from './generate/types.ts';

/** What the generator writes, by path from schemas/. */
export async function generateAll(): Promise<Record<string, string>> {
  const wire = readFolder('wire');
  const bodies = bundleAll(readFolder('messages'));
  return {
    'generated/wire.ts': await toTypes(
      {
        name: 'WireTypes',
        description: 'The type of each document in schemas/wire/, by file name.',
      },
      wire,
    ),
    'generated/wire-documents.ts': toConstants({ WIRE: Object.fromEntries(wire) }),
    'generated/messages.ts': await toBodyTypes(
      { name: 'BodyTypes', description: 'The type of `inhoud` for each message type.' },
      bodies,
    ),
    'generated/messages-documents.ts': toRecord('BODIES', byTypeAndVersion(bodies)),
    'generated/codelijsten.ts': toConstants({
      CODELIJSTEN: readDocument('reference/codelijsten.json'),
    }),
    'generated/beleid.ts': toConstants({ BELEID: readDocument('reference/beleid.json') }),
    'generated/gemeenten.ts': toLists(
      { name: 'Gemeente', from: '../reference/rows.ts' },
      { GEMEENTEN: rows('reference/gemeenten.json', 'gemeenten') },
    ),
    'generated/vt-regios.ts': toLists(
      { name: 'VtRegion', from: '../reference/rows.ts' },
      { VT_REGIOS: rows('reference/vt-regios.json', 'vtRegios') },
    ),
    '../docs/errors.md': toErrorsPage(),
    '../docs/policy.md': toPolicyPage(),
    '../docs/states.md': toStatesPage(),
    '../docs/terms.md': toTermsPage(),
  };
}

const byTypeAndVersion = (bundles: readonly Bundle[]) =>
  Object.fromEntries(bundles.map(({ type, version, schema }) => [`${type}:${version}`, schema]));

const rows = (path: string, name: string): Json[] => readDocument(path)[name] as Json[];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await generateAll())) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
