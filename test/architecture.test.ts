/** The rules of the house hold, and each guard that says so is able to say no. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../project.ts';
import * as guards from './architecture/guards.ts';
import { readSource, type Source, trackedFiles } from './architecture/source.ts';

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|pdf|p12|pfx|gz)$/;
const sources = trackedFiles().map((path) =>
  BINARY.test(path) ? { path, text: '' } : readSource(path),
);
const exists = (path: string) => existsSync(join(projectFolder(), path));

const file = (path: string, text: string): Source => ({ path, text });
const imports = (path: string, target: string) => file(path, `import { a } from '${target}';\n`);

/** One row per rule: the guard, and things that it must not let pass. */
const RULES: readonly (readonly [rule: string, guard: guards.Guard, ...bad: Source[][]])[] = [
  [
    'schemas ← certs ← router and adapters',
    guards.arrows,
    [imports('router/pipeline.ts', '../adapters/endpoint.ts')],
    // Who is in a report is known to the agency that opens it, and never to the router.
    [imports('router/route.ts', '../adapters/radar/marks.ts')],
    [imports('schemas/rules/look.ts', '../../adapters/radar/people.ts')],
    [file('certs/seal.ts', "const room = await import('../router/rooms.ts');\n")],
    [imports('router/door.ts', '../test/town/town.ts')],
    [file('schemas/a.ts', "export {\n  b,\n  c,\n} from '../certs/b.ts';\n")],
  ],
  ['only router/bus knows NATS', guards.natsOnlyInBus, [imports('router/door.ts', 'nats')]],
  ['schemas does no I/O', guards.schemasArePure, [imports('schemas/policy.ts', 'node:fs')]],
  [
    'no import runs in a circle',
    guards.noCircles,
    [imports('router/a.ts', './b.ts'), imports('router/b.ts', './a.ts')],
    [
      imports('certs/a.ts', './b.ts'),
      imports('certs/b.ts', './c.ts'),
      imports('certs/c.ts', './b.ts'),
    ],
  ],
  [
    'source files stay below the wall',
    guards.filesAreShort,
    [file('router/god.ts', 'x\n'.repeat(guards.WALL + 1))],
  ],
  [
    'subjects are made in one table',
    guards.subjectsInOneTable,
    [file('router/mailboxes.ts', "const subject = 'mailbox.v1.' + oin;\n")],
  ],
  [
    'time is injected',
    guards.timeIsInjected,
    [file('router/stages/verify.ts', 'const now = Date.now();\n')],
  ],
  ['names say what is inside', guards.noDrawers, [file('router/utils.ts', '')]],
  [
    'no private key is tracked',
    guards.noPrivateKeys,
    [file('docs/wire.md', `-----BEGIN ${'ENCRYPTED '}PRIVATE KEY-----\n${'MIIE'.repeat(20)}\n`)],
    [file('test/town/tls.p12', '')],
    [file('bench/door.txt', `SU${'A'.repeat(56)}`)],
  ],
  [
    'no machine paths or registry hosts',
    guards.noMachinePaths,
    [file('docs/operating.md', `cd ${'/wo'}rk/main`)],
    [file('.npmrc', `registry=https://registry.${'npm'}js.org`)],
  ],
  [
    'the lock file records no addresses',
    guards.noDownloadAddresses,
    [file('package-lock.json', '{ "resolved": "https://example.org/a.tgz" }')],
  ],
  [
    'links in documents are alive',
    guards.linksAlive(exists),
    [file('docs/path.md', 'see [the pipeline](../router/nothing-here.ts)')],
    [file('README.md', 'see `router/nothing-here.ts`')],
  ],
  ['the top folders are fixed', guards.topFolders, [file('portal/index.ts', '')]],
];

for (const [rule, guard, ...bad] of RULES) {
  test(rule, () => assert.equal(guard(sources), []));
  for (const example of bad)
    test(`${rule}: not so in a bad ${example[0]?.path}`, () =>
      assert.ok(guard(example).length > 0));
}

test('the guards look at something', () => {
  assert.ok(sources.length > 30, `${sources.length} tracked files`);
});

test.run();
