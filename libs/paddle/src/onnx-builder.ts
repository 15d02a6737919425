import { type DataType, onnxCode } from './data-type.ts';
import type { NamedValue, Value } from './graph.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxValue } from './onnx.ts';
import type { Tensor } from './tensor.ts';
import { UnmappedError } from './unmapped-error.ts';

/** Grows an ONNX graph node by node and knows under which ONNX name each Paddle value lives. */
export class OnnxBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers = new Map<string, Tensor>();
  private readonly names = new Map<Value, string>();
  private readonly constants: Map<Value, Tensor>;
  private readonly lost = new Map<Value, string>();
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private next = 0;

  constructor(inputs: readonly NamedValue[], constants: ReadonlyMap<Value, Tensor>) {
    this.constants = new Map(constants);
    for (const { name, value } of inputs) {
      this.inputs.push({ name, ...value });
      this.names.set(value, name);
    }
  }

  /** The value's ONNX name. Constants become initializers when they are first used. */
  nameOf(value: Value): string {
    const name = this.names.get(value);
    if (name !== undefined) return name;
    const tensor = this.constants.get(value);
    if (tensor === undefined) {
      const lost = this.lost.get(value);
      if (lost) throw new UnmappedError(lost);
      return 'lost';
    }
    return this.bind(value, this.constant(tensor));
  }

  isDefined(value: Value): boolean {
    return this.names.has(value) || this.constants.has(value);
  }

  /** Nothing gives this value: who reads it meets the fault `what`, or none where the loss was already told. */
  lose(value: Value, what = ''): void {
    if (!this.lost.has(value)) this.lost.set(value, what);
  }

  isLost(value: Value): boolean {
    return this.lost.has(value);
  }

  bind(value: Value, name: string): string {
    this.names.set(value, name);
    return name;
  }

  define(value: Value, tensor: Tensor): void {
    this.constants.set(value, tensor);
  }

  constantOf(value: Value): Tensor | undefined {
    return this.constants.get(value);
  }

  emit(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    count: number,
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.freshName());
    this.nodes.push({ operator, inputs, outputs, attributes });
    return outputs;
  }

  cast(name: string, to: DataType): string {
    return this.emit('Cast', [name], { to: onnxCode(to) }, 1)[0]!;
  }

  constant(tensor: Tensor): string {
    const name = this.freshName();
    this.initializers.set(name, tensor);
    return name;
  }

  output({ name, value }: NamedValue): void {
    this.nodes.push({
      operator: 'Identity',
      inputs: [this.nameOf(value)],
      outputs: [name],
      attributes: {},
    });
    this.outputs.push({ name, ...value });
  }

  graph(): OnnxGraph {
    return {
      inputs: this.inputs,
      outputs: this.outputs,
      nodes: this.nodes,
      initializers: this.initializers,
    };
  }

  /** `%` cannot begin a name that Paddle gives to an input or output. */
  private freshName(): string {
    return `%${this.next++}`;
  }
}
