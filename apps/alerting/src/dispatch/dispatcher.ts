import type { Clock } from '@paddlewatch/model';
import { labelsKey } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';
import type { Flush } from '../notify/pipeline.ts';
import { Group } from './group.ts';
import { groupLabels, matchRoutes, type Route } from './route-tree.ts';

export interface DispatcherOptions {
  readonly root: Route;
  readonly clock: Clock;
  readonly flush: (flush: Flush) => Promise<boolean>;
}

/** A message that is on its way when the program stops has this long to arrive: broken off, it may come twice. */
const grace = 5_000;

/** Sorts alerts into groups by the routing tree. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #groups = new Map<string, Group>();
  readonly #stopping = new AbortController();
  readonly #ending = new AbortController();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  get root(): Route {
    return this.#options.root;
  }

  insert(alert: Alert): void {
    for (const route of matchRoutes(this.#options.root, alert.labels))
      this.#group(route, alert).insert(alert);
  }

  /** Drops groups that have nothing left to tell. */
  collect(): void {
    for (const [key, group] of this.#groups) {
      if (!group.idle) continue;
      void group.stop();
      this.#groups.delete(key);
    }
  }

  /** Ends all timers and retries; resolves when the sends that are under way have ended, or were broken off. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const cancel = this.#options.clock.after(grace, () => this.#ending.abort());
    await Promise.all(this.groups.map((group) => group.stop()));
    cancel();
  }

  #group(route: Route, alert: Alert): Group {
    const labels = groupLabels(route, alert.labels);
    // Two sibling routes may have the same matchers, and so the same group key, and different receivers.
    const key = `${route.receiver}\n${route.key}\n${labelsKey(labels)}`;
    const known = this.#groups.get(key);
    if (known) return known;
    const { clock, flush } = this.#options;
    const group = new Group({
      route,
      labels,
      clock,
      flush,
      stopping: this.#stopping.signal,
      ending: this.#ending.signal,
    });
    this.#groups.set(key, group);
    return group;
  }
}
