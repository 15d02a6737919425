import { bytesPerElement, type DataType } from './data-type.ts';

/** A constant: row-major, little-endian. */
export interface Tensor {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/** A tensor of `numbers`; one number fills any dims. Integers beyond int64 (an «end» of 2⁶³) are clamped. */
export function tensorOf(type: DataType, dims: readonly number[], numbers: readonly number[]): Tensor {
  const count = elementCount(dims);
  if (numbers.length !== count && numbers.length !== 1)
    throw new RangeError(
      `cannot build a tensor of dims [${dims}]: it needs ${count} numbers, not ${numbers.length}`,
    );
  const data = new Uint8Array(count * bytesPerElement(type));
  const view = new DataView(data.buffer);
  for (let i = 0; i < count; i++) write(view, type, i, numbers.length === 1 ? numbers[0]! : numbers[i]!);
  return { type, dims, data };
}

/** The elements as numbers; integers above 2⁵³ lose their low bits. */
export function numbersOf(tensor: Tensor): number[] {
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Array.from({ length: elementCount(tensor.dims) }, (_, i) => read(view, tensor.type, i));
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

function write(view: DataView, type: DataType, index: number, value: number): void {
  const offset = index * bytesPerElement(type);
  switch (type) {
    case 'bool':
    case 'uint8':
      view.setUint8(offset, value);
      break;
    case 'int8':
      view.setInt8(offset, value);
      break;
    case 'int16':
      view.setInt16(offset, value, true);
      break;
    case 'int32':
      view.setInt32(offset, value, true);
      break;
    case 'int64':
      view.setBigInt64(offset, toInt64(value), true);
      break;
    case 'float16':
      view.setFloat16(offset, value, true);
      break;
    case 'bfloat16':
      view.setUint16(offset, bfloat16Bits(value), true);
      break;
    case 'float32':
      view.setFloat32(offset, value, true);
      break;
    case 'float64':
      view.setFloat64(offset, value, true);
      break;
  }
}

function read(view: DataView, type: DataType, index: number): number {
  const offset = index * bytesPerElement(type);
  switch (type) {
    case 'bool':
    case 'uint8':
      return view.getUint8(offset);
    case 'int8':
      return view.getInt8(offset);
    case 'int16':
      return view.getInt16(offset, true);
    case 'int32':
      return view.getInt32(offset, true);
    case 'int64':
      return Number(view.getBigInt64(offset, true));
    case 'float16':
      return view.getFloat16(offset, true);
    case 'bfloat16':
      return float32OfBits(view.getUint16(offset, true) << 16);
    case 'float32':
      return view.getFloat32(offset, true);
    case 'float64':
      return view.getFloat64(offset, true);
  }
}

function toInt64(value: number): bigint {
  const integer = BigInt(Math.trunc(value));
  if (integer > int64Max) return int64Max;
  return integer < int64Min ? int64Min : integer;
}

const scratch = new DataView(new ArrayBuffer(4));

/** Upper half of the float32 bits, rounded to even. */
function bfloat16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return Number.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function float32OfBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}
