import type { DataType, TensorSpec } from '@paddlewatch/paddle';
import { RequestError } from '../request-error.ts';
import { type Elements, elementCount, newElements, type Tensor } from '../tensor.ts';

/** Nested JSON arrays → tensor of the input's type and shape. */
export function parseTensor(value: unknown, spec: TensorSpec): Tensor {
  const dims = measure(value, spec);
  const data = newElements(spec.type, elementCount(dims));
  const fill: Fill = { data, write: writers[spec.type], spec, offset: 0 };
  fillFrom(fill, value, dims, 0);
  return { type: spec.type, dims, data };
}

/** Tensor → JSON text of nested arrays. */
export function formatTensor({ type, dims, data }: Tensor): string {
  let offset = 0;
  const write = (axis: number): string => {
    if (axis === dims.length) return formatElement(type, data[offset++]!);
    const parts: string[] = [];
    for (let i = 0; i < dims[axis]!; i++) parts.push(write(axis + 1));
    return `[${parts.join(',')}]`;
  };
  return write(0);
}

/** NaN and infinities, which JSON has no numbers for, are null. */
function formatElement(type: DataType, value: number | bigint): string {
  if (type === 'bool') return value ? 'true' : 'false';
  if (type === 'float16') return String(float16(Number(value)));
  return typeof value === 'bigint' || Number.isFinite(value) ? String(value) : 'null';
}

/** The sizes along the first element of each axis, held against the input's. */
function measure(value: unknown, spec: TensorSpec): number[] {
  const dims: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0]) dims.push(inner.length);
  const fits =
    dims.length === spec.dims.length && dims.every((dim, i) => spec.dims[i] === -1 || spec.dims[i] === dim);
  if (!fits) throw wrongShape(spec, `it is ${shapeText(dims)}`);
  if (dims.includes(0)) throw wrongShape(spec, `it is ${shapeText(dims)}, which holds nothing`);
  return dims;
}

interface Fill {
  readonly data: Elements;
  readonly write: (data: Elements, offset: number, value: unknown) => boolean;
  readonly spec: TensorSpec;
  offset: number;
}

function fillFrom(fill: Fill, value: unknown, dims: readonly number[], axis: number): void {
  if (axis === dims.length) {
    if (Array.isArray(value)) throw wrongShape(fill.spec, 'its arrays are not equally deep');
    if (!fill.write(fill.data, fill.offset, value)) throw wrongType(fill.spec, value, fill.offset);
    fill.offset++;
    return;
  }
  if (!Array.isArray(value)) throw wrongShape(fill.spec, 'its arrays are not equally deep');
  if (value.length !== dims[axis])
    throw wrongShape(
      fill.spec,
      `it has an array of ${value.length} beside one of ${dims[axis]} on axis ${axis}`,
    );
  for (const inner of value) fillFrom(fill, inner, dims, axis + 1);
}

const float = (data: Elements, offset: number, value: unknown): boolean => {
  if (typeof value !== 'number') return false;
  (data as Float32Array)[offset] = value;
  return true;
};

const integer =
  (min: number, max: number) =>
  (data: Elements, offset: number, value: unknown): boolean => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) return false;
    (data as Int32Array)[offset] = value as number;
    return true;
  };

/** Writes one element; false where JSON's value is not of the type. */
const writers: Readonly<Record<DataType, Fill['write']>> = {
  float32: float,
  float64: float,
  float16: (data, offset, value) => {
    if (typeof value !== 'number') return false;
    new DataView(data.buffer).setFloat16(data.byteOffset + offset * 2, value, true);
    return true;
  },
  bfloat16: () => false,
  int8: integer(-128, 127),
  int16: integer(-32768, 32767),
  int32: integer(-2147483648, 2147483647),
  uint8: integer(0, 255),
  int64: (data, offset, value) => {
    if (!Number.isSafeInteger(value)) return false;
    (data as BigInt64Array)[offset] = BigInt(value as number);
    return true;
  },
  bool: (data, offset, value) => {
    if (typeof value !== 'boolean' && value !== 0 && value !== 1) return false;
    (data as Uint8Array)[offset] = Number(value);
    return true;
  },
};

function wrongShape(spec: TensorSpec, what: string): RequestError {
  return new RequestError(
    'wrong_shape',
    `cannot infer: input "${spec.name}" needs shape ${shapeText(spec.dims)}: ${what}`,
  );
}

function wrongType(spec: TensorSpec, value: unknown, index: number): RequestError {
  const shown = JSON.stringify(value)?.slice(0, 40);
  return new RequestError(
    'wrong_type',
    `cannot infer: input "${spec.name}" needs ${spec.type}: element ${index} is ${shown}`,
  );
}

function shapeText(dims: readonly number[]): string {
  return dims.length === 0 ? 'of a scalar' : `[${dims.map((dim) => (dim < 0 ? 'n' : dim)).join(', ')}]`;
}

const half = new DataView(new ArrayBuffer(2));

function float16(bits: number): number | null {
  half.setUint16(0, bits);
  const value = half.getFloat16(0);
  return Number.isFinite(value) ? value : null;
}
