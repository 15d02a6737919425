import { builtins } from './builtins.ts';
import { type Answer, execute, type Program, Waiting } from './execute.ts';
import type { FunctionTable } from './functions.ts';
import type { Definition } from './node.ts';
import { parse } from './parser.ts';

export interface Template {
  /** The text filled in. @throws TemplateError where a value does not fit, Waiting where a function needs `executeAsync`. */
  execute(data: unknown): string;
  /** As `execute`, waiting for functions that answer with a promise. */
  executeAsync(data: unknown): Promise<string>;
}

export interface ParseOptions {
  /** How errors name the template. */
  readonly name?: string;
  /** Templates that `{{template}}` may call beside those that the text defines. */
  readonly library?: Library;
  /** `html` escapes what actions print, but for values marked by `safeHtml`. */
  readonly escape?: 'none' | 'html';
}

/** Named templates, a later definition of a name replacing an earlier one. */
export interface Library {
  readonly definitions: ReadonlyMap<string, Definition>;
}

/** @throws TemplateError worded as Go's parser words it: `template: name:line: what is so`. */
export function parseTemplate(text: string, functions: FunctionTable, options: ParseOptions = {}): Template {
  if (!text.includes('{{')) return plain(text);
  const { name = 'template', library } = options;
  const table = { ...builtins, ...functions };
  const [main, ...defined] = parse(text, name, (word) => Object.hasOwn(table, word)) as [
    Definition,
    ...Definition[],
  ];
  const definitions = new Map([...(library?.definitions ?? []), ...defined.map(named)]);
  return compiled({ functions: table, definitions, escape: options.escape ?? 'none' }, main);
}

/** Gathers what template files define. @throws TemplateError as parseTemplate does. */
export function parseLibrary(
  files: readonly { readonly name: string; readonly text: string }[],
  functions: FunctionTable,
): Library {
  const table = { ...builtins, ...functions };
  const definitions = files.flatMap(({ name, text }) =>
    parse(text, name, (word) => Object.hasOwn(table, word)),
  );
  return { definitions: new Map(definitions.map(named)) };
}

function named(definition: Definition): [string, Definition] {
  return [definition.name, definition];
}

function plain(text: string): Template {
  return { execute: () => text, executeAsync: async () => text };
}

function compiled(program: Program, main: Definition): Template {
  return {
    execute: (data) => execute(program, main, data, new Map()),
    /**
     * Repeats the run from the start with one more answer each time: a template is short and calls `query` once or
     * twice, and in exchange the evaluator needs no promise for the rest of it.
     */
    async executeAsync(data) {
      const journal = new Map<number, Answer>();
      for (;;) {
        try {
          return execute(program, main, data, journal);
        } catch (error) {
          if (!(error instanceof Waiting)) throw error;
          journal.set(error.call, await settled(error.answer));
        }
      }
    },
  };
}

async function settled(promise: Promise<unknown>): Promise<Answer> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}
