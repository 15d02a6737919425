import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schemaVersion = 1;
const schema = `
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY, starts_at REAL NOT NULL, ends_at REAL NOT NULL, updated_at REAL NOT NULL,
    received_at REAL NOT NULL, timeout INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE silences (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE notifications (
    integration TEXT NOT NULL, group_key TEXT NOT NULL, at REAL NOT NULL, expires_at REAL NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (integration, group_key)
  ) WITHOUT ROWID;
  CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, alertname TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX history_by_alertname ON history (alertname, id);
`;

/**
 * Opens `alerting.db` in the folder, or a database in memory where there is none. A commit survives the death of the
 * process at any moment; a power cut may take the last commits, never the file (SQLite, WAL with synchronous=NORMAL).
 */
export function openDatabase(folder: string | undefined): DatabaseSync {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(folder === undefined ? ':memory:' : path.join(folder, 'alerting.db'));
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 4000;',
  );
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found === 0) db.exec(`BEGIN; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
  else if (found !== schemaVersion)
    throw new Error(
      `cannot open ${folder}/alerting.db: its schema is version ${found} and this program reads ${schemaVersion}`,
    );
  return db;
}

/** Runs `work` as one transaction. */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work();
  db.exec('BEGIN');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
