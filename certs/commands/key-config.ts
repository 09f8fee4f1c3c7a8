/**
 * The part of adapter.yaml and router.yaml that names keys, read and changed in place: comments and
 * everything else stay as they were.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { CommandError } from '../../schemas/command.ts';
import { writeWhole } from '../authority/store.ts';
import type { IdentityConfig, KeySource, OpeningSource, TrustConfig } from '../config.ts';
import type { Use } from '../profile.ts';

export interface KeyConfig {
  readonly file: string;
  /** Folder that relative paths start from. */
  readonly base: string;
  readonly identity: IdentityConfig;
  readonly trust: TrustConfig;
  /** PEM files: the registrar's certificates, and what the broker's descends from. */
  readonly registrar: readonly string[];
  readonly broker: readonly string[];
  /** Makes a key the one that is used; one for confidentiality is put before those that are there. */
  use(use: Use, source: KeySource): Promise<void>;
}

type Path = readonly (string | number)[];

/** @param oin which agency, when the file has several @throws CommandError */
export async function readKeyConfig(file: string, oin?: string): Promise<KeyConfig> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError('usage', `cannot read ${file}`, 'name adapter.yaml or router.yaml');
  });
  const document = parseDocument(text, { uniqueKeys: true });
  const place = placeOf(document, file, oin);
  const read = (...more: Path): unknown => {
    const node = document.getIn([...place, ...more], true);
    return isMap(node) || isSeq(node) ? node.toJS(document) : node;
  };
  const identity = read('identity') as IdentityConfig | undefined;
  const trust = read('trust') as TrustConfig | undefined;
  if (!identity?.signing || !identity.opening || !identity.tls || !trust?.roots) {
    throw new CommandError(
      'usage',
      `${file} has no identity and trust`,
      'name adapter.yaml or router.yaml',
    );
  }
  const { certificates = [] } = (read('registrar') ?? {}) as { certificates?: string[] };
  const { ca } = (read('broker') ?? {}) as { ca?: string };
  return {
    ...{ file, identity, trust, registrar: certificates, broker: ca === undefined ? [] : [ca] },
    base: dirname(resolve(file)),
    use: (use, source) => change(document, file, place, identity, use, source),
  };
}

/** Of one agency the keys stand at the top, or under `agencies`. */
function placeOf(document: Document, file: string, oin: string | undefined): Path {
  const agencies = document.getIn(['agencies'], true);
  const places: Path[] = isSeq(agencies) ? agencies.items.map((_, at) => ['agencies', at]) : [[]];
  const fitting = places.filter(
    (place) => oin === undefined || document.getIn([...place, 'identity', 'oin']) === oin,
  );
  const [place, second] = fitting;
  if (place !== undefined && second === undefined) return place;
  const what =
    place === undefined ? `${file} has no agency ${oin}` : `${file} has several agencies`;
  throw new CommandError('usage', what, 'name one with --agency <oin>');
}

async function change(
  document: Document,
  file: string,
  place: Path,
  { opening }: IdentityConfig,
  use: Use,
  source: KeySource,
): Promise<void> {
  const sha1 = use === 'vertrouwelijkheid' && opening[0]?.alsoSha1 === true;
  const written = {
    ...relativeTo(dirname(resolve(file)), source),
    ...(sha1 && { alsoSha1: true }),
  };
  const named = document.createNode(written, { flow: true });
  if (use === 'vertrouwelijkheid') {
    const list = document.getIn([...place, 'identity', 'opening'], true);
    const again = opening.some((one) => JSON.stringify(one) === JSON.stringify(named.toJSON()));
    if (isSeq(list) && !again) list.items.unshift(named);
  } else {
    document.setIn([...place, 'identity', use === 'tls' ? 'tls' : 'signing'], named);
  }
  const { mode } = await stat(file);
  await writeWhole(file, document.toString({ lineWidth: 0 }), mode & 0o777);
}

/** Paths as a person would write them: from the file's folder, when they lie below it. */
function relativeTo(base: string, source: KeySource): KeySource {
  const short = (path: string) => {
    const way = relative(base, path);
    return way.startsWith('..') ? path : way;
  };
  const FILES = ['p12', 'key', 'certificate', 'passphraseFile'];
  return Object.fromEntries(
    Object.entries(source).map(([name, value]) => [
      name,
      FILES.includes(name) ? short(value) : value,
    ]),
  ) as KeySource;
}

/** The key that is used now: for confidentiality the newest. */
export function sourceOf({ signing, opening, tls }: IdentityConfig, use: Use): KeySource {
  if (use === 'authenticiteit') return signing;
  if (use === 'tls') return tls;
  const [{ alsoSha1: _, ...newest }] = opening as [OpeningSource];
  return newest;
}
