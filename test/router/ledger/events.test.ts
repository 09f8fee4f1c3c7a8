import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../../../project.ts';
import { EMPTY_HEAD, extend, leafOf, linkBytes, readLink } from '../../../router/ledger/chain.ts';
import { EVENTS } from '../../../router/ledger/events.ts';
import { eventsTable } from '../../../router/ledger/table.ts';

test('docs/ledger.md lists every event as the code has it', () => {
  const text = readFileSync(join(projectFolder(), 'docs/ledger.md'), 'utf8');
  assert.ok(text.includes(eventsTable()), `docs/ledger.md must hold:\n${eventsTable()}`);
});

test('no event has a field for free text, a name or a number of a person', () => {
  const fields = Object.values(EVENTS).flatMap(({ fields }) => Object.keys(fields));
  assert.equal(
    fields.filter((name) => /naam|bsn|tekst|inhoud|toelichting|adres/.test(name)),
    [],
  );
});

const entries = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 30 });

test('the head does not depend on how the leaves are put into links', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (all, cut) => {
      const leaves = all.map(leafOf);
      const at = leaves.length === 0 ? 0 : cut % leaves.length;
      const start = { head: EMPTY_HEAD, size: 0 };
      const whole = extend(start, 1, leaves);
      const halves = extend(extend(start, 1, leaves.slice(0, at)), at + 1, leaves.slice(at));
      assert.is(halves.head, whole.head);
      assert.is(halves.size, leaves.length);
    }),
  );
});

test('any change to any entry, and any exchange of two, gives another head', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat(), (all, which, bit) => {
      fc.pre(all.length > 0);
      const head = (list: readonly Uint8Array[]) =>
        extend({ head: EMPTY_HEAD, size: 0 }, 1, list.map(leafOf)).head;
      const at = which % all.length;
      const changed = all.map((one, n) => {
        if (n !== at) return one;
        const copy = Uint8Array.from(one);
        const place = bit % (copy.length * 8);
        copy[place >> 3] = (copy[place >> 3] ?? 0) ^ (1 << (place & 7));
        return copy;
      });
      assert.is.not(head(changed), head(all));
      assert.is.not(head(all.slice(0, -1)), head(all));
    }),
  );
});

test('a link is read as it was written, and not when it is short of a leaf', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const link = extend({ head: EMPTY_HEAD, size: 0 }, 5, all.map(leafOf));
      assert.equal(readLink(linkBytes(link)), link);
      assert.throws(() => readLink(linkBytes({ ...link, to: link.to + 1 })));
    }),
  );
});

test.run();
