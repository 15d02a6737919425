import { quoteString } from './labels.ts';
import { compileRegexp } from './regexp.ts';

export type MatchType = '=' | '!=' | '=~' | '!~';

/** One condition on one label; a missing label has the value ''. */
export interface Matcher {
  readonly type: MatchType;
  readonly name: string;
  readonly value: string;
}

/** A test of a label's value. @throws SyntaxError where the regular expression is not RE2. */
export function compileMatcher(matcher: Matcher): (value: string) => boolean {
  const { type, value } = matcher;
  switch (type) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~':
      return compileRegexp(value).test;
    case '!~': {
      const { test } = compileRegexp(value);
      return (text) => !test(text);
    }
  }
}

export function formatMatcher({ name, type, value }: Matcher): string {
  return `${name}${type}${quoteString(value)}`;
}
