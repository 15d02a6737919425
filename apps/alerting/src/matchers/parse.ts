import type { Matcher } from '@paddlewatch/model';
import { parseClassic } from './classic.ts';
import { parseUtf8 } from './utf8.ts';

/**
 * Reads `a="b", c=~d`, with or without braces. UTF-8 names come first; a text that only the classic syntax reads, or
 * that both read differently, is taken as the classic syntax takes it, so that old configurations keep their meaning.
 * @throws SyntaxError «bad matcher …» naming the place.
 */
export function parseMatchers(text: string): Matcher[] {
  const modern = attempt(() => parseUtf8(text));
  const classic = attempt(() => parseClassic(text));
  if ('matchers' in classic) {
    const agree =
      'matchers' in modern && JSON.stringify(modern.matchers) === JSON.stringify(classic.matchers);
    return agree ? modern.matchers : classic.matchers;
  }
  if ('matchers' in modern) return modern.matchers;
  throw new SyntaxError(`bad matcher format: ${text}: ${modern.fault.message}`);
}

type Attempt = { readonly matchers: Matcher[] } | { readonly fault: Error };

function attempt(parse: () => Matcher[]): Attempt {
  try {
    return { matchers: parse() };
  } catch (error) {
    return { fault: error as Error };
  }
}
