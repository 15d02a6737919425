import {
  compileMatcher,
  isLegacyLabelName,
  type Labels,
  labelValue,
  type Matcher,
  quoteString,
} from '@paddlewatch/model';

/** A matcher with its test compiled. */
export interface LabelMatcher extends Matcher {
  readonly test: (value: string) => boolean;
}

/** @throws SyntaxError where the regular expression is not RE2. */
export function labelMatcher(matcher: Matcher): LabelMatcher {
  return { ...matcher, test: compileMatcher(matcher) };
}

/** Whether every matcher fits; a missing label counts as ''. */
export function matchesAll(matchers: readonly LabelMatcher[], labels: Labels): boolean {
  for (const matcher of matchers) if (!matcher.test(labelValue(labels, matcher.name))) return false;
  return true;
}

/** `{a="b",c=~"d"}`, sorted as Alertmanager sorts: a route's part of its groups' keys. */
export function printMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.toSorted(compareMatchers).map(printMatcher).join(',')}}`;
}

export function compareMatchers(a: Matcher, b: Matcher): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return types.indexOf(a.type) - types.indexOf(b.type);
}

const types: readonly string[] = ['=', '!=', '=~', '!~'];

export function printMatcher({ name, type, value }: Matcher): string {
  return `${isLegacyLabelName(name) ? name : quoteString(name)}${type}${quoteString(value)}`;
}
