/**
 * Go's regexp template: `$1`, `${1}`, `$name`, `${name}`, `$$`. A reference without braces takes the longest run of
 * letters, digits and underscores; what names no group is empty; a dollar that starts no reference is itself. Undefined where template and groups are longer than `longest`.
 */
export function expandTemplate(
  template: string,
  groups: readonly string[],
  names: ReadonlyMap<string, number>,
  longest: number,
): string | undefined {
  let length = template.length;
  const expanded = template.replaceAll(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar, bare, braced) => {
    if (dollar) return '$';
    const name: string = bare ?? braced;
    const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
    const text = index === undefined ? '' : (groups[index] ?? '');
    length += text.length;
    return length > longest ? '' : text;
  });
  return length > longest ? undefined : expanded;
}

/** The numbers of a pattern's named groups. */
export function groupNames(pattern: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  let group = 0;
  // Escapes and classes first, so that the parentheses in them are not taken for groups.
  for (const match of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((\?(?:P?<(\w+)>)?)?/gs)) {
    const [token, special, name] = match;
    if (!token.startsWith('(')) continue;
    if (special !== undefined && name === undefined) continue;
    group++;
    if (name !== undefined) names.set(name, group);
  }
  return names;
}
