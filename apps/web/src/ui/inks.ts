import { useMemo, useSyncExternalStore } from 'react';

/** Colours for canvas, which cannot read CSS variables itself. */
export interface Inks {
  muted: string;
  line: string;
  series: (index: number) => string;
}

/** The palette of base.css has this many colours for lines. */
export const inkCount = 8;

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colours of the present theme; a change of theme brings new ones. */
export function useInks(): Inks {
  const isDark = useSyncExternalStore(
    (hear) => {
      dark.addEventListener('change', hear);
      return () => dark.removeEventListener('change', hear);
    },
    () => dark.matches,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables hold.
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string) => style.getPropertyValue(name).trim();
    return {
      muted: read('--muted'),
      line: read('--hairline'),
      series: (index) => read(`--ink-${index % inkCount}`),
    };
  }, [isDark]);
}
