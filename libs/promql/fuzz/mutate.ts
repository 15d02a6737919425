import type { Random } from './random.ts';

/** Pieces that a parser may stumble over, put where they do not belong. */
const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '`',
  '\\',
  '\\x',
  '\n',
  '#',
  ',',
  ':',
  '::',
  '@',
  '^',
  '-',
  '+',
  '=~',
  '!~',
  '</',
  '>/',
  '5m',
  '1e309',
  '0x',
  '.',
  '1_',
  'NaN',
  ' by ',
  ' offset ',
  ' bool ',
  'fill(',
  '[9y:1ms]',
  '[9y]',
  ' anchored ',
  'step()',
  ' group_left ',
  'sum',
  'start()',
  '\u0000',
  '\ud800',
  '\ufffd',
  'é',
  '日本',
  '𝄞',
  '(?P<x>(a+)+$',
];

/** A text with a few pieces cut out, doubled, moved, joined with another text or strewn in. */
export function mutate(
  text: string,
  others: readonly string[],
  random: Random,
  edits = 1 + random.below(4),
): string {
  let mutated = text;
  for (let i = 0; i < edits; i++) mutated = edit(mutated, others, random);
  return mutated.slice(0, 4096);
}

function edit(text: string, others: readonly string[], random: Random): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.below(8));
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(pieces) + text.slice(at);
    case 3: {
      const other = random.pick(others);
      return text.slice(0, at) + other.slice(random.below(other.length + 1));
    }
    case 4:
      return text.slice(0, at) + String.fromCharCode(random.below(0x250)) + text.slice(end);
    default:
      return text.slice(0, at) + random.pick(pieces).repeat(1 + random.below(300)) + text.slice(at);
  }
}
