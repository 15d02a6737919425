import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../storage/database.ts';
import type { HistoryEvent } from './event.ts';

export interface HistoryQuery {
  /** 1 to 1000. */
  readonly limit: number;
  /** Only events older than the one of this id. */
  readonly before?: number;
  readonly kind?: HistoryEvent['kind'];
  readonly alertname?: string;
}

export interface HistoryPage {
  readonly events: readonly (HistoryEvent & { readonly id: number })[];
  /** What `before` must be for the next page; absent at the end. */
  readonly next?: number;
}

export interface HistoryOptions {
  /** Events that are kept at most. */
  readonly maxEvents: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

/** What happened, in the order in which it did. */
export class History {
  readonly #db: DatabaseSync;
  readonly #options: HistoryOptions;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync, options: HistoryOptions) {
    this.#db = db;
    this.#options = options;
    this.#insert = db.prepare('INSERT INTO history (at, kind, alertname, body) VALUES (?, ?, ?, ?)');
  }

  append(event: HistoryEvent): void {
    this.#insert.run(Date.parse(event.at), event.kind, event.alertname, JSON.stringify(event));
  }

  /** Newest first. */
  read({ limit, before, kind, alertname }: HistoryQuery): HistoryPage {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    const where = (condition: string, value: string | number | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    where('id < ?', before);
    where('kind = ?', kind);
    where('alertname = ?', alertname);
    const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.#db
      .prepare(`SELECT id, body FROM history ${filter} ORDER BY id DESC LIMIT ?`)
      .all(...values, limit + 1) as unknown as { id: number; body: string }[];
    const events = rows
      .slice(0, limit)
      .map(({ id, body }) => ({ id, ...(JSON.parse(body) as HistoryEvent) }));
    return rows.length > limit ? { events, next: events.at(-1)!.id } : { events };
  }

  /** Forgets what is too old or too much. */
  collect(now: number): void {
    const { maxEvents, maxAge } = this.#options;
    transact(this.#db, () => {
      this.#db.prepare('DELETE FROM history WHERE at < ?').run(now - maxAge);
      this.#db.prepare('DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?').run(maxEvents);
    });
  }
}
