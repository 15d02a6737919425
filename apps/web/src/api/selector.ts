/** A PromQL selector with equality matchers; matchers without a value are left out. */
export function selector(name: string, matchers: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(matchers)
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label}=${quote(value!)}`);
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

/** JSON's escapes are a subset of those that PromQL's double-quoted strings know. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A label set as PromQL writes it, the metric's name in front. */
export function seriesText(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels;
  const inner = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${quote(value)}`)
    .join(', ');
  return inner === '' && name !== '' ? name : `${name}{${inner}}`;
}
