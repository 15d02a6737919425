import { dataTypeOfPir } from './data-type.ts';
import type { Attribute, NamedValue, Operation, Value } from './graph.ts';
import { CorruptModelError } from './model-error.ts';
import type { Program } from './program.ts';

/** Reads Paddle 3's `inference.json` (program versions 1 to 4). */
export function parsePir(text: string, file: string): Program {
  return new PirReader(file).read(parseJson(text, file));
}

interface PirType {
  readonly '#': string;
  readonly D?: readonly unknown[];
}

interface PirResult {
  readonly '%': number;
  readonly TT: PirType;
}

interface PirAttribute {
  readonly '#': string;
  readonly D?: unknown;
  readonly VD?: unknown;
}

interface PirOperation {
  readonly '#': string;
  readonly I?: readonly { readonly '%': number }[];
  readonly O?: readonly PirResult[] | PirResult;
  readonly A?: readonly unknown[];
  readonly regions?: readonly unknown[];
}

class PirReader {
  /** What is under each id: one tensor, or the elements of a vector. */
  private readonly values = new Map<number, readonly Value[]>();
  private readonly inputs: NamedValue[] = [];
  private readonly outputs: (NamedValue & { column: number })[] = [];
  private readonly parameters: NamedValue[] = [];
  private readonly operations: Operation[] = [];
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  read(document: PirDocument): Program {
    const { magic, version } = document.base_code ?? {};
    if (magic !== 'pir') this.fail(`base_code.magic is ${JSON.stringify(magic)}, not "pir"`);
    if (typeof version !== 'number') this.fail('base_code.version is missing');
    const operations = document.program?.regions?.[0]?.blocks?.[0]?.ops;
    if (!Array.isArray(operations)) this.fail('program.regions[0].blocks[0].ops is missing');
    for (const [index, operation] of operations.entries()) this.operation(operation, index);
    return {
      inputs: this.inputs,
      outputs: this.outputs.sort((a, b) => a.column - b.column),
      operations: this.operations,
      constants: new Map(),
      parameters: this.parameters,
    };
  }

  private operation(operation: PirOperation, index: number): void {
    const name = operation['#'];
    if (typeof name !== 'string') this.fail(`operation ${index} has no name`);
    switch (name) {
      case 'p':
        this.parameter(operation, index);
        return;
      case '0.combine':
        this.define(operation, 0, this.operands(operation, index).flat());
        return;
      case '0.split': {
        const [elements = []] = this.operands(operation, index);
        for (const [i, element] of elements.entries()) this.define(operation, i, [element]);
        return;
      }
      default:
        this.computation(operation, index);
    }
  }

  private parameter(operation: PirOperation, index: number): void {
    const name = operation.A?.[3];
    if (typeof name !== 'string') this.fail(`parameter ${index} has no name`);
    const values = this.valuesOf(results(operation)[0], index);
    if (values.length !== 1) this.fail(`parameter ${name} has no tensor type`);
    this.define(operation, 0, values);
    this.parameters.push({ name, value: values[0]! });
  }

  private computation(operation: PirOperation, index: number): void {
    const inputs = this.operands(operation, index);
    const attributes = this.attributes(operation, index);
    const name = operation['#'];
    if (name === '1.fetch') {
      this.outputs.push({
        name: String(attributes.get('name')),
        value: inputs[0]![0]!,
        column: Number(attributes.get('col') ?? this.outputs.length),
      });
      return;
    }
    const outputs = results(operation).map((result) => this.valuesOf(result, index));
    for (const [i, values] of outputs.entries()) this.define(operation, i, values);
    if (name === '1.data' || name === '1.feed')
      this.inputs.push({ name: String(attributes.get('name')), value: outputs[0]![0]! });
    else this.operations.push({ name: qualifiedName(name), inputs, outputs, attributes });
  }

  private operands(operation: PirOperation, index: number): (readonly Value[])[] {
    return (operation.I ?? []).map(({ '%': id }) => {
      if (id === 0) return [];
      const values = this.values.get(id);
      if (values === undefined)
        this.fail(`operation ${index} (${operation['#']}) uses %${id}, which nothing defines`);
      return values;
    });
  }

  private define(operation: PirOperation, result: number, values: readonly Value[]): void {
    const id = results(operation)[result]?.['%'];
    if (id !== undefined) this.values.set(id, values);
  }

  private valuesOf(result: PirResult | undefined, index: number): Value[] {
    const type = result?.TT;
    if (type === undefined || type['#'] === undefined) return [];
    if (type['#'] === '0.t_vec')
      return (type.D ?? []).flatMap((element) => this.tensor(element as PirType, index) ?? []);
    return [this.tensor(type, index) ?? this.fail(`operation ${index} has a result of type ${type['#']}`)];
  }

  private tensor(type: PirType, index: number): Value | undefined {
    if (type['#'] !== '0.t_dtensor') return undefined;
    const [element, dims] = type.D ?? [];
    const name = (element as PirType | undefined)?.['#'];
    const dataType = name === undefined ? undefined : dataTypeOfPir(name.slice(name.indexOf('.') + 1));
    if (!dataType || !Array.isArray(dims))
      this.fail(`operation ${index} has a tensor type that cannot be understood: ${JSON.stringify(type)}`);
    return { type: dataType, dims: dims as number[] };
  }

  private attributes(operation: PirOperation, index: number): Map<string, Attribute> {
    const attributes = new Map<string, Attribute>();
    for (const entry of (operation.A ?? []) as { N?: string; AT?: PirAttribute }[]) {
      if (typeof entry?.N !== 'string' || entry.AT === undefined)
        this.fail(`operation ${index} (${operation['#']}) has an attribute without name or value`);
      attributes.set(entry.N, attributeValue(entry.AT));
    }
    if (operation.regions !== undefined) attributes.set('regions', 'nested block');
    return attributes;
  }

  private fail(what: string): never {
    throw new CorruptModelError(`cannot read ${this.file}: ${what}`);
  }
}

function results(operation: PirOperation): readonly PirResult[] {
  const { O } = operation;
  if (O === undefined) return [];
  return Array.isArray(O) ? O : [O as PirResult];
}

function attributeValue({ '#': type, D, VD }: PirAttribute): Attribute {
  if (VD !== undefined) return Number(String(VD).replace(/inf(inity)?/i, 'Infinity'));
  if (type === '0.a_array') return (D as PirAttribute[]).map(attributeValue);
  if (type === '1.a_scalar' && Array.isArray(D)) return Number(D[1]);
  return D as Attribute;
}

const dialects = ['builtin', 'pd_op', 'cf', 'custom_op', 'dist_op'];

/** `1.relu` → `relu`; operators outside Paddle's main dialect keep theirs, as `custom_op.fused`. */
function qualifiedName(name: string): string {
  const dot = name.indexOf('.');
  const dialect = name.slice(0, dot);
  return dialect === '1'
    ? name.slice(dot + 1)
    : `${dialects[Number(dialect)] ?? dialect}.${name.slice(dot + 1)}`;
}

interface PirDocument {
  base_code?: { magic?: unknown; version?: unknown };
  program?: { regions?: { blocks?: { ops?: PirOperation[] }[] }[] };
}

function parseJson(text: string, file: string): PirDocument {
  try {
    return JSON.parse(text) as PirDocument;
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1] ?? String(text.length);
    throw new CorruptModelError(`cannot read ${file}: not JSON at offset ${position}`, { cause: error });
  }
}
