/** The tables that the first version of the store had; migrations.ts tells what they hold. Never change them. */
export const V1 = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- What this agency sent: the signed message, and how far it has come.
CREATE TABLE outbox (
  jti TEXT PRIMARY KEY, conversation TEXT NOT NULL, type TEXT NOT NULL, version TEXT NOT NULL,
  prio TEXT NOT NULL, audience TEXT, refers TEXT, replaces TEXT, withdraws TEXT,
  digest TEXT NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT NULL, stored INTEGER NOT NULL,
  state TEXT NOT NULL, changed INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  step INTEGER NOT NULL DEFAULT 0, nextAt INTEGER, lastCode TEXT, folder INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (nextAt) WHERE nextAt IS NOT NULL;
CREATE INDEX outbox_untold ON outbox (jti) WHERE folder = 2;

-- For whom the router accepted a message, and where each copy stands.
CREATE TABLE recipients (
  message TEXT NOT NULL REFERENCES outbox (jti), oin TEXT NOT NULL, state TEXT, at INTEGER,
  PRIMARY KEY (message, oin)
) STRICT, WITHOUT ROWID;

-- Why the router refused a message.
CREATE TABLE problems (
  message TEXT PRIMARY KEY REFERENCES outbox (jti), at INTEGER NOT NULL, code TEXT NOT NULL,
  body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;

-- Every receipt about a message of this agency. counted = 0: it came before the acceptance.
CREATE TABLE receipts (
  digest TEXT PRIMARY KEY, jti TEXT NOT NULL, message TEXT NOT NULL, issuer TEXT NOT NULL,
  recipient TEXT, state TEXT NOT NULL, code TEXT, referral TEXT, stated INTEGER NOT NULL,
  received INTEGER NOT NULL, counted INTEGER NOT NULL, contradicts INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_of ON receipts (message);

-- Receipts that the router need not give again.
CREATE TABLE seen (receipt TEXT PRIMARY KEY) STRICT;

-- Checkpoints of the router's ledger, kept as a witness against the router.
CREATE TABLE witnesses (
  digest TEXT PRIMARY KEY, issuer TEXT NOT NULL, size INTEGER NOT NULL, head TEXT NOT NULL,
  stated INTEGER NOT NULL, jws TEXT NOT NULL
) STRICT;
CREATE INDEX witnesses_size ON witnesses (size);

-- What this agency received.
CREATE TABLE inbox (
  sender TEXT NOT NULL, jti TEXT NOT NULL, digest TEXT NOT NULL, senderName TEXT NOT NULL,
  type TEXT NOT NULL, version TEXT NOT NULL, prio TEXT NOT NULL, conversation TEXT NOT NULL,
  refers TEXT, replaces TEXT, withdraws TEXT, issued INTEGER NOT NULL, expires INTEGER NOT NULL,
  received INTEGER NOT NULL, state TEXT NOT NULL, changed INTEGER NOT NULL,
  certificate BLOB NOT NULL, body BLOB NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (sender, jti)
) STRICT;
CREATE INDEX inbox_recent ON inbox (prio, received);
CREATE INDEX inbox_replaces ON inbox (sender, replaces) WHERE replaces IS NOT NULL;
CREATE INDEX inbox_withdraws ON inbox (sender, withdraws) WHERE withdraws IS NOT NULL;

-- The receipts that this agency signed. sent: 0 still to send, 1 taken by the router, 2 refused.
CREATE TABLE replies (
  digest TEXT PRIMARY KEY, jti TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL,
  copy TEXT NOT NULL, state TEXT NOT NULL, code TEXT, stated INTEGER NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  nextAt INTEGER NOT NULL DEFAULT 0, refused TEXT, body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX replies_of ON replies (sender, message);
CREATE INDEX replies_due ON replies (nextAt) WHERE sent = 0;

-- Who did what in the inbox.
CREATE TABLE actions (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,
  action TEXT NOT NULL, body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX actions_of ON actions (sender, message);

-- Handing over to the agency's own system. state: wacht, geschreven, gelukt, mens (waits for a person).
CREATE TABLE handovers (
  channel TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL, prio TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, nextAt INTEGER NOT NULL,
  status INTEGER, PRIMARY KEY (channel, sender, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX handovers_due ON handovers (channel, nextAt) WHERE state = 'wacht';

-- What came in and was refused, kept as proof of what somebody sent.
CREATE TABLE evidence (
  digest TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL,
  sender TEXT, message TEXT, body BLOB NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_at ON evidence (at);
`;
