/**
 * Writes schemas/generated/ from the JSON documents beside it: the TypeScript types, and the
 * documents themselves as constants, so that the language on the wire needs no file at run time.
 * Run it with `npm run generate` after a change; a test fails when it was forgotten.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Json,
  ROOT,
  readDocument,
  readFolder,
  toConstants,
  toLists,
} from './generate/documents.ts';
import { toTypes } from './generate/types.ts';

/** What the generator writes, by path from schemas/. */
export async function generateAll(): Promise<Record<string, string>> {
  const wire = readFolder('wire');
  return {
    'generated/wire.ts': await toTypes(
      {
        name: 'WireTypes',
        description: 'The type of each document in schemas/wire/, by file name.',
      },
      wire,
    ),
    'generated/wire-documents.ts': toConstants({ WIRE: Object.fromEntries(wire) }),
    'generated/beleid.ts': toConstants({ BELEID: readDocument('reference/beleid.json') }),
    'generated/gemeenten.ts': toLists(
      { name: 'Gemeente', from: '../reference.ts' },
      { GEMEENTEN: rows('reference/gemeenten.json', 'gemeenten') },
    ),
    'generated/vt-regios.ts': toLists(
      { name: 'VtRegion', from: '../reference.ts' },
      { VT_REGIOS: rows('reference/vt-regios.json', 'vtRegios') },
    ),
  };
}

const rows = (path: string, name: string): Json[] => readDocument(path)[name] as Json[];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await generateAll())) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
