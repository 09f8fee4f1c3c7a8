/** Putting back a backup where an earlier try fell half-way. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backup, restore } from '../../../adapters/store/backup.ts';
import { Database } from '../../../adapters/store/database.ts';
import { openStore } from '../../../adapters/store/store.ts';
import { AGENCIES } from '../../town/agencies.ts';

type None = Readonly<Record<never, never>>;

const folder = mkdtempSync(join(tmpdir(), 'ketenpost-backup-'));
test.after(() => rmSync(folder, { recursive: true }));

test('what an earlier restoring left behind does not get into the next one', async () => {
  const { oin } = AGENCIES.vt;
  const config = { path: join(folder, 'adapter.db'), keyFile: join(folder, 'store.key') };
  openStore(config, oin).close();
  const [out, fresh] = [join(folder, 'copy.db'), `${config.path}.restoring`];
  await backup(config, out, Date.now());
  // A restoring that fell: its log holds what was not yet in the file itself.
  const elsewhere = join(folder, 'fell.db');
  copyFileSync(out, elsewhere);
  const fell = new Database(elsewhere);
  fell.exec("INSERT INTO meta VALUES ('another', '')");
  copyFileSync(`${elsewhere}-wal`, `${fresh}-wal`);
  fell.close();
  await restore(config, out, { oin, now: Date.now(), overwrite: true });
  const database = new Database(config.path);
  const names = database.prepare<None, { name: string }>('SELECT name FROM meta ORDER BY name');
  const found = names.all({}).map(({ name }) => name);
  assert.ok(found.includes('restored') && !found.includes('another'));
  database.close();
  const left = readdirSync(folder).filter((name) => name.includes('.restoring'));
  assert.equal(left, []);
});

test.run();
