import { labels } from '@paddlewatch/config';
import { z } from 'zod';
import { channelSchemas } from '../channels/channels.ts';
import { global } from './global.ts';
import { inhibitRule } from './inhibit-rule.ts';
import { type RouteConfig, route } from './route.ts';
import { namedTimeInterval } from './time-intervals.ts';
import { unbuiltChannels, unbuiltTop } from './unbuilt.ts';

const receiver = z.strictObject({
  name: z.string().min(1),
  labels: labels.default({}),
  ...channelSchemas,
  ...unbuiltChannels,
});

export type ReceiverConfig = z.output<typeof receiver>;

/** alertmanager.yml, whole. */
export const alertmanagerConfig = z
  .strictObject({
    global: global.prefault({}),
    templates: z.array(z.string()).default([]),
    route,
    receivers: z.array(receiver).default([]),
    inhibit_rules: z.array(inhibitRule).default([]),
    time_intervals: z.array(namedTimeInterval).default([]),
    mute_time_intervals: z.array(namedTimeInterval).default([]).describe('older name of time_intervals'),
    ...unbuiltTop,
  })
  .superRefine((config, context) => {
    for (const fault of faults(config)) context.addIssue({ code: 'custom', ...fault });
  });

export type AlertmanagerConfig = z.output<typeof alertmanagerConfig>;

interface PlacedFault {
  readonly path: PropertyKey[];
  readonly message: string;
}

/** What only shows when the parts stand together. */
function* faults(config: {
  route: RouteConfig;
  receivers: ReceiverConfig[];
  time_intervals: { name: string }[];
  mute_time_intervals: { name: string }[];
}): Generator<PlacedFault> {
  yield* repeated('receivers', config.receivers);
  yield* repeated('time_intervals', config.time_intervals);
  yield* repeated('mute_time_intervals', config.mute_time_intervals);
  yield* rootFaults(config.route);
  const known = {
    receivers: new Set(config.receivers.map(({ name }) => name)),
    intervals: new Set([...config.time_intervals, ...config.mute_time_intervals].map(({ name }) => name)),
  };
  yield* routeFaults(config.route, known, ['route']);
}

function* repeated(list: string, items: readonly { name: string }[]): Generator<PlacedFault> {
  for (const [i, { name }] of items.entries())
    if (items.findIndex((item) => item.name === name) < i)
      yield { path: [list, i, 'name'], message: `a second "${name}"; rename one` };
}

function* rootFaults(root: RouteConfig): Generator<PlacedFault> {
  if (!root.receiver) yield { path: ['route'], message: 'the root route needs a receiver; write one' };
  if (root.matchers.length > 0)
    yield {
      path: ['route'],
      message: 'the root route takes every alert; move its matchers to a child route',
    };
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const)
    if (root[key].length > 0)
      yield {
        path: ['route', key],
        message: 'the root route has no time intervals; move them to a child route',
      };
}

function* routeFaults(
  node: RouteConfig,
  known: { readonly receivers: ReadonlySet<string>; readonly intervals: ReadonlySet<string> },
  path: PropertyKey[],
): Generator<PlacedFault> {
  if (node.receiver !== undefined && !known.receivers.has(node.receiver))
    yield {
      path: [...path, 'receiver'],
      message: `no receiver is named "${node.receiver}"; add it to receivers`,
    };
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const)
    for (const [i, name] of node[key].entries())
      if (!known.intervals.has(name))
        yield {
          path: [...path, key, i],
          message: `no time interval is named "${name}"; add it to time_intervals`,
        };
  for (const [i, child] of node.routes.entries()) yield* routeFaults(child, known, [...path, 'routes', i]);
}
