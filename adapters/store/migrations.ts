/**
 * The tables of an adapter's store. Clear columns hold traffic data only: OINs, ids, types, times,
 * digests, states. Whatever a person wrote or could be read from lies in `body`, encrypted under the
 * store key that `key` names.
 */
import { CommandError } from '../../schemas/command.ts';
import type { Database } from './database.ts';
import { V1 } from './first-tables.ts';

const V2 = `
-- Urgent messages that take too long: raised by our own clock, by the router, or by both. recipient
-- is empty while it is not known who will be one. webhookAt, folder = 1: still to be told there.
CREATE TABLE alarms (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, message TEXT NOT NULL, recipient TEXT NOT NULL,
  kind TEXT NOT NULL, since INTEGER NOT NULL, raised INTEGER NOT NULL, own INTEGER, router INTEGER,
  phone TEXT, seen INTEGER, ended INTEGER, ending TEXT, webhookAt INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0, folder INTEGER NOT NULL DEFAULT 0,
  UNIQUE (sender, message, recipient, kind)
) STRICT;
CREATE INDEX alarms_open ON alarms (raised) WHERE ended IS NULL;
CREATE INDEX alarms_webhook ON alarms (webhookAt) WHERE webhookAt IS NOT NULL;
CREATE INDEX alarms_folder ON alarms (raised) WHERE folder = 1;
CREATE INDEX outbox_urgent ON outbox (stored)
  WHERE prio = 'spoed' AND state IN ('ingediend', 'aanvaard', 'verlopen');
CREATE INDEX inbox_urgent ON inbox (received) WHERE prio = 'spoed' AND state = 'afgeleverd';

-- Names and telephones of other agencies, as their entries last said: at hand when the router is not.
CREATE TABLE contacts (
  oin TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT, at INTEGER NOT NULL
) STRICT;
`;

const V3 = `
-- What was destroyed here: the content is gone, this record (signed by the agency) stays.
CREATE TABLE destructions (
  sender TEXT NOT NULL, message TEXT NOT NULL, digest TEXT NOT NULL, received INTEGER NOT NULL,
  at INTEGER NOT NULL, ground TEXT NOT NULL, jws TEXT NOT NULL, PRIMARY KEY (sender, message)
) STRICT;

-- What the router has receipts of and this store has not: it came after the backup that was restored.
-- done: when a person said that it is dealt with.
CREATE TABLE missing (
  sender TEXT NOT NULL, message TEXT NOT NULL, recipient TEXT NOT NULL, state TEXT NOT NULL,
  stated INTEGER NOT NULL, found INTEGER NOT NULL, done INTEGER, PRIMARY KEY (sender, message, recipient)
) STRICT;
`;

const V4 = `
-- What signatures rested on when they were verified: issuers, revocation lists, entries of the
-- register, the registrar's certificate. Each once; and which of them a message rested on.
CREATE TABLE proofs (digest TEXT PRIMARY KEY, kind TEXT NOT NULL, der BLOB NOT NULL) STRICT;
CREATE TABLE rests (
  sender TEXT NOT NULL, message TEXT NOT NULL, place INTEGER NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (sender, message, place)
) STRICT, WITHOUT ROWID;
`;

const V5 = `
-- Statutory clocks: what the router reminded of, and what people said. begin is empty when the inbox tells.
CREATE TABLE clocks (
  term TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL, begin INTEGER,
  extensions INTEGER NOT NULL DEFAULT 0, ended INTEGER, reminded INTEGER,
  PRIMARY KEY (term, sender, message)
) STRICT;
CREATE INDEX outbox_refers ON outbox (refers) WHERE refers IS NOT NULL;

-- What the router said of them, each word once. webhookAt, folder = 1: still to be told there.
CREATE TABLE reminders (
  id TEXT PRIMARY KEY, term TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL,
  kind TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, webhookAt INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0, folder INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reminders_of ON reminders (sender, message);
CREATE INDEX reminders_webhook ON reminders (webhookAt) WHERE webhookAt IS NOT NULL;
CREATE INDEX reminders_folder ON reminders (at) WHERE folder = 1;
`;

const V6 = `
-- Consultations. Of what was received: answerBy, until when a question wants its answer (seconds);
-- reminded, when the router last reminded of it; late, an answer after the end, by the router's note.
ALTER TABLE inbox ADD COLUMN answerBy INTEGER;
ALTER TABLE inbox ADD COLUMN reminded INTEGER;
ALTER TABLE inbox ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inbox_conversation ON inbox (conversation);
CREATE INDEX inbox_waiting ON inbox (answerBy) WHERE answerBy IS NOT NULL AND state = 'afgeleverd';
CREATE INDEX outbox_conversation ON outbox (conversation);
-- What this agency asked under a clock, a row for each question; begin and until in seconds.
CREATE TABLE questions (
  message TEXT PRIMARY KEY REFERENCES outbox (jti), conversation TEXT NOT NULL, clock TEXT NOT NULL,
  begin INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE INDEX questions_until ON questions (until);
CREATE INDEX questions_of ON questions (conversation);
-- What the router said of a consultation at its end: the newest, as it signed it. webhookAt, folder = 1:
-- still to be told there.
CREATE TABLE summaries (
  conversation TEXT PRIMARY KEY, stated INTEGER NOT NULL, received INTEGER NOT NULL, jws TEXT NOT NULL,
  webhookAt INTEGER, attempts INTEGER NOT NULL DEFAULT 0, folder INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX summaries_webhook ON summaries (webhookAt) WHERE webhookAt IS NOT NULL;
CREATE INDEX summaries_folder ON summaries (stated) WHERE folder = 1;
-- Opening hours of other agencies as their entries last said, JSON.
ALTER TABLE contacts ADD COLUMN hours TEXT;
`;

