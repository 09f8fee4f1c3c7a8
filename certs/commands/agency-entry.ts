/** The agency file of the register (`ketenpost registry apply`), changed in place. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { CommandError } from '../../schemas/command.ts';
import { writeWhole } from '../authority/store.ts';
import type { Use } from '../profile.ts';

/**
 * Lists a certificate first among those of its use. @param until the last day of the one that was first
 * @throws CommandError
 */
export async function listNewest(
  entry: string,
  use: Use,
  certificate: string,
  until: string | undefined,
): Promise<void> {
  if (until !== undefined && !/^\d{4}-\d\d-\d\d$/.test(until)) {
    throw new CommandError('usage', '--until is not a date', 'write it as 2026-12-31');
  }
  const document = parseDocument(await readFile(entry, 'utf8').catch(() => ''));
  const list = document.getIn(['certificaten', use], true);
  if (!isSeq(list)) {
    const next = 'name the file of this agency in the folder that registry apply reads';
    throw new CommandError('usage', `${entry} lists no certificates for ${use}`, next);
  }
  const named = (item: unknown): unknown => (isMap(item) ? item.get('bestand') : String(item));
  const folder = dirname(resolve(entry));
  const isNew = (item: unknown) => resolve(folder, String(named(item))) === resolve(certificate);
  const [first] = list.items;
  if (until !== undefined && first !== undefined && !isNew(first)) {
    list.items[0] = document.createNode({ bestand: named(first), tot: until }, { flow: true });
  }
  if (!list.items.some(isNew)) {
    const way = relative(folder, resolve(certificate));
    list.items.unshift(document.createNode(way));
  }
  await writeWhole(entry, document.toString({ lineWidth: 0 }));
}
