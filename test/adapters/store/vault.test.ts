import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newKey } from '../../../adapters/store/keyfile.ts';
import { rowName, Vault } from '../../../adapters/store/vault.ts';

const [fresh, old] = [newKey(), newKey()];
const vault = new Vault([fresh, old]);
const bytes = fc.uint8Array({ maxLength: 300 });

test('open inverts seal, in the same row', () => {
  fc.assert(
    fc.property(bytes, fc.string(), (value, id) => {
      const row = rowName('inbox', id);
      assert.equal(new Uint8Array(vault.open(row, vault.seal(row, value))), value);
    }),
  );
});

test('a value moved to another row, or with one bit flipped, does not open', () => {
  fc.assert(
    fc.property(bytes, fc.nat(), (value, at) => {
      const sealed = vault.seal('inbox/a', value);
      assert.throws(() => vault.open('inbox/b', sealed), /changed outside/);
      const body = Buffer.from(sealed.body);
      const place = at % body.length;
      body[place] = (body[place] ?? 0) ^ (1 << (at % 8));
      assert.throws(() => vault.open('inbox/a', { ...sealed, body }), /changed outside/);
    }),
  );
});

test('a value cut short does not open: a shorter tag is easier to guess', () => {
  const sealed = vault.seal('inbox/a', 'text');
  for (let length = 0; length < sealed.body.length; length += 1) {
    const body = sealed.body.slice(0, length);
    assert.throws(() => vault.open('inbox/a', { ...sealed, body }));
  }
});

test('new values are under the newest key; old ones open as long as their key is there', () => {
  const before = new Vault([old]).seal('inbox/a', 'text');
  assert.is(vault.seal('inbox/a', 'text').key, fresh.id);
  assert.is(vault.open('inbox/a', before).toString(), 'text');
  assert.is(vault.renew('inbox/a', before).key, fresh.id);
  assert.throws(() => new Vault([fresh]).open('inbox/a', before), /not in the key file/);
});

test('the id of a key does not tell the key', () => {
  assert.not.ok(fresh.bytes.toString('hex').includes(fresh.id));
});

test.run();
