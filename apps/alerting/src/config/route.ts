import { duration, labels } from '@paddlewatch/config';
import { z } from 'zod';
import type { LabelMatcher } from '../matchers/label-matcher.ts';
import { fromMap, matchers, matchMap, matchPatternMap } from './matchers.ts';

const positive = duration.refine((ms) => ms > 0, 'write a duration above 0');

const groupBy = z
  .array(z.string().min(1))
  .refine((names) => new Set(names).size === names.length, 'a label stands here twice; remove one')
  .refine((names) => !names.includes('...') || names.length === 1, "'...' means all labels and stands alone");

const fields = {
  receiver: z.string().optional(),
  group_by: groupBy.optional(),
  group_wait: duration.optional(),
  group_interval: positive.optional(),
  repeat_interval: positive.optional(),
  matchers,
  match: matchMap,
  match_re: matchPatternMap,
  continue: z.boolean().default(false),
  mute_time_intervals: z.array(z.string()).default([]),
  active_time_intervals: z.array(z.string()).default([]),
  labels: labels.default({}),
};

const ownFields = z.strictObject(fields);

/** One node of the routing tree as it is written. */
export interface RouteConfig extends Omit<z.output<typeof ownFields>, 'match' | 'match_re'> {
  readonly matchers: LabelMatcher[];
  readonly routes: RouteConfig[];
}

export const route: z.ZodType<RouteConfig> = z
  .strictObject({
    ...fields,
    get routes() {
      return z.array(route).default([]);
    },
  })
  .transform(({ match, match_re, matchers: written, ...rest }) => ({
    ...rest,
    matchers: [...written, ...fromMap(match, '='), ...match_re],
  }));
