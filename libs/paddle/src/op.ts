import type { DataType } from './data-type.ts';
import type { Attribute, Operation, Value } from './graph.ts';
import type { OnnxAttribute } from './onnx.ts';
import type { OnnxBuilder } from './onnx-builder.ts';
import { numbersOf, type Tensor, tensorOf } from './tensor.ts';
import { UnmappedError } from './unmapped-error.ts';

/**
 * Translates one Paddle operation: emits ONNX nodes and returns the ONNX names of its results, in the order of the
 * operation's outputs (a vector's elements in a row). Results that nobody reads may be left out.
 */
export type Translate = (op: Op) => string | readonly string[];

/**
 * One operation during its translation. It notes which operands and attributes are read: one that is never read has no
 * meaning in the translation, and is a fault, so that no attribute is dropped silently.
 */
export class Op {
  readonly name: string;
  private readonly operation: Operation;
  private readonly onnx: OnnxBuilder;
  private readonly attributesRead = new Set<string>();
  private readonly inputsRead = new Set<number>();

  constructor(operation: Operation, onnx: OnnxBuilder) {
    this.name = operation.name;
    this.operation = operation;
    this.onnx = onnx;
  }

  // Operands

  value(index: number): Value {
    return this.optionalValue(index) ?? this.unmapped(`${this.name} without operand ${index}`);
  }

  optionalValue(index: number): Value | undefined {
    return this.values(index)[0];
  }

  values(index: number): readonly Value[] {
    this.inputsRead.add(index);
    return this.operation.inputs[index] ?? [];
  }

  /** Declares operands without meaning for inference. */
  ignoreInputs(...indices: number[]): void {
    for (const index of indices) this.inputsRead.add(index);
  }

  /** ONNX name of an operand, `''` where it is absent. */
  input(index: number): string {
    const value = this.optionalValue(index);
    return value ? this.onnx.nameOf(value) : '';
  }

  nameOf(value: Value): string {
    return this.onnx.nameOf(value);
  }

  type(index = 0): DataType {
    return this.value(index).type;
  }

  rank(index = 0): number {
    return this.value(index).dims.length;
  }

  result(index = 0): Value {
    return this.operation.outputs[index]?.[0] ?? this.unmapped(`${this.name} without result ${index}`);
  }

  results(): readonly Value[] {
    return this.operation.outputs.flat();
  }

  /** The numbers of an operand that is known before the run, undefined otherwise. */
  known(index: number): number[] | undefined {
    const values = this.values(index);
    const tensors = values.map((value) => this.onnx.constantOf(value));
    return tensors.every((tensor) => tensor !== undefined) ? tensors.flatMap(numbersOf) : undefined;
  }

  knownOr(index: number, what: string): number[] {
    const numbers = this.known(index);
    if (numbers) return numbers;
    throw new UnmappedError(`${this.name} with a ${what} computed at run time`, this.values(index));
  }

  /** An operand that is a shape, a list of sizes or a list of axes, as a 1-D int64 tensor. */
  sizes(index: number): string {
    const known = this.known(index);
    if (known) return this.ints(known);
    const parts = this.values(index).map((value) => {
      const wide = value.type === 'int64' ? this.nameOf(value) : this.cast(this.nameOf(value), 'int64');
      return value.dims.length === 1 ? wide : this.emit('Reshape', [wide, this.ints([-1])]);
    });
    return parts.length === 1 ? parts[0]! : this.emit('Concat', parts, { axis: 0 });
  }

  // Attributes

  has(name: string): boolean {
    return this.operation.attributes.has(name);
  }

  ignoreAttributes(...names: string[]): void {
    for (const name of names) this.attributesRead.add(name);
  }

  number(name: string, missing?: number): number {
    return this.attribute(name, (value) => typeof value === 'number', missing);
  }

  flag(name: string, missing?: boolean): boolean {
    return this.attribute(name, (value) => typeof value === 'boolean', missing);
  }

  text(name: string, missing?: string): string {
    return this.attribute(name, (value) => typeof value === 'string', missing);
  }

  numbers(name: string, missing?: readonly number[]): readonly number[] {
    return this.attribute(
      name,
      (value) => Array.isArray(value) && value.every((item) => typeof item === 'number'),
      missing,
    );
  }

  /** A list of numbers or booleans, empty where it is absent. */
  numbersOrFlags(name: string): readonly number[] {
    this.attributesRead.add(name);
    return [this.operation.attributes.get(name) ?? []].flat().map(Number);
  }

  /** Refuses any value but the allowed ones: for attributes whose other values have no translation. */
  require(name: string, ...allowed: Attribute[]): void {
    this.attributesRead.add(name);
    const value = this.operation.attributes.get(name);
    if (value !== undefined && !allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
      this.unmapped(`attribute ${name}=${JSON.stringify(value)} of ${this.name}`);
  }

  /** An axis attribute, counted from the front. */
  axis(name: string, rank = this.rank(), missing?: number): number {
    const axis = this.number(name, missing);
    return axis < 0 ? axis + rank : axis;
  }

  // ONNX

  emit(operator: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    return this.onnx.emit(operator, inputs, attributes, 1)[0]!;
  }

  emitMany(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute>,
    count: number,
  ): string[] {
    return this.onnx.emit(operator, inputs, attributes, count);
  }

  constant(tensor: Tensor): string {
    return this.onnx.constant(tensor);
  }

  scalar(type: DataType, value: number): string {
    return this.constant(tensorOf(type, [], [value]));
  }

  ints(values: readonly number[]): string {
    return this.constant(tensorOf('int64', [values.length], values));
  }

  cast(name: string, to: DataType): string {
    return this.onnx.cast(name, to);
  }

  /** Makes result 0 a known constant; it enters the ONNX graph only where something reads it. */
  fold(tensor: Tensor): readonly string[] {
    this.onnx.define(this.result(), tensor);
    return [];
  }

  unmapped(what: string): never {
    throw new UnmappedError(what);
  }

  /** Operands and attributes that the translation did not read. */
  *unread(inert: ReadonlySet<string>): Generator<string> {
    for (const [name, value] of this.operation.attributes)
      if (!this.attributesRead.has(name) && !inert.has(name))
        yield `attribute ${name}=${JSON.stringify(value)} of ${this.name}`;
    for (const [index, values] of this.operation.inputs.entries())
      if (values.length > 0 && !this.inputsRead.has(index)) yield `operand ${index} of ${this.name}`;
  }

  private attribute<T extends Attribute>(
    name: string,
    fits: (value: Attribute) => boolean,
    missing: T | undefined,
  ): T {
    this.attributesRead.add(name);
    const value = this.operation.attributes.get(name);
    if (value === undefined) return missing ?? this.unmapped(`${this.name} without its attribute ${name}`);
    if (!fits(value)) this.unmapped(`attribute ${name}=${JSON.stringify(value)} of ${this.name}`);
    return value as T;
  }
}
