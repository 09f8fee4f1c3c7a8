/**
 * What has been published against nats-server, and whether it reaches a broker on our generated
 * settings (conf.ts). By version number alone: a distribution may have mended it under an old number.
 * Sources: advisories.nats.io and the entries of the CVE list, as read in November 2026.
 */
import { settle } from './version.ts';

export interface Advisory {
  readonly id: string;
  readonly what: string;
  /** CVSS base score; null where none was found. */
  readonly score: number | null;
  /** The first version of each line of releases that has the mend. */
  readonly fixed: readonly string[];
  /** The first version that has the fault, when it is not in all before the mend. */
  readonly since?: string;
  /** What in the generated settings keeps it away; absent = nothing does. */
  readonly closedBy?: string;
}

export const ADVISORIES: readonly Advisory[] = [
  {
    id: 'CVE-2022-24450',
    what: 'a user of one account may step into any other',
    score: null,
    fixed: ['2.7.2'],
  },
  {
    id: 'CVE-2023-47090',
    what: 'no credentials are asked for when authorization stands beside a system account only',
    score: null,
    since: '2.2.0',
    fixed: ['2.9.23', '2.10.2'],
    closedBy: 'users stand in accounts of their own, and authorization is not used for clients',
  },
  {
    id: 'CVE-2025-30215',
    what: 'a user with JetStream rights may change the streams of other accounts',
    score: null,
    since: '2.2.0',
    fixed: ['2.10.27', '2.11.1'],
    closedBy: 'one account has JetStream, and each role only the subjects it needs',
  },
  {
    id: 'CVE-2026-27889',
    what: 'a frame over WebSocket ends the server, before any credentials',
    score: 7.5,
    since: '2.2.0',
    fixed: ['2.11.14', '2.12.5'],
    closedBy: 'there is no WebSocket listener',
  },
  {
    id: 'CVE-2026-29785',
    what: 'compression between leaf nodes ends the server, before any credentials',
    score: null,
    since: '2.10.0',
    fixed: ['2.11.14', '2.12.5'],
    closedBy: 'there is no leaf node listener',
  },
  {
    id: 'CVE-2026-33222',
    what: 'who may restore one stream may write over another',
    score: 4.9,
    fixed: ['2.11.15', '2.12.6'],
    closedBy: 'no role may restore a stream',
  },
  {
    id: 'CVE-2026-33223',
    what: 'a client may forge the header by which a server vouches for who asks',
    score: 6.4,
    fixed: ['2.11.15', '2.12.6'],
    closedBy: 'no part of the router reads that header: a signature says who asks',
  },
  {
    id: 'CVE-2026-33248',
    what: 'certificate names that are mapped to users may be made to fit another',
    score: 4.2,
    fixed: ['2.11.15', '2.12.6'],
    closedBy: 'names of certificates are not mapped to users',
  },
  {
    id: 'NATS-2026-16',
    what: 'a route or leaf node gets in without credentials when no_auth_user is set',
    score: null,
    fixed: ['2.11.16', '2.12.7', '2.14.0'],
    closedBy: 'no_auth_user is not set; routes also need a certificate',
  },
  {
    id: 'NATS-2026-18',
    what: 'a subscription to a queue passes by what is denied',
    score: null,
    fixed: ['2.11.16', '2.12.7', '2.14.0'],
    closedBy: 'rights are lists of what is allowed; nothing rests on deny',
  },
];

/** Those that a server of this version has in it. */
export const advisoriesFor = (version: string): readonly Advisory[] =>
  ADVISORIES.filter((one) => affects(one, version));

/** A line of releases without a mend of its own is mended when it began after the last that needed one. */
function affects({ fixed, since = '0' }: Advisory, version: string): boolean {
  const at = settle(version);
  if (compare(at, settle(since)) < 0) return false;
  const mends = fixed.map(settle);
  const own = mends.find(([major, minor]) => major === at[0] && minor === at[1]);
  if (own !== undefined) return compare(at, own) < 0;
  return mends.some((mend) => compare(at, mend) < 0);
}

const compare = (a: readonly number[], b: readonly number[]): number =>
  (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0);

/**
 * One line about all servers together, for the log at start.
 * @returns undefined when none is known
 */
export function adviseOn(versions: readonly string[]): string | undefined {
  const found = [...new Set(versions.flatMap((version) => advisoriesFor(version)))];
  if (found.length === 0) return undefined;
  const open = found.filter(({ closedBy }) => closedBy === undefined);
  const closed =
    open.length === 0
      ? 'the generated settings close all of them'
      : `${open.length} of them not closed by the generated settings`;
  return `nats-server ${[...new Set(versions)].join(', ')}: ${found.length} known advisories (${found.map(({ id }) => id).join(', ')}); ${closed}; see ketenpost broker check`;
}
