import {
  compareLabels,
  compileMatcher,
  type Labels,
  labelsEqual,
  labelsKey,
  labelValue,
  type Matcher,
} from '@paddlewatch/model';

/** One observation that a sample of a series stands for: most often a trace id says which. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds. */
  readonly t: number;
  /** Nobody said when it was: `t` is when it was seen, and to see it again is no news. */
  readonly untimed?: boolean;
}

export interface SeriesExemplars {
  readonly labels: Labels;
  /** Oldest first. */
  readonly exemplars: readonly Exemplar[];
}

export interface ExemplarStats {
  /** How many may be held; 0 where they are not stored. */
  readonly capacity: number;
  readonly held: number;
  readonly series: number;
  /** Since the start. */
  readonly appended: number;
  /** Refused since the start, because the series has a newer one. */
  readonly outOfOrder: number;
  /** Milliseconds; that of the oldest one held, Infinity where there is none. */
  readonly oldest: number;
}

/** The most characters of all names and values of an exemplar's labels, by OpenMetrics 1.0. */
const mostCharacters = 128;

interface Row {
  readonly labels: Labels;
  readonly exemplars: Exemplar[];
}

/** The newest exemplars of all series. When all places are taken, each new one takes that of the oldest. */
export class Exemplars {
  #capacity: number;
  readonly #rows = new Map<string, Row>();
  /** The row of each exemplar in the order of their coming, in a ring; at `#next`, where the next one comes, stands the oldest once it is full. */
  #ring: Row[] = [];
  #next = 0;
  #appended = 0;
  #outOfOrder = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Keeps the newest. */
  set capacity(capacity: number) {
    if (capacity === this.#capacity) return;
    const ordered = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    while (ordered.length > capacity) this.#dropOldest(ordered.shift()!);
    this.#ring = ordered;
    this.#next = ordered.length < capacity ? ordered.length : 0;
    this.#capacity = capacity;
  }

  get stats(): ExemplarStats {
    const first = this.#ring[this.#ring.length < this.#capacity ? 0 : this.#next];
    return {
      capacity: this.#capacity,
      held: this.#ring.length,
      series: this.#rows.size,
      appended: this.#appended,
      outOfOrder: this.#outOfOrder,
      oldest: first?.exemplars[0]?.t ?? Number.POSITIVE_INFINITY,
    };
  }

  /** Whether an exemplar is new to its series and in order; counts it where it is out of order. */
  takes(series: Labels, exemplar: Exemplar): boolean {
    if (this.#capacity === 0 || characters(exemplar.labels) > mostCharacters) return false;
    const newest = this.#rows.get(labelsKey(series))?.exemplars.at(-1);
    if (!newest) return true;
    if (same(exemplar, newest)) return false;
    if (exemplar.t < newest.t) this.#outOfOrder++;
    return exemplar.t >= newest.t;
  }

  /** Adds an exemplar that `takes` took. */
  add(series: Labels, exemplar: Exemplar): void {
    const key = labelsKey(series);
    const row = this.#rows.get(key) ?? { labels: series, exemplars: [] };
    if (this.#ring.length === this.#capacity) this.#dropOldest(this.#ring[this.#next]!);
    this.#ring[this.#next] = row;
    this.#next = (this.#next + 1) % this.#capacity;
    row.exemplars.push(exemplar);
    this.#rows.set(key, row);
    this.#appended++;
  }

  /** Those with mint ≤ t ≤ maxt of the series that fit any of the selectors, by the order of their label sets. */
  select(selectors: readonly (readonly Matcher[])[], mint: number, maxt: number): SeriesExemplars[] {
    const tests = selectors.map((matchers) =>
      matchers.map((matcher) => ({ name: matcher.name, fits: compileMatcher(matcher) })),
    );
    const found: SeriesExemplars[] = [];
    for (const { labels, exemplars } of this.#rows.values()) {
      if (!tests.some((matchers) => matchers.every(({ name, fits }) => fits(labelValue(labels, name)))))
        continue;
      const inside = exemplars.filter(({ t }) => t >= mint && t <= maxt);
      if (inside.length > 0) found.push({ labels, exemplars: inside });
    }
    return found.sort((a, b) => compareLabels(a.labels, b.labels));
  }

  #dropOldest(row: Row): void {
    row.exemplars.shift();
    if (row.exemplars.length === 0) this.#rows.delete(labelsKey(row.labels));
  }
}

function same(a: Exemplar, b: Exemplar): boolean {
  return (
    (a.t === b.t || (a.untimed === true && b.untimed === true)) &&
    Object.is(a.value, b.value) &&
    labelsEqual(a.labels, b.labels)
  );
}

function characters(labels: Labels): number {
  return labels.reduce((sum, text) => sum + [...text].length, 0);
}
