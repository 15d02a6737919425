import type { Attribute } from './graph.ts';
import { CorruptModelError } from './model-error.ts';
import { ProtobufError, ProtobufReader } from './protobuf.ts';

/** Paddle 2's program as it is written in `.pdmodel` (framework.proto), without what inference never reads. */
export interface ProgramDesc {
  readonly blocks: BlockDesc[];
}

export interface BlockDesc {
  readonly variables: VariableDesc[];
  readonly operations: OperationDesc[];
}

export interface VariableDesc {
  name: string;
  /** `VarType.Type` code: 7 is a dense tensor. */
  kind: number;
  dataType: number;
  readonly dims: number[];
  persistable: boolean;
}

export interface OperationDesc {
  type: string;
  /** Variable names by slot, as `{X: ['a', 'b']}`. */
  readonly inputs: Map<string, string[]>;
  readonly outputs: Map<string, string[]>;
  readonly attributes: Map<string, Attribute>;
}

export function parsePdmodel(bytes: Uint8Array, file: string): ProgramDesc {
  const program: ProgramDesc = { blocks: [] };
  try {
    const reader = new ProtobufReader(bytes);
    reader.fields((field) => {
      if (field === 1) program.blocks.push(reader.message(readBlock));
    });
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new CorruptModelError(`cannot read ${file}: ${error.message}`, { cause: error });
  }
  if (program.blocks.length === 0)
    throw new CorruptModelError(
      `cannot read ${file}: it holds no program block in its ${bytes.length} bytes`,
    );
  return program;
}

function readBlock(reader: ProtobufReader): BlockDesc {
  const block: BlockDesc = { variables: [], operations: [] };
  reader.fields((field) => {
    if (field === 3) block.variables.push(reader.message(readVariable));
    else if (field === 4) block.operations.push(reader.message(readOperation));
  });
  return block;
}

function readVariable(reader: ProtobufReader): VariableDesc {
  const variable: VariableDesc = { name: '', kind: -1, dataType: -1, dims: [], persistable: false };
  reader.fields((field) => {
    if (field === 1) variable.name = reader.text();
    else if (field === 2) reader.message((type) => readVariableType(type, variable));
    else if (field === 3) variable.persistable = reader.bool();
  });
  return variable;
}

function readVariableType(reader: ProtobufReader, variable: VariableDesc): void {
  reader.fields((field) => {
    if (field === 1) variable.kind = reader.int();
    else if (field === 3) reader.message((dense) => readDenseTensor(dense, variable));
  });
}

function readDenseTensor(reader: ProtobufReader, variable: VariableDesc): void {
  reader.fields((field) => {
    if (field === 1)
      reader.message((tensor) =>
        tensor.fields((inner) => {
          if (inner === 1) variable.dataType = tensor.int();
          else if (inner === 2) tensor.ints(variable.dims);
        }),
      );
  });
}

function readOperation(reader: ProtobufReader): OperationDesc {
  const operation: OperationDesc = { type: '', inputs: new Map(), outputs: new Map(), attributes: new Map() };
  reader.fields((field) => {
    if (field === 1) reader.message((slot) => readSlot(slot, operation.inputs));
    else if (field === 2) reader.message((slot) => readSlot(slot, operation.outputs));
    else if (field === 3) operation.type = reader.text();
    else if (field === 4) reader.message((attribute) => readAttribute(attribute, operation.attributes));
  });
  return operation;
}

function readSlot(reader: ProtobufReader, slots: Map<string, string[]>): void {
  let slot = '';
  const names: string[] = [];
  reader.fields((field) => {
    if (field === 1) slot = reader.text();
    else if (field === 2) names.push(reader.text());
  });
  slots.set(slot, names);
}

/** AttrType codes whose value is a list, so that an empty list is not taken for a missing value. */
const listTypes: ReadonlySet<number> = new Set([3, 4, 5, 7, 10, 11, 12, 14, 17]);

function readAttribute(reader: ProtobufReader, attributes: Map<string, Attribute>): void {
  let name = '';
  let type = 0;
  let single: Attribute = '';
  const list: Attribute[] = [];
  reader.fields((field) => {
    if (field === 1) name = reader.text();
    else if (field === 2) type = reader.int();
    else if (field === 3 || field === 12 || field === 13) single = reader.int();
    else if (field === 4) single = reader.float();
    else if (field === 19) single = reader.double();
    else if (field === 5 || field === 17) single = reader.text();
    else if (field === 10) single = reader.bool();
    else if (field === 20) single = reader.message(readScalar);
    else if (field === 6 || field === 14 || field === 15) reader.ints(list as number[]);
    else if (field === 7) reader.floats(list as number[]);
    else if (field === 16) reader.doubles(list as number[]);
    else if (field === 11) reader.bools(list as boolean[]);
    else if (field === 8 || field === 18) list.push(reader.text());
    else if (field === 21) list.push(reader.message(readScalar));
  });
  attributes.set(name, listTypes.has(type) ? list : single);
}

function readScalar(reader: ProtobufReader): number {
  let value = 0;
  reader.fields((field) => {
    if (field === 2) value = Number(reader.bool());
    else if (field === 3) value = reader.int();
    else if (field === 4) value = reader.double();
  });
  return value;
}
