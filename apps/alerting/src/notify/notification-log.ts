import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../storage/database.ts';

/** What was last sent to one channel of a receiver about one group: fingerprints of alerts. */
export interface LogEntry {
  readonly at: number;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** Remembers what was sent, so that nothing is told twice and nothing forgotten, over restarts too. */
export class NotificationLog {
  readonly #db: DatabaseSync;
  readonly #entries = new Map<string, LogEntry & { readonly expiresAt: number }>();
  readonly #write: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#write = db.prepare('INSERT OR REPLACE INTO notifications VALUES (?, ?, ?, ?, ?)');
    for (const row of db.prepare('SELECT * FROM notifications').iterate() as Iterable<Row>)
      this.#entries.set(keyOf(row.integration, row.group_key), {
        ...(JSON.parse(row.body) as Pick<LogEntry, 'firing' | 'resolved'>),
        at: row.at,
        expiresAt: row.expires_at,
      });
  }

  get size(): number {
    return this.#entries.size;
  }

  find(integration: string, groupKey: string, now: number): LogEntry | undefined {
    const entry = this.#entries.get(keyOf(integration, groupKey));
    return entry && entry.expiresAt > now ? entry : undefined;
  }

  record(integration: string, groupKey: string, entry: LogEntry, expiresAt: number): void {
    const { at, firing, resolved } = entry;
    this.#write.run(integration, groupKey, at, expiresAt, JSON.stringify({ firing, resolved }));
    this.#entries.set(keyOf(integration, groupKey), { ...entry, expiresAt });
  }

  /** Forgets entries that have expired. */
  collect(now: number): void {
    transact(this.#db, () => this.#db.prepare('DELETE FROM notifications WHERE expires_at <= ?').run(now));
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key);
  }
}

interface Row {
  readonly integration: string;
  readonly group_key: string;
  readonly at: number;
  readonly expires_at: number;
  readonly body: string;
}

function keyOf(integration: string, groupKey: string): string {
  return `${integration}\n${groupKey}`;
}
