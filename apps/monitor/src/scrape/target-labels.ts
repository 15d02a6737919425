/**
 * Lays the labels of a target over those that its page wrote. Where both have a name: the page's label moves to
 * `exported_<name>`, or, where the job honours its labels, it wins, and an empty one removes the target's.
 * Labels without a value drop out later.
 */
export function withTargetLabels(
  scraped: ReadonlyMap<string, string>,
  target: readonly string[],
  honorLabels: boolean,
): Record<string, string> {
  const labels: Record<string, string> = Object.fromEntries(scraped);
  for (let i = 0; i < target.length; i += 2) {
    const name = target[i]!;
    if (honorLabels && scraped.has(name)) continue;
    if (labels[name]) labels[exportedName(name, labels, target)] = labels[name];
    labels[name] = target[i + 1]!;
  }
  return labels;
}

function exportedName(
  name: string,
  labels: Readonly<Record<string, string>>,
  target: readonly string[],
): string {
  let exported = name;
  do exported = `exported_${exported}`;
  while (labels[exported] || target.includes(exported));
  return exported;
}

/** `le="1"` means `le="1.0"`: Prometheus 3 stores bounds and quantiles in OpenMetrics' canonical form. */
export function canonicalFloat(text: string): string {
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : text;
}
