import { type DataType, onnxCode } from './data-type.ts';
import { ProtobufWriter } from './protobuf.ts';
import type { Tensor } from './tensor.ts';

/** An ONNX graph, as much of it as Paddle programs need (github.com/onnx/onnx, onnx.proto). */
export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
}

/** A size of −1 is known only at run time. */
export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
}

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Numbers are written as integers unless they are wrapped by `float`. */
export type OnnxAttribute = number | string | readonly number[] | Float | Tensor;

export interface Float {
  readonly float: number;
}

export function float(value: number): Float {
  return { float: value };
}

/** Opset 20: the newest with everything used here that runtimes of 2024 also know. */
const opset = 20;
const irVersion = 9;

/** Weights of at least this many bytes stay outside the model bytes, where the caller's buffer already holds them. */
const externalFrom = 1024;
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, ints: 7 } as const;
const external = 1;

/**
 * Writes the model. Initializers that are views into `parameters` are written as references to it under
 * `parametersPath` (ONNX external data), not as copies.
 */
export function writeOnnx(graph: OnnxGraph, parameters: Uint8Array, parametersPath: string): Uint8Array {
  const model = new ProtobufWriter();
  model.int(1, irVersion).text(2, 'paddlewatch');
  model.message(7, (out) => {
    for (const node of graph.nodes) out.message(1, (inner) => writeNode(inner, node));
    out.text(2, 'paddle');
    for (const [name, tensor] of graph.initializers)
      out.message(5, (inner) => writeInitializer(inner, name, tensor, parameters, parametersPath));
    for (const value of graph.inputs) out.message(11, (inner) => writeValue(inner, value));
    for (const value of graph.outputs) out.message(12, (inner) => writeValue(inner, value));
  });
  model.message(8, (out) => out.text(1, '').int(2, opset));
  return model.bytes();
}

function writeNode(out: ProtobufWriter, node: OnnxNode): void {
  for (const name of node.inputs) out.text(1, name);
  for (const name of node.outputs) out.text(2, name);
  out.text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes))
    out.message(5, (inner) => writeAttribute(inner.text(1, name), value));
}

function writeAttribute(out: ProtobufWriter, value: OnnxAttribute): void {
  if (typeof value === 'number') out.int(3, value).int(20, attributeTypes.int);
  else if (typeof value === 'string')
    out.blob(4, new TextEncoder().encode(value)).int(20, attributeTypes.string);
  else if ('float' in value) out.float(2, value.float).int(20, attributeTypes.float);
  else if ('data' in value)
    out.message(5, (inner) => writeTensor(inner, value).blob(9, value.data)).int(20, attributeTypes.tensor);
  else {
    for (const item of value) out.int(8, item);
    out.int(20, attributeTypes.ints);
  }
}

function writeInitializer(
  out: ProtobufWriter,
  name: string,
  tensor: Tensor,
  parameters: Uint8Array,
  path: string,
): void {
  writeTensor(out, tensor).text(8, name);
  if (tensor.data.length < externalFrom || tensor.data.buffer !== parameters.buffer) {
    out.blob(9, tensor.data);
    return;
  }
  const offset = tensor.data.byteOffset - parameters.byteOffset;
  writePair(out, 'location', path);
  writePair(out, 'offset', String(offset));
  writePair(out, 'length', String(tensor.data.length));
  out.int(14, external);
}

function writeTensor(out: ProtobufWriter, tensor: Tensor): ProtobufWriter {
  for (const dim of tensor.dims) out.int(1, dim);
  return out.int(2, onnxCode(tensor.type));
}

function writePair(out: ProtobufWriter, key: string, value: string): void {
  out.message(13, (pair) => pair.text(1, key).text(2, value));
}

/** ValueInfoProto: an unknown size is a dimension without value. */
function writeValue(out: ProtobufWriter, { name, type, dims }: OnnxValue): void {
  out.text(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensorType) =>
      tensorType.int(1, onnxCode(type)).message(2, (shape) => {
        for (const dim of dims)
          shape.message(1, (dimension) => {
            if (dim >= 0) dimension.int(1, dim);
          });
      }),
    ),
  );
}
