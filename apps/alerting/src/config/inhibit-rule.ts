import { z } from 'zod';
import { fromMap, matchers, matchMap, matchPatternMap } from './matchers.ts';

export const inhibitRule = z
  .strictObject({
    name: z.string().default(''),
    source_matchers: matchers,
    source_match: matchMap,
    source_match_re: matchPatternMap,
    target_matchers: matchers,
    target_match: matchMap,
    target_match_re: matchPatternMap,
    equal: z.array(z.string().min(1)).default([]),
  })
  .transform((rule) => ({
    name: rule.name,
    source: [...rule.source_matchers, ...fromMap(rule.source_match, '='), ...rule.source_match_re],
    target: [...rule.target_matchers, ...fromMap(rule.target_match, '='), ...rule.target_match_re],
    equal: rule.equal,
  }));

export type InhibitRule = z.output<typeof inhibitRule>;
