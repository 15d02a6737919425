import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';
import type { Fault } from './config-error.ts';

export type Path = readonly PropertyKey[];

/** A parsed YAML text that remembers where each value was written. */
export class YamlSource {
  readonly faults: readonly Fault[];
  private readonly doc: Document.Parsed | undefined;
  private readonly lines: LineCounter;

  constructor(text: string, documents: 'one' | 'first') {
    this.lines = new LineCounter();
    // YAML 1.1 merge keys (`<<`) are what Go's parser, and so every existing file, understands.
    const parsed = parseAllDocuments(text, { lineCounter: this.lines, merge: true, prettyErrors: false });
    const docs = Array.isArray(parsed) ? parsed : [];
    this.doc = docs[0];
    this.faults = [
      ...(this.doc?.errors ?? []).map((error) => ({ line: this.line(error.pos[0]), message: error.message })),
      ...(documents === 'one' && docs.length > 1
        ? [{ line: this.line(docs[1]!.range[0]), message: 'a second document starts here: write only one' }]
        : []),
    ];
  }

  /** The value as plain data. An empty value (`key:`) is undefined, as a key that is not written. */
  value(): unknown {
    return withoutNull(this.doc?.toJS({ maxAliasCount: 1000 }) ?? {});
  }

  /** The text of a plain scalar as written (`1.0`, `yes`), '' for an empty value, undefined where no scalar stands. */
  scalarText(path: Path): string | undefined {
    const node = this.node(path);
    if (!isScalar(node)) return undefined;
    return node.value === null ? '' : (node.source ?? String(node.value));
  }

  /** The line of the value at a path, or of the nearest enclosing value that is written. */
  lineOf(path: Path): number {
    for (let depth = path.length; depth > 0; depth--) {
      const at = this.keyStart(path.slice(0, depth));
      if (at !== undefined) return this.line(at);
    }
    return this.line(this.doc?.contents?.range?.[0] ?? 0);
  }

  private node(path: Path): unknown {
    let node: unknown = this.doc?.contents;
    for (const step of path) node = child(this.resolve(node), step);
    return this.resolve(node);
  }

  /** Where the key (in a map) or the item (in a list) at a path starts. */
  private keyStart(path: Path): number | undefined {
    const parent = this.node(path.slice(0, -1));
    const last = path.at(-1)!;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => keyText(key) === String(last));
      return (pair?.key as Node | undefined)?.range?.[0];
    }
    return isSeq(parent) ? (parent.items[Number(last)] as Node | undefined)?.range?.[0] : undefined;
  }

  private resolve(node: unknown): unknown {
    return isAlias(node) && this.doc ? node.resolve(this.doc) : node;
  }

  private line(offset: number): number {
    return this.lines.linePos(offset).line || 1;
  }
}

function child(node: unknown, step: PropertyKey): unknown {
  if (isMap(node)) return node.items.find(({ key }) => keyText(key) === String(step))?.value;
  return isSeq(node) ? node.items[Number(step)] : undefined;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function withoutNull(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, withoutNull(inner)]));
}
