import type { Provider, TargetGroup } from './provider.ts';

/** Targets written in the configuration itself. */
export function staticProvider(groups: readonly TargetGroup[]): Provider {
  return {
    start: (update) => update(groups),
    stop() {},
  };
}
