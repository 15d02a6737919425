import { TemplateError } from './error.ts';
import { lineOf, tokenize } from './lexer.ts';
import { parseCharacter, parseNumber, unquote } from './literal.ts';
import {
  type Branch,
  type Command,
  type Definition,
  type Node,
  type Operand,
  type Pipe,
  printNode,
} from './node.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';

/**
 * Parses a text and every template that it defines; the text itself comes first.
 * @throws TemplateError where the text is not a template, or names a function that `isFunction` does not know.
 */
export function parse(text: string, name: string, isFunction: (name: string) => boolean): Definition[] {
  return new Parser(text, name, isFunction).run();
}

interface List {
  readonly nodes: Node[];
  /** What ended the list: `end`, `else`, or the end of the text. */
  readonly end: Token;
}

class Parser {
  readonly #source: { readonly name: string; readonly text: string };
  readonly #isFunction: (name: string) => boolean;
  readonly #tokens: readonly Token[];
  readonly #definitions: Definition[] = [];
  #variables = ['$'];
  #rangeDepth = 0;
  #next = 0;

  constructor(text: string, name: string, isFunction: (name: string) => boolean) {
    this.#source = { name, text };
    this.#isFunction = isFunction;
    this.#tokens = tokenize(text, name);
  }

  run(): Definition[] {
    const { nodes, end } = this.#list(true);
    if (end.kind !== 'eof') throw this.#fault(`unexpected {{${end.kind}}}`, end);
    return [{ name: this.#source.name, source: this.#source, nodes }, ...this.#definitions];
  }

  /** Nodes up to `{{end}}`, `{{else}}` (whose keyword is consumed) or the end of the text. */
  #list(top = false): List {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#take();
      if (token.kind === 'eof') return { nodes, end: token };
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', at: token.at, text: token.text });
        continue;
      }
      const keyword = this.#peekWord();
      if (keyword.kind === 'end' || keyword.kind === 'else') {
        this.#takeWord();
        return { nodes, end: keyword };
      }
      if (keyword.kind === 'define' && top) this.#define();
      else nodes.push(this.#action());
    }
  }

  #action(): Node {
    const token = this.#peekWord();
    switch (token.kind) {
      case 'if':
      case 'with':
      case 'range':
        this.#takeWord();
        return this.#branch(token.kind, token.at);
      case 'template':
        this.#takeWord();
        return this.#templateCall();
      case 'block':
        this.#takeWord();
        return this.#block();
      case 'break':
      case 'continue':
        this.#takeWord();
        return this.#jump(token.kind, token.at);
      default:
        return { kind: 'action', at: token.at, pipe: this.#pipeline('command', 'rightDelim') };
    }
  }

