/** `PromQL info: … (1:7)`: the words, and the place in the query. */
export interface Remark {
  readonly words: string;
  readonly place: string;
}

/** Of which the last digits are chance, and a power in Go is off by one where ours is exact. */
const number = /\d+(\.\d+)?(e[-+]\d+)?/g;

/** Of buckets that fall, Prometheus counts some twice over, so their number is left out. */
export function remarkOf(text: string): Remark {
  const match = /^(.*) \((\d+:\d+)\)$/s.exec(text.replace(/, over \d+ samples/, ''));
  if (!match) return { words: text, place: '' };
  const words = match[1]!.replaceAll(number, (digits) => Number(digits).toPrecision(12));
  return { words, place: match[2]! };
}

/** Without the account of what exactly fell. */
export function gistOf(text: string): string {
  return remarkOf(text).words.replace(/, from buckets .*$/, '');
}

const fall = /, from buckets (\S+) to (\S+), with a max diff of ([^\s,]+)/;

/** What is remarked, without places; of buckets that fall, from and to where and how far at most. */
export function joinedFalls(remarks: readonly string[]): Map<string, readonly number[]> {
  const joined = new Map<string, readonly number[]>();
  for (const text of remarks) {
    const gist = gistOf(text);
    const [low = Infinity, high = -Infinity, most = 0] = joined.get(gist) ?? [];
    const [from = Infinity, to = -Infinity, by = 0] = (fall.exec(text) ?? []).slice(1).map(numberOf);
    joined.set(gist, [Math.min(low, from), Math.max(high, to), Math.max(most, by)]);
  }
  return joined;
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

/**
 * Whether both remark the same. We say it for each place, Prometheus for one of them, so theirs must be among ours.
 * Where there are more than are shown, which of them are left out is chance.
 */
export function sameRemarks(ours: readonly string[], theirs: readonly string[]): boolean {
  if ([...ours, ...theirs].some((text) => text.endsWith('annotations omitted'))) return true;
  const placed = (text: string) => `${remarkOf(text).words} ${remarkOf(text).place}`;
  const own = new Set(ours.map(placed));
  return theirs.every((text) => own.has(placed(text))) && missing(ours, theirs).length === 0;
}

/** The words of those remarks that the others do not have anywhere. */
export function missing(from: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map((text) => remarkOf(text).words));
  return from.map((text) => remarkOf(text).words).filter((words) => !known.has(words));
}
