/** The number of this layout, in the file's `user_version`. */
export const SCHEMA_VERSION = 1;

/**
 * Rows of jobs, and notes: counters and the like.
 *
 * Three indexes do everything. Who is next in a lane, who is due, and who is in a state: each
 * costs the same with a thousand jobs as with a million.
 */
export const SCHEMA = `
  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    priority INTEGER NOT NULL,
    maxRetries INTEGER NOT NULL,
    timeout INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    uniqueKey TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    state INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    due INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    worker TEXT NOT NULL,
    byClock INTEGER NOT NULL,
    cancelAsked INTEGER NOT NULL,
    readyAt INTEGER NOT NULL,
    startedAt INTEGER NOT NULL,
    finishedAt INTEGER NOT NULL,
    payload TEXT,
    result TEXT,
    failures TEXT,
    log TEXT,
    progress TEXT
  ) STRICT;
  CREATE INDEX next_in_lane ON jobs (lane, rank, id) WHERE state = 1;
  CREATE INDEX due ON jobs (due, id) WHERE due > 0;
  CREATE INDEX in_state ON jobs (state, id);
  CREATE UNIQUE INDEX unique_key ON jobs (uniqueKey) WHERE uniqueKey <> '' AND state < 3;
  CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** What there is of a job, in the order of the table; the texts are asked for one by one. */
export const COLUMNS = [
  "id",
  "queue",
  "type",
  "key",
  "priority",
  "maxRetries",
  "timeout",
  "expiresAt",
  "uniqueKey",
  "createdAt",
  "lane",
  "state",
  "rank",
  "due",
  "epoch",
  "attempt",
  "worker",
  "byClock",
  "cancelAsked",
  "readyAt",
  "startedAt",
  "finishedAt",
] as const;

/** Those that change while a job lives. */
export const CHANGING = [
  "lane",
  "expiresAt",
  "state",
  "rank",
  "due",
  "epoch",
  "attempt",
  "worker",
  "byClock",
  "cancelAsked",
  "readyAt",
  "startedAt",
  "finishedAt",
] as const;
