import { parsed } from '@paddlewatch/config';
import type { Matcher } from '@paddlewatch/model';
import { z } from 'zod';
import { type LabelMatcher, labelMatcher } from '../matchers/label-matcher.ts';
import { parseMatchers } from '../matchers/parse.ts';

const matcherText = parsed('matcher', (text): LabelMatcher[] => parseMatchers(text).map(labelMatcher));

/** A list of `name="value"` texts, each of which may hold several parted by commas. */
export const matchers = z
  .array(matcherText)
  .default([])
  .transform((lists) => lists.flat());

/** The deprecated forms, `match: {name: value}` and `match_re: {name: pattern}`. */
export const matchMap = z.record(z.string().min(1), z.string()).default({});

export const matchPatternMap = matchMap.transform((record, context) => {
  try {
    return fromMap(record, '=~');
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

export function fromMap(record: Readonly<Record<string, string>>, type: Matcher['type']): LabelMatcher[] {
  return Object.entries(record).map(([name, value]) => labelMatcher({ name, type, value }));
}
