import { escapeHtml } from './builtins.ts';
import { TemplateError } from './error.ts';
import { printValue, SafeHtml } from './format.ts';
import { type FunctionTable, fits, goType, type Parameter, type TemplateFunction } from './functions.ts';
import { lineOf } from './lexer.ts';
import {
  type Branch,
  type Command,
  type Definition,
  type Node,
  type Operand,
  type Pipe,
  printNode,
} from './node.ts';
import { isTrue, kindOf, mapEntries, mapValue, typeName } from './value.ts';

export interface Program {
  readonly functions: FunctionTable;
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly escape: 'none' | 'html';
}

/** Answers of functions that had to be waited for, by the number of the call in a run. */
export type Journal = ReadonlyMap<number, Answer>;
export type Answer = { readonly value: unknown } | { readonly error: unknown };

/** Thrown where a function's answer is still to come; the run is repeated with the answer in the journal. */
export class Waiting extends Error {
  readonly call: number;
  readonly answer: Promise<unknown>;

  constructor(call: number, answer: Promise<unknown>) {
    super(
      'cannot run this template synchronously: a function of it answers with a promise; use executeAsync',
    );
    this.call = call;
    this.answer = answer;
  }
}

type Jump = 'break' | 'continue' | undefined;

/** Templates that call themselves end here, as in Go; each level costs about ten frames of JavaScript's stack. */
const maxDepth = 500;
/** A pipeline's first command has no value handed to it. */
const none = Symbol('no value');

/** Runs one definition. @throws TemplateError, worded and placed as Go does. */
export function execute(program: Program, definition: Definition, data: unknown, journal: Journal): string {
  const shared: Shared = { program, journal, calls: 0, out: [] };
  new Execution(shared, definition, data, 0).run();
  return shared.out.join('');
}

interface Shared {
  readonly program: Program;
  readonly journal: Journal;
  /** Calls of functions and methods so far. */
  calls: number;
  readonly out: string[];
}

class Execution {
  readonly #shared: Shared;
  readonly #definition: Definition;
  readonly #depth: number;
  readonly #variables: { readonly name: string; value: unknown }[];

  constructor(shared: Shared, definition: Definition, data: unknown, depth: number) {
    this.#shared = shared;
    this.#definition = definition;
    this.#depth = depth;
    this.#variables = [{ name: '$', value: data }];
  }

  run(): void {
    this.#walk(this.#definition.nodes, this.#variables[0]!.value);
  }

