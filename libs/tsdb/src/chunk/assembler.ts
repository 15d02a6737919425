// Writes WebAssembly from instructions that nest like expressions: i32.and(i32.shrU(head, 6), 31). Here stands what our
// kernels need. Opcodes and layout: WebAssembly core specification 2.0, chapter 5 (binary format).

/** Bytes of instructions. */
export type Code = readonly number[];
/** What an instruction takes: other instructions, a variable, or a constant of the instruction's own type. */
export type Operand = Code | Local | number;

const types = { i32: 0x7f, i64: 0x7e, f64: 0x7c } as const;
type Type = keyof typeof types;
const constants = { i32: 0x41, i64: 0x42 } as const;
type Whole = keyof typeof constants;

/** A variable of the function. */
export interface Local {
  readonly type: Type;
  readonly index: number;
}

/** The variables of a function: parameters first, then the others, which begin as 0. */
export class Frame {
  readonly params: Local[] = [];
  readonly others: Local[] = [];

  param(type: Type): Local {
    return this.#add(type, this.params);
  }

  local(type: Type): Local {
    return this.#add(type, this.others);
  }

  #add(type: Type, to: Local[]): Local {
    const local = { type, index: this.params.length + this.others.length };
    to.push(local);
    return local;
  }
}

type Instruction = (...operands: readonly Operand[]) => Code;
/** An access to memory: the address of the operand plus `offset`, aligned to nothing. */
type Access = (offset: number, ...operands: readonly Operand[]) => Code;

function takes(type: Whole, ...opcode: readonly number[]): Instruction {
  return (...operands) => [...operands.flatMap((operand) => codeOf(operand, type)), ...opcode];
}

function accesses(...opcode: readonly number[]): Access {
  return (offset, ...operands) => [
    ...operands.flatMap((operand) => codeOf(operand, 'i32')),
    ...opcode,
    0,
    ...unsigned(offset),
  ];
}

function codeOf(operand: Operand, type: Whole): Code {
  if (typeof operand === 'number') return [constants[type], ...signed(operand)];
  return 'index' in operand ? [0x20, ...unsigned(operand.index)] : operand;
}

export const i32 = {
  load: accesses(0x28),
  eq: takes('i32', 0x46),
  lessSigned: takes('i32', 0x48),
  moreSigned: takes('i32', 0x4a),
  add: takes('i32', 0x6a),
  sub: takes('i32', 0x6b),
  and: takes('i32', 0x71),
  or: takes('i32', 0x72),
  xor: takes('i32', 0x73),
  shl: takes('i32', 0x74),
  shrSigned: takes('i32', 0x75),
  shr: takes('i32', 0x76),
  /** The lower half of an i64. */
  wrap: takes('i64', 0xa7),
};

export const i64 = {
  load: accesses(0x29),
  loadByte: accesses(0x31),
  store: accesses(0x37),
  lessSigned: takes('i64', 0x53),
  moreSigned: takes('i64', 0x55),
  add: takes('i64', 0x7c),
  sub: takes('i64', 0x7d),
  and: takes('i64', 0x83),
  or: takes('i64', 0x84),
  xor: takes('i64', 0x85),
  shl: takes('i64', 0x86),
  shr: takes('i64', 0x88),
  /** From an i32. */
  extend: takes('i32', 0xad),
  extendSigned: takes('i32', 0xac),
};

export const f64 = {
  store: accesses(0x39),
  more: takes('i32', 0x64),
  atLeast: takes('i32', 0x66),
  add: takes('i32', 0xa0),
  /** From an i64 with a sign. */
  from: takes('i64', 0xb9),
};

const noBytes: Code = [0xfd, 12, ...new Array<number>(16).fill(0)];
const lastToFirst: Code = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

export const v128 = {
  load: accesses(0xfd, 0),
  store: accesses(0xfd, 11),
  /** The sixteen bytes the other way round. */
  reverse: (bytes: Code): Code => [...bytes, ...noBytes, 0xfd, 13, ...lastToFirst],
};

export function set(local: Local, value: Operand): Code {
  const code = local.type === 'f64' ? codeOf(value, 'i32') : codeOf(value, local.type);
  return [...code, 0x21, ...unsigned(local.index)];
}

/** `condition ? a : b` of two i64, both computed. */
export function select(a: Operand, b: Operand, condition: Operand): Code {
  return [...codeOf(a, 'i64'), ...codeOf(b, 'i64'), ...codeOf(condition, 'i32'), 0x1b];
}

// Labels of blocks and loops count outwards: 0 is the innermost around, and an `unless` counts as one.

export function block(...body: readonly Code[]): Code {
  return [0x02, 0x40, ...body.flat(), 0x0b];
}

/** Goes on behind its end; a jump to its label begins it anew. */
export function loop(...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), 0x0b];
}

export function when(condition: Operand, yes: readonly Code[], no: readonly Code[] = []): Code {
  return [...codeOf(condition, 'i32'), 0x04, 0x40, ...yes.flat(), 0x05, ...no.flat(), 0x0b];
}

export function jump(label: number): Code {
  return [0x0c, ...unsigned(label)];
}

export function jumpIf(label: number, condition: Operand): Code {
  return [...codeOf(condition, 'i32'), 0x0d, ...unsigned(label)];
}

export const give = takes('i32', 0x0f);

/** Node has it and its type library does not name it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: { readonly run: Kernel['run']; readonly memory: { readonly buffer: ArrayBuffer } };
  };
};

/** A function that gives an i32, over a memory of its own. */
export interface Kernel {
  readonly run: (...args: readonly number[]) => number;
  readonly memory: ArrayBuffer;
}

/** Makes a function of its instructions, the last of which leaves the result, over a memory of so many bytes. */
export function assemble(frame: Frame, body: readonly Code[], bytes: number): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(frame, body, bytes)));
  return { run: exports.run, memory: exports.memory.buffer };
}

function moduleOf(frame: Frame, body: readonly Code[], bytes: number): Uint8Array<ArrayBuffer> {
  const { params, others } = frame;
  const signature = [0x60, ...vector(params.map(({ type }) => [types[type]])), 1, types.i32];
  const code = [...vector(others.map(({ type }) => [1, types[type]])), ...body.flat(), 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [signature]),
    ...section(3, [[0]]),
    ...section(5, [[0, ...unsigned(Math.ceil(bytes / 65_536))]]),
    ...section(7, [
      [...name('run'), 0, 0],
      [...name('memory'), 2, 0],
    ]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  ]);
}

function section(id: number, entries: readonly Code[]): Code {
  const content = vector(entries);
  return [id, ...unsigned(content.length), ...content];
}

function vector(entries: readonly Code[]): Code {
  return [...unsigned(entries.length), ...entries.flat()];
}

function name(text: string): Code {
  return [...unsigned(text.length), ...Buffer.from(text)];
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** LEB128 of a number of 32 bits. */
function signed(value: number): Code {
  const rest = value >> 7;
  const isLast = rest === (value & 64 ? -1 : 0);
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}
