/** The kinds of token that a template is made of; a keyword is its own kind. */
export type TokenKind =
  | 'eof'
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'space'
  | 'declare'
  | 'assign'
  | 'pipe'
  | 'comma'
  | 'string'
  | 'rawString'
  | 'char'
  | 'number'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'bool'
  | 'leftParen'
  | 'rightParen'
  | Keyword;

export type Keyword =
  | '.'
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export const keywords: ReadonlySet<string> = new Set<Keyword>([
  '.',
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the template's text, in UTF-16 units. */
  readonly at: number;
}

/** A token as Go's parser names it in its errors. */
export function describeToken({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (keywords.has(kind)) return `<${text}>`;
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
}