  #walk(nodes: readonly Node[], dot: unknown): Jump {
    for (const node of nodes) {
      const jump = this.#step(node, dot);
      if (jump) return jump;
    }
    return undefined;
  }

  #step(node: Node, dot: unknown): Jump {
    switch (node.kind) {
      case 'text':
        this.#shared.out.push(node.text);
        return undefined;
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.#shared.out.push(this.#print(value));
        return undefined;
      }
      case 'if':
      case 'with':
        return this.#choose(node, dot);
      case 'range':
        return this.#range(node, dot);
      case 'template':
        this.#invoke(node, dot);
        return undefined;
      default:
        return node.kind;
    }
  }

  #print(value: unknown): string {
    if (this.#shared.program.escape === 'none') return printValue(value);
    return escapeHtml(value instanceof SafeHtml ? value : printValue(value));
  }

  #choose(node: Branch, dot: unknown): Jump {
    return this.#scoped(() => {
      const value = this.#pipe(node.pipe, dot);
      if (!isTrue(value)) return this.#walk(node.otherwise, dot);
      return this.#walk(node.body, node.kind === 'with' ? value : dot);
    });
  }

  #range(node: Branch, dot: unknown): Jump {
    return this.#scoped(() => {
      const entries = this.#entries(this.#pipe({ ...node.pipe, variables: [] }, dot), node.pipe);
      if (entries.length === 0) return this.#walk(node.otherwise, dot);
      for (const [key, value] of entries) {
        const jump = this.#scoped(() => {
          this.#assignRange(node.pipe, key, value);
          return this.#walk(node.body, value);
        });
        if (jump === 'break') break;
      }
      return undefined;
    });
  }

  #entries(value: unknown, at: Pipe): [unknown, unknown][] {
    switch (kindOf(value)) {
      case 'nil':
        return [];
      case 'list':
        return (value as unknown[]).map((item, i) => [BigInt(i), item]);
      case 'map':
        return mapEntries(value as object);
      case 'int':
        return Array.from({ length: Math.max(0, Number(value)) }, (_, i) => [BigInt(i), BigInt(i)]);
      default:
        throw this.#fault(at, `range can't iterate over ${printValue(value)}`);
    }
  }

  #assignRange({ variables, assigns }: Pipe, key: unknown, value: unknown): void {
    const values = variables.length === 1 ? [value] : [key, value];
    for (const [i, name] of variables.entries()) this.#set(name, values[i], assigns);
  }

  #scoped(body: () => Jump): Jump {
    const mark = this.#variables.length;
    const jump = body();
    this.#variables.length = mark;
    return jump;
  }

  #invoke(node: Extract<Node, { kind: 'template' }>, dot: unknown): void {
    const target = this.#shared.program.definitions.get(node.name);
    if (!target) throw this.#fault(node, `template ${JSON.stringify(node.name)} not defined`);
    if (this.#depth >= maxDepth) throw this.#fault(node, `exceeded maximum template depth (${maxDepth})`);
    const data = node.pipe ? this.#pipe(node.pipe, dot) : undefined;
    new Execution(this.#shared, target, data, this.#depth + 1).run();
  }

  #pipe(pipe: Pipe, dot: unknown): unknown {
    let value: unknown = none;
    for (const command of pipe.commands) value = this.#command(command, dot, value);
    for (const name of pipe.variables) this.#set(name, value, pipe.assigns);
    return value;
  }

  #set(name: string, value: unknown, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast((variable) => variable.name === name) : undefined;
    if (known) known.value = value;
    else this.#variables.push({ name, value });
  }

  #command(command: Command, dot: unknown, final: unknown): unknown {
    const first = command.words[0]!;
    const args = command.words.slice(1);
    switch (first.kind) {
      case 'function':
        return this.#callFunction(first.name, command, args, dot, final);
      case 'field':
        return this.#fields(dot, first.names, first, args, dot, final);
      case 'chain':
        return this.#fields(this.#operand(first.of, dot), first.names, first, args, dot, final);
      case 'variable':
        return this.#fields(this.#variable(first.name), first.names, first, args, dot, final);
      default:
        if (args.length > 0 || final !== none)
          throw this.#fault(first, `can't give argument to non-function ${printNode(first)}`);
        if (first.kind === 'nil') throw this.#fault(first, 'nil is not a command');
        return this.#operand(first, dot);
    }
  }

  #operand(node: Operand, dot: unknown): unknown {
    switch (node.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'bool':
      case 'number':
      case 'string':
        return node.value;
      case 'pipe':
        return this.#pipe(node, dot);
      case 'field':
        return this.#fields(dot, node.names, node, [], dot, none);
      case 'chain':
        return this.#fields(this.#operand(node.of, dot), node.names, node, [], dot, none);
      case 'variable':
        return this.#fields(this.#variable(node.name), node.names, node, [], dot, none);
      case 'function':
        return this.#callFunction(node.name, node, [], dot, none);
    }
  }

  #variable(name: string): unknown {
    return this.#variables.findLast((variable) => variable.name === name)?.value;
  }

  /** `.a.b.c args`: only the last of the names may take arguments. */
  #fields(
    receiver: unknown,
    names: readonly string[],
    node: Operand,
    args: readonly Operand[],
    dot: unknown,
    final: unknown,
  ): unknown {
    if (names.length === 0) {
      if (args.length > 0 || final !== none)
        throw this.#fault(node, `can't give argument to non-function ${printNode(node)}`);
      return receiver;
    }
    let value = receiver;
    for (const name of names.slice(0, -1)) value = this.#field(value, name, node, [], dot, none);
    return this.#field(value, names.at(-1)!, node, args, dot, final);
  }

  #field(
    receiver: unknown,
    name: string,
    node: Operand,
    args: readonly Operand[],
    dot: unknown,
    final: unknown,
  ): unknown {
    const kind = kindOf(receiver);
    if (kind === 'nil') throw this.#fault(node, `nil data; no entry for key ${JSON.stringify(name)}`);
    const member = typeof receiver === 'object' ? (receiver as Record<string, unknown>)[name] : undefined;
    if (typeof member === 'function' && isExported(name) && !Object.hasOwn(receiver as object, name)) {
      const values = args.map((arg) => this.#operand(arg, dot));
      if (final !== none) values.push(final);
      return this.#guard(node, name, () => member.apply(receiver, values));
    }
    if (args.length > 0 || final !== none)
      throw this.#fault(node, `${name} is not a method but has arguments`);
    if (kind === 'map') return mapValue(receiver as object, name);
    if (kind === 'struct' && name in (receiver as object)) return member;
    throw this.#fault(node, `can't evaluate field ${name} in type ${typeName(receiver)}`);
  }

  #callFunction(
    name: string,
    node: Operand | Command,
    args: readonly Operand[],
    dot: unknown,
    final: unknown,
  ): unknown {
    if (name === 'and' || name === 'or') return this.#decide(name, node, args, dot, final);
    const fn = this.#shared.program.functions[name]!;
    this.#checkCount(name, fn, node, args.length + (final === none ? 0 : 1));
    const values = args.map((arg, i) => this.#argument(arg, dot, fn.takes[i] ?? fn.rest!));
    if (final !== none) values.push(this.#checked(final, node, fn.takes[args.length] ?? fn.rest!));
    return this.#guard(node, name, () => fn.call(...(values as never[])));
  }

  #decide(
    name: 'and' | 'or',
    node: Operand | Command,
    args: readonly Operand[],
    dot: unknown,
    final: unknown,
  ): unknown {
    if (args.length === 0 && final === none)
      throw this.#fault(node, `wrong number of args for ${name}: want at least 1 got 0`);
    let value = final;
    for (const arg of args) {
      value = this.#operand(arg, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final === none ? value : final;
  }

  #checkCount(name: string, fn: TemplateFunction, node: Operand | Command, count: number): void {
    const least = fn.takes.length;
    if (count >= least && (fn.rest !== undefined || count === least)) return;
    const wanted = fn.rest === undefined ? String(least) : `at least ${least}`;
    throw this.#fault(node, `wrong number of args for ${name}: want ${wanted} got ${count}`);
  }

  #argument(node: Operand, dot: unknown, parameter: Parameter): unknown {
    const value = this.#operand(node, dot);
    const literal = node.kind === 'number' || node.kind === 'string' || node.kind === 'bool';
    if (literal && !fits(value, parameter))
      throw this.#fault(node, `expected ${goType(parameter)}; found ${printNode(node)}`);
    return this.#checked(value, node, parameter);
  }

  #checked(value: unknown, node: Operand | Command, parameter: Parameter): unknown {
    if (fits(value, parameter)) return parameter === 'number' ? Number(value) : value;
    if (value === undefined || value === null)
      throw this.#fault(node, `invalid value; expected ${goType(parameter)}`);
    throw this.#fault(node, `wrong type for value; expected ${goType(parameter)}; got ${typeName(value)}`);
  }

  /** Calls into code outside: its faults get the template's place, its promises the journal's answer. */
  #guard(node: Operand | Command, name: string, call: () => unknown): unknown {
    const index = this.#shared.calls++;
    const answer = this.#shared.journal.get(index);
    try {
      if (answer && 'error' in answer) throw answer.error;
      const value = answer ? answer.value : call();
      if (value instanceof Promise) throw new Waiting(index, value);
      return value;
    } catch (error) {
      if (error instanceof Waiting || error instanceof TemplateError) throw error;
      throw this.#fault(
        node,
        `error calling ${name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #fault(node: Node | Operand | Command, message: string): TemplateError {
    const { name, source } = this.#definition;
    const before = source.text.slice(0, node.at);
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));
    const context = printNode(node);
    const shown = context.length > 20 ? `${context.slice(0, 20)}...` : context;
    return new TemplateError(
      `template: ${source.name}:${lineOf(source.text, node.at)}:${column}: executing ${JSON.stringify(name)} at <${shown}>: ${message}`,
    );
  }
}

function isExported(name: string): boolean {
  return name[0]! >= 'A' && name[0]! <= 'Z';
}
