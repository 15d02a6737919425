import { RE2JS } from 're2js';

/** Whether an RE2 pattern occurs anywhere in the text. @throws Error naming the pattern and the fault. */
export function matches(pattern: string, text: string): boolean {
  return compile(pattern).matcher(text).find();
}

/** Go's ReplaceAllString: `$1`, `$name` and `${name}` in the replacement stand for groups, `$$` for a dollar. */
export function replaceAll(pattern: string, replacement: string, text: string): string {
  const matcher = compile(pattern).matcher(text);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    const group = (name: string) => groupText(matcher, name);
    out += text.slice(from, matcher.start()) + expand(replacement, group);
    from = matcher.end();
  }
  return out + text.slice(from);
}

const cache = new Map<string, RE2JS>();
const cacheLimit = 500;

function compile(pattern: string): RE2JS {
  const known = cache.get(pattern);
  if (known) return known;
  const compiled = RE2JS.compile(pattern);
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value!);
  cache.set(pattern, compiled);
  return compiled;
}

function expand(replacement: string, group: (name: string) => string): string {
  return replacement.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, bare) =>
    dollar ? '$' : group(braced ?? bare),
  );
}

function groupText(matcher: ReturnType<RE2JS['matcher']>, name: string): string {
  try {
    return matcher.group(/^\d+$/.test(name) ? Number(name) : name) ?? '';
  } catch {
    return ''; // Go gives nothing for a group that the pattern does not have.
  }
}
