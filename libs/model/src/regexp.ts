import { RE2JS } from 're2js';

/** A fully anchored RE2 pattern, as label matchers and relabelling use it. Linear in the text whatever the pattern. */
export interface AnchoredRegexp {
  readonly pattern: string;
  test(text: string): boolean;
  /** Capture groups of a match (0 is the whole text, unmatched groups are ''), or undefined. */
  exec(text: string): readonly string[] | undefined;
  /** The exact strings that can match, where they are finitely many and known without running the pattern. */
  readonly literals: readonly string[] | undefined;
}

const cache = new Map<string, AnchoredRegexp>();
const cacheLimit = 1000;
const meta = /[\\.+*?()|[\]{}^$]/;

/**
 * Compiles a pattern with RE2's syntax and meaning, dot matching newlines (Prometheus' choice).
 * @throws SyntaxError naming the pattern and the fault.
 */
export function compileRegexp(pattern: string): AnchoredRegexp {
  const known = cache.get(pattern);
  if (known) return known;
  const compiled = build(pattern);
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value!);
  cache.set(pattern, compiled);
  return compiled;
}

function build(pattern: string): AnchoredRegexp {
  const literals = literalAlternatives(pattern);
  if (literals) return literalRegexp(pattern, literals);
  if (pattern === '.*') return alwaysRegexp(pattern, 0);
  if (pattern === '.+') return alwaysRegexp(pattern, 1);
  const re = compileRe2(pattern);
  return {
    pattern,
    literals: undefined,
    test: simpleTest(pattern) ?? ((text) => re.matches(text)),
    exec(text) {
      const matcher = re.matcher(text);
      if (!matcher.matches()) return undefined;
      const groups: string[] = [];
      for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? '');
      return groups;
    },
  };
}

function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    throw new SyntaxError(`cannot compile regular expression "${pattern}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** `a|b|c` without any operator: a set look-up instead of a machine. */
function literalAlternatives(pattern: string): string[] | undefined {
  const parts = pattern.split('|');
  return parts.some((part) => meta.test(part)) ? undefined : parts;
}

function literalRegexp(pattern: string, literals: string[]): AnchoredRegexp {
  const set = new Set(literals);
  const test =
    literals.length === 1 ? (text: string) => text === literals[0] : (text: string) => set.has(text);
  return { pattern, literals: [...set], test, exec: (text) => (test(text) ? [text] : undefined) };
}

function alwaysRegexp(pattern: string, minLength: number): AnchoredRegexp {
  const test = (text: string) => text.length >= minLength;
  return { pattern, literals: undefined, test, exec: (text) => (test(text) ? [text] : undefined) };
}

/** `prefix.*`, `.*suffix`, `.*middle.*` and the same with `.+`, where the rest is literal. */
function simpleTest(pattern: string): ((text: string) => boolean) | undefined {
  const match = /^(\.[*+])?([^\\.+*?()|[\]{}^$]+)(\.[*+])?$/.exec(pattern);
  if (!match) return undefined;
  const [, before, literal, after] = match as unknown as [
    string,
    string | undefined,
    string,
    string | undefined,
  ];
  const least = before === '.+' ? 1 : 0;
  const tail = after === '.+' ? 1 : 0;
  if (before === undefined) return (text) => text.startsWith(literal) && text.length >= literal.length + tail;
  if (after === undefined) return (text) => text.endsWith(literal) && text.length >= literal.length + least;
  return (text) => {
    const at = text.indexOf(literal, least);
    return at >= 0 && at + literal.length + tail <= text.length;
  };
}
