import { bytesPerElement, dataTypeOfPdmodel } from './data-type.ts';
import type { NamedValue } from './graph.ts';
import { CorruptModelError } from './model-error.ts';
import { ProtobufError, ProtobufReader } from './protobuf.ts';
import { elementCount, type Tensor } from './tensor.ts';

/**
 * The parameters of `.pdiparams` by name. The file holds no names: its records stand in the order of the parameters'
 * names by code point, so count, types, dims and the end of the file must all agree with the program. The tensors'
 * data are views into `bytes`. Layout of a record: docs in libs/paddle/README.md.
 */
export function readParameters(
  bytes: Uint8Array,
  declared: readonly NamedValue[],
  file: string,
): Map<string, Tensor> {
  const parameters = new Map<string, Tensor>();
  const cursor = { bytes, offset: 0, file };
  for (const { name, value } of [...declared].sort((a, b) => compareCodePoints(a.name, b.name))) {
    const start = cursor.offset;
    const tensor = readRecord(cursor, name);
    const says = `${tensor.type}[${tensor.dims}]`;
    const wants = `${value.type}[${value.dims}]`;
    if (says !== wants) fail(cursor, `${name} is ${says}, but the program declares ${wants},`, start);
    parameters.set(name, tensor);
  }
  if (cursor.offset !== bytes.length)
    fail(cursor, `${bytes.length - cursor.offset} bytes are left after ${declared.length} parameters`);
  return parameters;
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly file: string;
  offset: number;
}

function readRecord(cursor: Cursor, name: string): Tensor {
  const start = cursor.offset;
  const version = view(cursor, 4, name).getUint32(0, true);
  if (version !== 0) fail(cursor, `record version ${version} of ${name} is unknown`, start);
  const levels = readLength(cursor, name);
  for (let i = 0; i < levels; i++) take(cursor, readLength(cursor, name), name);
  const tensorVersion = view(cursor, 4, name).getUint32(0, true);
  if (tensorVersion !== 0)
    fail(cursor, `tensor version ${tensorVersion} of ${name} is unknown`, cursor.offset - 4);
  const descriptorLength = view(cursor, 4, name).getInt32(0, true);
  const { type, dims } = readDescriptor(cursor, descriptorLength, name);
  return { type, dims, data: take(cursor, elementCount(dims) * bytesPerElement(type), name) };
}

function readDescriptor(cursor: Cursor, length: number, name: string): Pick<Tensor, 'type' | 'dims'> {
  const start = cursor.offset;
  let code = -1;
  const dims: number[] = [];
  try {
    const reader = new ProtobufReader(take(cursor, length, name));
    reader.fields((field) => {
      if (field === 1) code = reader.int();
      else if (field === 2) reader.ints(dims);
    });
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    fail(cursor, `the descriptor of ${name} is damaged (${error.message} of it)`, start);
  }
  const type = dataTypeOfPdmodel(code);
  if (type === undefined) fail(cursor, `${name} has the unknown data type ${code}`, start);
  if (dims.some((dim) => dim < 0)) fail(cursor, `${name} has the dims [${dims}]`, start);
  return { type, dims };
}

function readLength(cursor: Cursor, name: string): number {
  return Number(view(cursor, 8, name).getBigUint64(0, true));
}

function view(cursor: Cursor, length: number, name: string): DataView {
  const bytes = take(cursor, length, name);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function take(cursor: Cursor, length: number, name: string): Uint8Array {
  const { bytes, offset } = cursor;
  if (length < 0 || offset + length > bytes.length)
    fail(cursor, `${name} needs ${length} bytes and ${bytes.length - offset} are left`);
  cursor.offset = offset + length;
  return bytes.subarray(offset, cursor.offset);
}

function fail(cursor: Cursor, what: string, offset = cursor.offset): never {
  throw new CorruptModelError(`cannot read ${cursor.file}: ${what} at offset ${offset}`);
}

/** As C++ compares UTF-8 names; UTF-16 order differs beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
