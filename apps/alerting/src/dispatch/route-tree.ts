import { type Labels, labelValue } from '@paddlewatch/model';
import type { RouteConfig } from '../config/route.ts';
import { type LabelMatcher, matchesAll, printMatchers } from '../matchers/label-matcher.ts';

/** A node of the routing tree with everything inherited that it does not say itself. Durations are milliseconds. */
export interface Route {
  /** Names the node over restarts: the matchers on the way to it, `{}/{severity="page"}`. */
  readonly key: string;
  readonly receiver: string;
  /** Labels that part alerts into groups; `all` keeps every label set apart. */
  readonly groupBy: readonly string[] | 'all';
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
  readonly matchers: readonly LabelMatcher[];
  readonly continues: boolean;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly children: readonly Route[];
}

type Inherited = Pick<
  Route,
  'receiver' | 'groupBy' | 'groupWait' | 'groupInterval' | 'repeatInterval' | 'labels'
>;

const defaults: Inherited = {
  receiver: '',
  groupBy: [],
  groupWait: 30_000,
  groupInterval: 300_000,
  repeatInterval: 4 * 3_600_000,
  labels: {},
};

export function routeTree(config: RouteConfig): Route {
  return build(config, defaults, '');
}

function build(config: RouteConfig, parent: Inherited, prefix: string): Route {
  const own: Inherited = {
    receiver: config.receiver || parent.receiver,
    groupBy: config.group_by ? groupNames(config.group_by) : parent.groupBy,
    groupWait: config.group_wait ?? parent.groupWait,
    groupInterval: config.group_interval ?? parent.groupInterval,
    repeatInterval: config.repeat_interval ?? parent.repeatInterval,
    labels: { ...parent.labels, ...config.labels },
  };
  const key = prefix + printMatchers(config.matchers);
  return {
    ...own,
    key,
    matchers: config.matchers,
    continues: config.continue,
    muteTimeIntervals: config.mute_time_intervals,
    activeTimeIntervals: config.active_time_intervals,
    children: config.routes.map((child) => build(child, own, `${key}/`)),
  };
}

function groupNames(names: readonly string[]): Route['groupBy'] {
  return names[0] === '...' ? 'all' : [...names].sort();
}

/** The routes that take an alert: the deepest that match, the first of siblings unless it says `continue`. */
export function matchRoutes(route: Route, labels: Labels): Route[] {
  if (!matchesAll(route.matchers, labels)) return [];
  const found: Route[] = [];
  for (const child of route.children) {
    const below = matchRoutes(child, labels);
    found.push(...below);
    if (below.length > 0 && !child.continues) break;
  }
  return found.length > 0 ? found : [route];
}

/** The labels by which a route groups an alert. */
export function groupLabels(route: Route, labels: Labels): Labels {
  if (route.groupBy === 'all') return labels;
  const found: string[] = [];
  for (const name of route.groupBy) {
    const value = labelValue(labels, name);
    if (value !== '') found.push(name, value);
  }
  return found;
}
