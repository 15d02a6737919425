import { goFloat, type Labels, parseValue } from '@paddlewatch/model';

/**
 * Lays the labels of a target over those that its page wrote. Where both have a name: the page's label moves to
 * `exported_<name>`, or, where the job honours its labels, it wins, and an empty one removes the target's.
 * Changes `labels`.
 */
export function withTargetLabels(labels: Map<string, string>, target: Labels, honorLabels: boolean): Labels {
  for (let i = 0; i < target.length; i += 2) {
    const name = target[i]!;
    const scraped = labels.get(name);
    if (honorLabels && scraped !== undefined) continue;
    if (scraped) labels.set(exportedName(name, labels, target), scraped);
    labels.set(name, target[i + 1]!);
  }
  return sorted(labels);
}

function exportedName(name: string, labels: ReadonlyMap<string, string>, target: Labels): string {
  let exported = name;
  do exported = `exported_${exported}`;
  while (labels.get(exported) || target.includes(exported));
  return exported;
}

function sorted(labels: ReadonlyMap<string, string>): Labels {
  const flat: string[] = [];
  for (const name of [...labels.keys()].sort()) {
    const value = labels.get(name)!;
    if (value !== '') flat.push(name, value);
  }
  return flat;
}

/** `le="1"` means `le="1.0"`: Prometheus 3 stores bounds and quantiles as Go writes floats, whole ones with `.0`. */
export function canonicalFloat(text: string): string {
  const value = parseValue(text);
  if (value === undefined) return text;
  const written = goFloat(value);
  return /^-?\d+$/.test(written) ? `${written}.0` : written;
}
