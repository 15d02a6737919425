import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Matcher } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';
import { compareMatchers, type LabelMatcher, labelMatcher, matchesAll } from '../matchers/label-matcher.ts';
import { transact } from '../storage/database.ts';
import { type Silence, silenceState } from './silence.ts';

/** A silence to be made, or changed where it names an id. */
export interface SilenceRequest extends Omit<Silence, 'id' | 'updatedAt'> {
  readonly id?: string;
}

/** A silence that cannot be: the fault is the asker's. */
export class SilenceError extends Error {
  override name = 'SilenceError';
}

/** No silence bears the id. */
export class SilenceNotFound extends Error {
  override name = 'SilenceNotFound';
}

export interface SilencesOptions {
  /** How long an expired silence is kept, milliseconds. */
  readonly retention: number;
  /** Silences that may exist at a time, expired ones included; 0 for no limit. */
  readonly maxSilences: number;
}

/** All silences, in memory and in the database. */
export class Silences {
  readonly #db: DatabaseSync;
  readonly #options: SilencesOptions;
  readonly #silences = new Map<string, { silence: Silence; matchers: readonly LabelMatcher[] }>();
  readonly #write: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, options: SilencesOptions) {
    this.#db = db;
    this.#options = options;
    this.#write = db.prepare('INSERT OR REPLACE INTO silences VALUES (?, ?)');
    this.#delete = db.prepare('DELETE FROM silences WHERE id = ?');
    for (const { body } of db.prepare('SELECT body FROM silences').iterate() as Iterable<{ body: string }>)
      this.#remember(JSON.parse(body) as Silence);
  }

  get(id: string): Silence | undefined {
    return this.#silences.get(id)?.silence;
  }

  values(): Silence[] {
    return [...this.#silences.values()].map(({ silence }) => silence);
  }

  /** Ids of the active silences that hold the alert back, sorted. */
  silencedBy(alert: Alert, now: number): string[] {
    const found: string[] = [];
    for (const { silence, matchers } of this.#silences.values())
      if (silenceState(silence, now) === 'active' && matchesAll(matchers, alert.labels))
        found.push(silence.id);
    return found.sort();
  }

  /**
   * Makes a silence, or changes one: in place where that rewrites nothing that was, else by ending the old one and
   * making another. @returns its id. @throws SilenceError, SilenceNotFound.
   */
  set(request: SilenceRequest, now: number): string {
    validate(request, now);
    const known = request.id ? this.get(request.id) : undefined;
    if (request.id && !known) throw new SilenceNotFound(`silence ${request.id} not found`);
    return transact(this.#db, () => {
      if (known && canChange(known, request, now))
        return this.#store({ ...request, id: known.id, updatedAt: now });
      this.#checkLimit();
      if (known && silenceState(known, now) !== 'expired') this.expire(known.id, now);
      return this.#store({
        ...request,
        id: randomUUID(),
        startsAt: Math.max(request.startsAt, now),
        updatedAt: now,
      });
    });
  }

  /** Ends a silence now; one that has ended stays as it is. @throws SilenceNotFound */
  expire(id: string, now: number): void {
    const silence = this.get(id);
    if (!silence) throw new SilenceNotFound(`silence ${id} not found`);
    const state = silenceState(silence, now);
    if (state === 'expired') return;
    this.#store({ ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now, updatedAt: now });
  }

  /** Forgets silences that ended longer ago than the retention. */
  collect(now: number): void {
    transact(this.#db, () => {
      for (const { id, endsAt } of this.values()) {
        if (endsAt + this.#options.retention > now) continue;
        this.#delete.run(id);
        this.#silences.delete(id);
      }
    });
  }

  #checkLimit(): void {
    const { maxSilences } = this.#options;
    if (maxSilences > 0 && this.#silences.size >= maxSilences)
      throw new SilenceError(
        `exceeded maximum number of silences: ${this.#silences.size} (limit: ${maxSilences})`,
      );
  }

  #store(silence: Silence): string {
    this.#write.run(silence.id, JSON.stringify(silence));
    this.#remember(silence);
    return silence.id;
  }

  #remember(silence: Silence): void {
    this.#silences.set(silence.id, { silence, matchers: silence.matchers.map(labelMatcher) });
  }
}

function validate({ matchers, startsAt, endsAt }: SilenceRequest, now: number): void {
  if (matchers.length === 0) throw new SilenceError('invalid silence: at least one matcher required');
  if (compiled(matchers).every(({ test }) => test('')))
    throw new SilenceError('invalid silence: at least one matcher must not match the empty string');
  if (!(startsAt < endsAt))
    throw new SilenceError('Failed to create silence: start time must be before end time');
  if (endsAt < now) throw new SilenceError("Failed to create silence: end time can't be in the past");
}

function compiled(matchers: readonly Matcher[]): LabelMatcher[] {
  try {
    return matchers.map(labelMatcher);
  } catch (error) {
    throw new SilenceError(`invalid silence: ${(error as Error).message}`);
  }
}

/** Whether a silence may change in place: same matchers, and no moment that has passed gets another meaning. */
function canChange(known: Silence, request: SilenceRequest, now: number): boolean {
  if (!sameMatchers(known.matchers, request.matchers)) return false;
  switch (silenceState(known, now)) {
    case 'active':
      return (
        Math.floor(known.startsAt / 1000) === Math.floor(request.startsAt / 1000) && request.endsAt >= now
      );
    case 'pending':
      return request.startsAt >= now;
    case 'expired':
      return false;
  }
}

function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const text = (matchers: readonly Matcher[]) =>
    JSON.stringify(matchers.toSorted(compareMatchers).map(({ name, type, value }) => [name, type, value]));
  return text(a) === text(b);
}
