import { dataTypeOfPdmodel } from './data-type.ts';
import type { Attribute, NamedValue, Operation, Value } from './graph.ts';
import { CorruptModelError } from './model-error.ts';
import { type Paddle2Operand, paddle2Operator } from './paddle2-ops.ts';
import { type OperationDesc, parsePdmodel, type VariableDesc } from './pdmodel.ts';
import type { Program } from './program.ts';
import { type Tensor, tensorOf } from './tensor.ts';

/** Reads Paddle 2's `.pdmodel` and says it in Paddle 3's words; variables assigned again become new values. */
export function parsePaddle2(bytes: Uint8Array, file: string): Program {
  const [main] = parsePdmodel(bytes, file).blocks;
  return new Paddle2Reader(main!.variables, file).read(main!.operations);
}

/** Kinds of `VarType`: only dense tensors carry data. */
const denseTensor = 7;

class Paddle2Reader {
  private readonly variables: ReadonlyMap<string, VariableDesc>;
  private readonly current = new Map<string, Value>();
  private readonly constants = new Map<Value, Tensor>();
  private readonly inputs: (NamedValue & { column: number })[] = [];
  private readonly outputs: (NamedValue & { column: number })[] = [];
  private readonly operations: Operation[] = [];
  private readonly file: string;

  constructor(variables: readonly VariableDesc[], file: string) {
    this.variables = new Map(variables.map((variable) => [variable.name, variable]));
    this.file = file;
  }

  read(operations: readonly OperationDesc[]): Program {
    const parameters: NamedValue[] = [];
    for (const { name, persistable, kind } of this.variables.values())
      if (persistable && kind === denseTensor) parameters.push({ name, value: this.assign(name) });
    for (const operation of operations) this.operation(operation);
    const byColumn = (a: { column: number }, b: { column: number }) => a.column - b.column;
    return {
      inputs: this.inputs.sort(byColumn),
      outputs: this.outputs.sort(byColumn),
      operations: this.operations,
      constants: this.constants,
      parameters,
    };
  }

  private operation(operation: OperationDesc): void {
    const column = Number(operation.attributes.get('col') ?? 0);
    if (operation.type === 'feed') {
      const name = operation.outputs.get('Out')?.[0] ?? '';
      this.inputs.push({ name, value: this.assign(name), column });
    } else if (operation.type === 'fetch') {
      const name = operation.inputs.get('X')?.[0] ?? '';
      this.outputs.push({ name, value: this.read1(name, operation.type), column });
    } else this.computation(operation);
  }

  private computation(operation: OperationDesc): void {
    const { name, inputs, outputs, attributes: renamed = {} } = paddle2Operator(operation.type);
    const attributes = new Map<string, Attribute>();
    for (const [key, value] of operation.attributes) attributes.set(renamed[key] ?? key, value);
    const known = new Set(inputs.flatMap((operand) => operand.slots));
    const extra = [...operation.inputs].filter(([slot, names]) => !known.has(slot) && names.length > 0);
    this.operations.push({
      name,
      inputs: [
        ...inputs.map((operand) => this.operand(operand, operation, attributes)),
        ...extra.map(([, names]) => names.map((variable) => this.read1(variable, operation.type))),
      ],
      outputs: outputs.map((slot) =>
        (operation.outputs.get(slot) ?? []).map((variable) => this.assign(variable)),
      ),
      attributes,
    });
  }

  private operand(
    { slots, attribute }: Paddle2Operand,
    operation: OperationDesc,
    attributes: Map<string, Attribute>,
  ): Value[] {
    const filled = slots.map((slot) => operation.inputs.get(slot) ?? []).find((names) => names.length > 0);
    const value = attribute && attributes.get(attribute.name);
    if (attribute) attributes.delete(attribute.name);
    if (filled) return filled.map((name) => this.read1(name, operation.type));
    if (attribute === undefined || value === undefined) return [];
    const numbers = [value].flat().map(Number);
    const constant: Value = { type: attribute.type, dims: [numbers.length] };
    this.constants.set(constant, tensorOf(attribute.type, constant.dims, numbers));
    return [constant];
  }

  private read1(name: string, reader: string): Value {
    return this.current.get(name) ?? this.fail(`operator ${reader} reads ${name}, which nothing defines`);
  }

  private assign(name: string): Value {
    const variable = this.variables.get(name) ?? this.fail(`variable ${name} is not declared`);
    const type = dataTypeOfPdmodel(variable.dataType);
    const value: Value = { type: type ?? 'float32', dims: variable.dims };
    this.current.set(name, value);
    return value;
  }

  private fail(what: string): never {
    throw new CorruptModelError(`cannot read ${this.file}: ${what}`);
  }
}