const V7 = `
-- Subscriptions to events of cases, as this agency began and ended them; who did lies in body. types: JSON.
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY, source TEXT, zaak TEXT, region TEXT, types TEXT, basis TEXT NOT NULL,
  begun INTEGER NOT NULL, until INTEGER, ended INTEGER, reason TEXT,
  body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;

-- The number of each event of our own within its case, by the system (source) that told it. Kept for good:
-- the next number is made from the last.
CREATE TABLE event_numbers (
  source TEXT NOT NULL, zaak TEXT NOT NULL, event TEXT NOT NULL, number INTEGER NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (source, zaak, event), UNIQUE (source, zaak, number)
) STRICT, WITHOUT ROWID;

-- Events of others that came in, and up to which number a case was asked after at its source.
CREATE TABLE seen_events (
  sender TEXT NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, zaak TEXT NOT NULL,
  number INTEGER NOT NULL, region TEXT NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY (sender, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_events_of ON seen_events (zaak);
CREATE INDEX seen_events_by ON seen_events (sender);
CREATE TABLE caught_up (
  source TEXT NOT NULL, zaak TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (source, zaak)
) STRICT, WITHOUT ROWID;

-- How a case of ours stands, for those who were told of it; and who asked, and what they were given.
-- digest: of what was given. peer is empty when the certificate named nobody.
CREATE TABLE stands (
  zaak TEXT PRIMARY KEY, bases TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE TABLE disclosures (
  id TEXT PRIMARY KEY, at INTEGER NOT NULL, peer TEXT NOT NULL, zaak TEXT NOT NULL,
  outcome TEXT NOT NULL, basis TEXT, digest TEXT
) STRICT;
`;

const V8 = `
-- The case thread. casefile: the claim zaak, opaque. Older rows get theirs when the store is opened (filing.ts).
ALTER TABLE inbox ADD COLUMN casefile TEXT;
ALTER TABLE outbox ADD COLUMN casefile TEXT;
CREATE INDEX inbox_casefile ON inbox (casefile) WHERE casefile IS NOT NULL;
CREATE INDEX outbox_casefile ON outbox (casefile) WHERE casefile IS NOT NULL;
CREATE INDEX inbox_jti ON inbox (jti);
CREATE INDEX inbox_refers ON inbox (refers) WHERE refers IS NOT NULL;
CREATE INDEX outbox_replaces ON outbox (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_withdraws ON outbox (withdraws) WHERE withdraws IS NOT NULL;
CREATE INDEX inbox_received ON inbox (received);
CREATE INDEX outbox_stored ON outbox (stored);
CREATE INDEX clocks_message ON clocks (message);

-- The radar of a Veilig Thuis. marks: what people and addresses in a report are known again by, hashed
-- under the key \`radar\` in secrets; in reports.marks with its kind. linked: it shares one, or once did.
CREATE TABLE secrets (name TEXT PRIMARY KEY, body BLOB NOT NULL, key TEXT NOT NULL) STRICT;
CREATE TABLE reports (
  id INTEGER PRIMARY KEY, sender TEXT NOT NULL, jti TEXT NOT NULL, linked INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL, marks BLOB NOT NULL, UNIQUE (sender, jti)
) STRICT;
CREATE INDEX reports_linked ON reports (received, jti) WHERE linked = 1;
CREATE TABLE marks (
  mark BLOB NOT NULL, report INTEGER NOT NULL, PRIMARY KEY (mark, report)
) STRICT, WITHOUT ROWID;
`;

const SETTLED = "(state <> 'afgeleverd' OR answerBy IS NOT NULL)";
const V9 = `
-- On which basis an event came; empty where that was not noted: a gap is one of the events around it.
ALTER TABLE seen_events ADD COLUMN basis TEXT NOT NULL DEFAULT '';
-- The order of the inbox: what is settled or answered stands below the rest.
CREATE INDEX inbox_order ON inbox (${SETTLED}, prio DESC, received DESC, jti DESC);
`;

const V10 = `
-- Receipts, alarms and notices that the router need not give again, by who signed them and their id. What
-- stood there by its id alone is given once more.
DROP TABLE seen;
CREATE TABLE seen (note TEXT PRIMARY KEY) STRICT;
`;

const V11 = `
-- Of a subscription: events that the router left us out of, when last, and when we heard of its end.
ALTER TABLE subscriptions ADD COLUMN heard INTEGER;
ALTER TABLE subscriptions ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN missedAt INTEGER;
-- Messages of ours that say that a case is closed, until one says otherwise: how it stands is not kept for ever.
CREATE TABLE closings (message TEXT PRIMARY KEY, zaak TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX closings_of ON closings (zaak);
CREATE INDEX disclosures_at ON disclosures (at);
`;

/** Each brings a store from the version of its place in the list to the next. Never change one that has been released. */
const MIGRATIONS: readonly string[] = [V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11];

/** The version that this program makes. */
export const VERSION = MIGRATIONS.length;

/**
 * Brings the store up to date. @throws CommandError when a newer program made it
 * @param to an older version than the newest: for tests of what came before
 */
export function migrate(database: Database, to = VERSION): void {
  const at = database.version;
  if (at > MIGRATIONS.length) {
    const known = `this program knows ${MIGRATIONS.length}`;
    const next = 'install the newer program that made it';
    throw new CommandError('usage', `the store has version ${at}, ${known}`, next);
  }
  MIGRATIONS.slice(at, to).forEach((sql, index) => {
    database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${at + index + 1}; COMMIT`);
  });
}
