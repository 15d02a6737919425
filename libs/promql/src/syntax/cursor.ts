import { PromqlError } from './error.ts';
import { Lexer } from './lexer.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** Nesting of one expression in another, so that no text can exhaust the stack of parser, checker or engine. */
const deepestNesting = 500;
/** Longest way from the root to a leaf, which a chain such as `a + b + c …` lengthens with each operator. */
export const highestTree = 1000;
export const tooHigh = `expression is higher than ${highestTree} levels`;

/** What is being read when a token does not fit: the tail of the message «unexpected … in …, expected …». */
interface Context {
  readonly within: string;
  readonly expected: string;
}

const nowhere: Context = { within: '', expected: '' };

/** The place in the token stream, with one token of lookahead that is cut only when it is asked for. */
export class Cursor {
  readonly text: string;
  readonly #lexer: Lexer;
  readonly #contexts: Context[] = [nowhere];
  #ahead: Token | undefined;
  #depth = 0;
  /** Where the token that was taken last ends. */
  end = 0;

  constructor(text: string) {
    this.text = text;
    this.#lexer = new Lexer(text);
  }

  get token(): Token {
    this.#ahead ??= this.#lexer.next();
    return this.#ahead;
  }

  peek(): TokenType {
    return this.token.type;
  }

  take(): Token {
    const token = this.token;
    this.#ahead = undefined;
    this.end = token.to;
    return token;
  }

  accept(type: TokenType): Token | undefined {
    return this.peek() === type ? this.take() : undefined;
  }

  expect(type: TokenType): Token {
    return this.accept(type) ?? this.unexpected();
  }

  /** Reads with a context that faults inside name, unless a narrower one stands. */
  within<T>(within: string, expected: string, read: () => T): T {
    this.#contexts.push({ within, expected });
    const result = read();
    this.#contexts.pop();
    return result;
  }

  /** Reads one level deeper. @throws PromqlError past the deepest level. */
  deeper<T>(read: () => T): T {
    if (++this.#depth > deepestNesting)
      throw this.fault(this.token.from, `expression is nested deeper than ${deepestNesting} levels`);
    const result = read();
    this.#depth--;
    return result;
  }

  unexpected(within?: string, expected?: string): never {
    const context = within === undefined ? this.#contexts.at(-1)! : { within, expected };
    const place = context.within ? ` in ${context.within}` : '';
    const hope = context.expected ? `, expected ${context.expected}` : '';
    throw this.fault(this.token.from, `unexpected ${describeToken(this.token)}${place}${hope}`);
  }

  fault(at: number, what: string): PromqlError {
    return new PromqlError(this.text, at, what);
  }
}
