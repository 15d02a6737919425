/** The syntax tree of a template. `at` is the offset of a node in the template's text, in UTF-16 units. */
export type Node =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: 'template'; readonly at: number; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: 'break'; readonly at: number }
  | { readonly kind: 'continue'; readonly at: number };

export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly at: number;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Pipe {
  readonly kind: 'pipe';
  readonly at: number;
  /** Names of variables, `$x`, that the pipeline declares (`:=`) or assigns (`=`). */
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly kind: 'command';
  readonly at: number;
  readonly words: readonly Operand[];
}

export type Operand =
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'number'; readonly at: number; readonly text: string; readonly value: number | bigint }
  | { readonly kind: 'string'; readonly at: number; readonly text: string; readonly value: string }
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  | {
      readonly kind: 'variable';
      readonly at: number;
      readonly name: string;
      readonly names: readonly string[];
    }
  | { readonly kind: 'function'; readonly at: number; readonly name: string }
  | { readonly kind: 'chain'; readonly at: number; readonly of: Operand; readonly names: readonly string[] }
  | Pipe;

/** A definition: the tree and the text that its offsets point into. */
export interface Definition {
  readonly name: string;
  readonly source: { readonly name: string; readonly text: string };
  readonly nodes: readonly Node[];
}

/** The source text of an expression as Go prints it in errors. */
export function printNode(node: Node | Operand | Command): string {
  switch (node.kind) {
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
    case 'string':
    case 'text':
      return node.text;
    case 'field':
      return `.${node.names.join('.')}`;
    case 'variable':
      return [node.name, ...node.names].join('.');
    case 'function':
      return node.name;
    case 'chain':
      return `${node.of.kind === 'pipe' ? `(${printNode(node.of)})` : printNode(node.of)}.${node.names.join('.')}`;
    case 'pipe':
      return printPipe(node);
    case 'command':
      return node.words
        .map((word) => (word.kind === 'pipe' ? `(${printNode(word)})` : printNode(word)))
        .join(' ');
    case 'action':
      return `{{${printPipe(node.pipe)}}}`;
    case 'template':
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${printPipe(node.pipe)}` : ''}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'if':
    case 'range':
    case 'with':
      return `{{${node.kind} ${printPipe(node.pipe)}}}`;
  }
}

function printPipe(pipe: Pipe): string {
  const target = pipe.variables.length ? `${pipe.variables.join(', ')} ${pipe.assigns ? '=' : ':='} ` : '';
  return target + pipe.commands.map(printNode).join(' | ');
}
