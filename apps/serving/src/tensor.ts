import type { DataType, TensorSpec } from '@paddlewatch/paddle';

/** Elements in row-major order; int64 as BigInt64Array, float16 as its bits, bool as 0 and 1. */
export type Elements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array;

export interface Tensor {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Elements;
}

/** By name of input or output. */
export type Tensors = Readonly<Record<string, Tensor>>;

export function newElements(type: DataType, count: number): Elements {
  switch (type) {
    case 'float32':
      return new Float32Array(count);
    case 'float64':
      return new Float64Array(count);
    case 'int8':
      return new Int8Array(count);
    case 'int16':
      return new Int16Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'int64':
      return new BigInt64Array(count);
    case 'uint8':
    case 'bool':
      return new Uint8Array(count);
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(count);
  }
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The tensors of several requests as one, along the first axis; all other sizes are equal. */
export function concatRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (tensors.length === 1) return first!;
  const rows = tensors.reduce((sum, tensor) => sum + tensor.dims[0]!, 0);
  const dims = [rows, ...first!.dims.slice(1)];
  const data = newElements(first!.type, elementCount(dims));
  let offset = 0;
  for (const tensor of tensors) {
    (data as Float32Array).set(tensor.data as Float32Array, offset);
    offset += tensor.data.length;
  }
  return { type: first!.type, dims, data };
}

/** Rows `from` to `to` as a view. */
export function sliceRows(tensor: Tensor, from: number, to: number): Tensor {
  const dims = [to - from, ...tensor.dims.slice(1)];
  const row = elementCount(tensor.dims.slice(1));
  return { type: tensor.type, dims, data: tensor.data.subarray(from * row, to * row) };
}

/** One row of zeros for each input; free sizes are 1. */
export function zeros(specs: readonly TensorSpec[]): Tensors {
  return Object.fromEntries(
    specs.map(({ name, type, dims: declared }) => {
      const dims = declared.map((dim) => (dim < 0 ? 1 : dim));
      return [name, { type, dims, data: newElements(type, elementCount(dims)) }];
    }),
  );
}
