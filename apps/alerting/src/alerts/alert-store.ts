import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../storage/database.ts';
import { type Alert, isResolved } from './alert.ts';
import { merge } from './merge.ts';

/** An alert as it was stored, and what stood there before. */
export interface AlertChange {
  readonly alert: Alert;
  readonly before: Alert | undefined;
}

/** There is no room for further alerts. */
export class TooManyAlerts extends Error {
  override name = 'TooManyAlerts';

  constructor(refused: number, limit: number) {
    super(
      `cannot take ${refused} new alerts: ${limit} are known already, and no more may be (--alerts.max-alerts)`,
    );
  }
}

/** All alerts that are known, in memory and in the database. */
export class AlertStore {
  readonly #db: DatabaseSync;
  readonly #alerts = new Map<string, Alert>();
  /** Rows by fingerprint. They are numbered as they come: a batch that is stored together lies together on disk. */
  readonly #rows = new Map<string, number>();
  readonly #insert: StatementSync;
  readonly #extend: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare('INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#extend = db.prepare('UPDATE alerts SET ends_at = ?, updated_at = ? WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM alerts WHERE id = ?');
    this.reread();
  }

  /** Forgets what is in memory for what the database has. */
  reread(): void {
    this.#alerts.clear();
    this.#rows.clear();
    for (const row of this.#db.prepare('SELECT * FROM alerts').iterate() as Iterable<Row>) {
      const alert = fromRow(row);
      this.#alerts.set(alert.fingerprint, alert);
      this.#rows.set(alert.fingerprint, row.id);
    }
  }

  get size(): number {
    return this.#alerts.size;
  }

  get(fingerprint: string): Alert | undefined {
    return this.#alerts.get(fingerprint);
  }

  values(): IterableIterator<Alert> {
    return this.#alerts.values();
  }

  /** The updates for which there is room: news of a known alert always has it, so that what fires can resolve. */
  fitting(updates: readonly Alert[], limit: number): Alert[] {
    const added = new Set<string>();
    return updates.filter(({ fingerprint }) => {
      if (this.#alerts.has(fingerprint) || added.has(fingerprint)) return true;
      if (this.size + added.size >= limit) return false;
      added.add(fingerprint);
      return true;
    });
  }

  /** Merges a batch into what is known and stores it as one transaction. */
  put(updates: readonly Alert[]): AlertChange[] {
    return transact(this.#db, () =>
      updates.map((update) => {
        const before = this.#alerts.get(update.fingerprint);
        const alert = before ? merge(before, update) : update;
        this.#write(alert, before);
        this.#alerts.set(alert.fingerprint, alert);
        return { alert, before };
      }),
    );
  }

  /** Forgets alerts that are resolved, and tells which. */
  collect(now: number): Alert[] {
    const gone = [...this.#alerts.values()].filter((alert) => isResolved(alert, now));
    transact(this.#db, () => {
      for (const { fingerprint } of gone) this.#delete.run(this.#rows.get(fingerprint)!);
    });
    for (const { fingerprint } of gone) {
      this.#alerts.delete(fingerprint);
      this.#rows.delete(fingerprint);
    }
    return gone;
  }

  /** An alert that is sent again every minute changes its end and nothing else: that is a short write. */
  #write(alert: Alert, before: Alert | undefined): void {
    const { fingerprint, startsAt, endsAt, updatedAt, receivedAt, timeout } = alert;
    const row = this.#rows.get(fingerprint);
    if (before && row !== undefined && sameBut(alert, before)) {
      this.#extend.run(endsAt, updatedAt, row);
      return;
    }
    const stored = this.#insert.run(
      row ?? null,
      startsAt,
      endsAt,
      updatedAt,
      receivedAt,
      timeout ? 1 : 0,
      bodyOf(alert),
    );
    this.#rows.set(fingerprint, Number(stored.lastInsertRowid));
  }
}

interface Row {
  readonly id: number;
  readonly starts_at: number;
  readonly ends_at: number;
  readonly updated_at: number;
  readonly received_at: number;
  readonly timeout: number;
  readonly body: string;
}

function bodyOf({ fingerprint, labels, annotations, generatorURL }: Alert): string {
  return JSON.stringify({ fingerprint, labels, annotations, generatorURL });
}

function fromRow(row: Row): Alert {
  return {
    ...(JSON.parse(row.body) as Pick<Alert, 'fingerprint' | 'labels' | 'annotations' | 'generatorURL'>),
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    updatedAt: row.updated_at,
    receivedAt: row.received_at,
    timeout: row.timeout === 1,
  };
}

/** Whether two states of an alert differ in `endsAt` and `updatedAt` at most. */
function sameBut(a: Alert, b: Alert): boolean {
  return (
    a.startsAt === b.startsAt &&
    a.receivedAt === b.receivedAt &&
    a.timeout === b.timeout &&
    a.generatorURL === b.generatorURL &&
    sameRecord(a.annotations, b.annotations)
  );
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