  #branch(kind: Branch['kind'], at: number): Branch {
    const scope = this.#variables.length;
    const pipe = this.#pipeline(kind, 'rightDelim');
    if (kind === 'range') this.#rangeDepth++;
    const then = this.#list();
    if (kind === 'range') this.#rangeDepth--;
    const otherwise = then.end.kind === 'else' ? this.#otherwise(kind) : [];
    if (then.end.kind === 'eof') throw this.#fault('unexpected EOF', then.end);
    if (then.end.kind === 'end') this.#expect('rightDelim', 'end');
    this.#variables.length = scope;
    return { kind, at, pipe, body: then.nodes, otherwise };
  }

  /** After `else`: `else if` and `else with` are a branch of their own that shares the one `{{end}}`. */
  #otherwise(kind: Branch['kind']): Node[] {
    const next = this.#peekWord();
    if (next.kind === kind && kind !== 'range') {
      this.#takeWord();
      return [this.#branch(kind, next.at)];
    }
    this.#expect('rightDelim', 'else');
    const list = this.#list();
    if (list.end.kind === 'eof') throw this.#fault('unexpected EOF', list.end);
    if (list.end.kind === 'else') throw this.#fault('expected end; found {{else}}', list.end);
    this.#expect('rightDelim', 'end');
    return list.nodes;
  }

  #jump(kind: 'break' | 'continue', at: number): Node {
    const token = this.#takeWord();
    if (token.kind !== 'rightDelim') throw this.#unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) throw this.#fault(`{{${kind}}} outside {{range}}`, token);
    return { kind, at };
  }

  #define(): void {
    this.#takeWord();
    const name = this.#templateName('define clause');
    this.#expect('rightDelim', 'define clause');
    this.#body(name, 'define clause');
  }

  #block(): Node {
    const at = this.#peekWord().at;
    const name = this.#templateName('block clause');
    const pipe = this.#pipeline('block clause', 'rightDelim');
    this.#body(name, 'block clause');
    return { kind: 'template', at, name, pipe };
  }

  /** The nodes of a definition, with variables of its own. */
  #body(name: string, context: string): void {
    const outer = { variables: this.#variables, rangeDepth: this.#rangeDepth };
    this.#variables = ['$'];
    this.#rangeDepth = 0;
    const { nodes, end } = this.#list();
    if (end.kind !== 'end') throw this.#unexpected(end, context);
    this.#expect('rightDelim', context);
    this.#variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
    this.#definitions.push({ name, source: this.#source, nodes });
  }

  #templateCall(): Node {
    const at = this.#peekWord().at;
    const name = this.#templateName('template clause');
    if (this.#peekWord().kind === 'rightDelim') {
      this.#takeWord();
      return { kind: 'template', at, name, pipe: undefined };
    }
    return { kind: 'template', at, name, pipe: this.#pipeline('template clause', 'rightDelim') };
  }

  #templateName(context: string): string {
    const token = this.#takeWord();
    if (token.kind !== 'string' && token.kind !== 'rawString') throw this.#unexpected(token, context);
    return this.#unquote(token);
  }

  #pipeline(context: string, end: TokenKind): Pipe {
    const at = this.#peekWord().at;
    const { variables, assigns } = this.#targets(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peekWord();
      if (token.kind === end) {
        this.#takeWord();
        this.#checkPipeline(commands, context, token);
        return { kind: 'pipe', at, variables, assigns, commands };
      }
      if (!startsOperand(token.kind)) throw this.#unexpected(token, context);
      commands.push(this.#command());
    }
  }

  /** `$x :=`, `$x =`, and in a range `$key, $value :=`. */
  #targets(context: string): { variables: string[]; assigns: boolean } {
    const start = this.#next;
    const variables: string[] = [];
    for (;;) {
      const variable = this.#takeWord();
      const after = variable.kind === 'variable' ? this.#takeWord() : variable;
      if (after.kind === 'declare' || after.kind === 'assign') {
        if (after.kind === 'assign') this.#known(variable);
        variables.push(variable.text);
        if (after.kind === 'declare') this.#variables.push(...variables);
        return { variables, assigns: after.kind === 'assign' };
      }
      if (after.kind !== 'comma') {
        this.#next = start;
        return { variables: [], assigns: false };
      }
      if (context !== 'range' || variables.length > 0)
        throw this.#fault(`too many declarations in ${context}`, variable);
      variables.push(variable.text);
    }
  }

  #checkPipeline(commands: readonly Command[], context: string, end: Token): void {
    if (commands.length === 0) throw this.#fault(`missing value for ${context}`, end);
    for (const [i, { words }] of commands.slice(1).entries()) {
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(words[0]!.kind))
        throw this.#fault(`non executable command in pipeline stage ${i + 2}`, end);
    }
  }

  /** Operands parted by spaces, up to a `|` (consumed) or what ends the pipeline (left in place). */
  #command(): Command {
    const at = this.#peekWord().at;
    const words: Operand[] = [];
    for (;;) {
      const operand = this.#operand(this.#peekWord());
      if (operand) words.push(operand);
      const token = this.#take();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.#next--;
      else if (token.kind !== 'pipe') throw this.#unexpected(token, 'operand');
      break;
    }
    if (words.length === 0) throw this.#fault('empty command', this.#peekWord());
    return { kind: 'command', at, words };
  }

  #operand(first: Token): Operand | undefined {
    const of = this.#term(first);
    const at = this.#tokens[this.#next]!.at;
    const names: string[] = [];
    while (this.#tokens[this.#next]!.kind === 'field') names.push(this.#take().text.slice(1));
    if (!of || names.length === 0) return of;
    switch (of.kind) {
      case 'field':
        return { kind: 'field', at, names: [...of.names, ...names] };
      case 'variable':
        return { kind: 'variable', at, name: of.name, names };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.#fault(`unexpected . after term ${JSON.stringify(printNode(of))}`, first);
      default:
        return { kind: 'chain', at, of, names };
    }
  }

  #term(token: Token): Operand | undefined {
    const { at, text } = token;
    if (!startsOperand(token.kind)) return undefined;
    this.#takeWord();
    switch (token.kind) {
      case 'identifier':
        if (!this.#isFunction(text)) throw this.#fault(`function ${JSON.stringify(text)} not defined`, token);
        return { kind: 'function', at, name: text };
      case '.':
        return { kind: 'dot', at };
      case 'nil':
        return { kind: 'nil', at };
      case 'variable':
        this.#known(token);
        return { kind: 'variable', at, name: text, names: [] };
      case 'field':
        return { kind: 'field', at, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', at, value: text === 'true' };
      case 'leftParen':
        return this.#pipeline('parenthesized pipeline', 'rightParen');
      case 'string':
      case 'rawString':
        return { kind: 'string', at, text, value: this.#unquote(token) };
      default:
        return this.#number(token);
    }
  }

  #number(token: Token): Operand {
    const value = token.kind === 'char' ? parseCharacter(token.text) : parseNumber(token.text);
    if (value === undefined) throw this.#fault(`bad number syntax: ${JSON.stringify(token.text)}`, token);
    return { kind: 'number', at: token.at, text: token.text, value };
  }

  #unquote(token: Token): string {
    const text = unquote(token.text);
    if (text === undefined) throw this.#fault('invalid syntax', token);
    return text;
  }

  #known(variable: Token): void {
    if (!this.#variables.includes(variable.text))
      throw this.#fault(`undefined variable ${JSON.stringify(variable.text)}`, variable);
  }

  #take(): Token {
    const token = this.#tokens[this.#next]!;
    if (token.kind !== 'eof') this.#next++;
    return token;
  }

  #peekWord(): Token {
    while (this.#tokens[this.#next]!.kind === 'space') this.#next++;
    return this.#tokens[this.#next]!;
  }

  #takeWord(): Token {
    this.#peekWord();
    return this.#take();
  }

  #expect(kind: TokenKind, context: string): void {
    const token = this.#takeWord();
    if (token.kind !== kind) throw this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): TemplateError {
    return this.#fault(`unexpected ${describeToken(token)} in ${context}`, token);
  }

  #fault(message: string, { at }: Token): TemplateError {
    const { name, text } = this.#source;
    return new TemplateError(`template: ${name}:${lineOf(text, at)}: ${message}`);
  }
}

const operandStarts: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'char',
  '.',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

function startsOperand(kind: TokenKind): boolean {
  return operandStarts.has(kind);
}
