import { compileMatcher, type Matcher, type MatchType } from '@paddlewatch/model';

const shape = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s;

/** Reads matchers in the syntax before UTF-8 names: `{a="b",c=~d}`, empty values allowed. @throws SyntaxError */
export function parseClassic(text: string): Matcher[] {
  const trimmed = text.trim();
  const inner = trimmed.replace(/^\{/, '').replace(/\}$/, '');
  return splitAtCommas(inner)
    .filter((part, i, all) => part.trim() !== '' || i < all.length - 1)
    .map(parseOne);
}

function splitAtCommas(text: string): string[] {
  const parts = [''];
  let inQuotes = false;
  let escaped = false;
  for (const char of text) {
    if (char === ',' && !inQuotes) parts.push('');
    else parts[parts.length - 1] += char;
    if (char === '"' && !escaped) inQuotes = !inQuotes;
    escaped = char === '\\' && !escaped;
  }
  return parts;
}

function parseOne(text: string): Matcher {
  const match = shape.exec(text);
  if (!match) throw new SyntaxError(`bad matcher format: ${text}`);
  const matcher = { name: match[1]!, type: match[2] as MatchType, value: unquote(match[3]!) };
  compileMatcher(matcher);
  return matcher;
}

function unquote(raw: string): string {
  const quoted = raw.startsWith('"');
  if (quoted && !/^"(?:[^\\"]|\\.)*"$/s.test(raw))
    throw new SyntaxError(`matcher value contains unescaped double quote: ${raw}`);
  const inner = quoted ? raw.slice(1, -1) : raw;
  if (/(?<!\\)(?:\\\\)*"/.test(inner))
    throw new SyntaxError(`matcher value contains unescaped double quote: ${raw}`);
  return inner.replace(/\\([n"\\])/g, (_, char) => (char === 'n' ? '\n' : char));
}
