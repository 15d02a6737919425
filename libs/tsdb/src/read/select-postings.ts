import { compileMatcher, compileRegexp, type Matcher } from '@paddlewatch/model';
import type { Effort } from './effort.ts';
import { intersect, subtract, union } from './postings.ts';

/** Which series bear which label. Series are numbers below `bound`; all lists rise. */
export interface LabelIndex {
  readonly bound: number;
  everything(effort?: Effort): Uint32Array;
  /** Series with this very value; undefined where there are none. */
  withValue(name: string, value: string, effort?: Effort): Uint32Array | undefined;
  /** One list for each value of the label that passes. */
  withTest(name: string, test: (value: string) => boolean, effort?: Effort): Uint32Array[];
}

/** The series that all matchers fit, rising. */
export function selectPostings(
  index: LabelIndex,
  matchers: readonly Matcher[],
  effort?: Effort,
): Uint32Array {
  const wanted: Uint32Array[] = [];
  const unwanted: Uint32Array[] = [];
  for (const matcher of matchers) {
    // A matcher that fits '' also fits series without the label: take away those whose value does not fit.
    const test = compileMatcher(matcher);
    if (test('')) {
      unwanted.push(
        union(
          index.withTest(matcher.name, (value) => !test(value), effort),
          index.bound,
        ),
      );
    } else wanted.push(union(fitting(index, matcher, test, effort), index.bound));
  }
  wanted.sort((a, b) => a.length - b.length);
  let found = wanted[0] ?? index.everything(effort);
  for (const list of wanted.slice(1)) found = intersect(found, list);
  for (const list of unwanted) found = subtract(found, list);
  effort?.('found', found.length);
  return found;
}

/** Lists for a matcher that does not fit ''. Known texts are looked up, others tried one by one. */
function fitting(
  index: LabelIndex,
  matcher: Matcher,
  test: (value: string) => boolean,
  effort: Effort | undefined,
): Uint32Array[] {
  const literals =
    matcher.type === '='
      ? [matcher.value]
      : matcher.type === '=~'
        ? compileRegexp(matcher.value).literals
        : undefined;
  if (!literals) return index.withTest(matcher.name, test, effort);
  return literals
    .map((value) => index.withValue(matcher.name, value, effort))
    .filter((list) => list !== undefined);
}
