/**
 * Fills `$1`, `${1}`, `$name` and `${name}` from the groups of a match, `$$` with a dollar sign, as Go's regexp.Expand
 * does: a group that does not exist is empty, and `$1x` means a group named `1x`.
 */
export function expandTemplate(template: string, pattern: string, groups: readonly string[]): string {
  if (!template.includes('$')) return template;
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar, bare, braced) => {
    if (dollar) return '$';
    const name: string = bare ?? braced;
    const index = /^\d+$/.test(name) ? Number(name) : groupNames(pattern).indexOf(name);
    return groups[index] ?? '';
  });
}

/** Names of the capture groups of a RE2 pattern by number; group 0, and groups without a name, have ''. */
function groupNames(pattern: string): string[] {
  const names = [''];
  const bare = pattern.replace(/\\Q.*?(?:\\E|$)|\\.|\[(?:\\.|\]?[^\]\\])*\]/gs, '');
  for (const [, name, other] of bare.matchAll(/\((?:\?P?<(\w+)>|(\?))?/g)) if (!other) names.push(name ?? '');
  return names;
}
