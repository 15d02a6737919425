import {
  assemble,
  block,
  type Code,
  Frame,
  f64,
  give,
  i32,
  i64,
  jump,
  jumpIf,
  type Local,
  loop,
  type Operand,
  select,
  set,
  v128,
  when,
} from './assembler.ts';

// Decodes an XOR chunk (docs/formats/xor-chunk.md) with 64-bit integers, which JavaScript does not have. Figures and
// reasons: docs/decisions/xor-decoder.md.
//
// The chunk is turned round first, last byte to the front: then its bits, read as one long little-endian number, are in
// order, the first of them on top, and a field is a load and a shift. `bit` counts down through that number; what it
// points at is the lowest bit of the field read last. Whether a value changed, and whether in a window of its own, is
// as good as random, so both cases are computed and masked: a jump that is guessed wrong costs more than all of it.

/** A u16 counts the samples of a chunk. */
export const mostSamples = 65_535;
/** What so many samples can take at most; what stands behind is not read. */
export const mostBytes = 20 * mostSamples;

/** Where things stand in the kernel's memory: the chunk, the chunk reversed (it ends there), what came out. */
const chunkAt = 0;
const reversedEnd = 2 * roundUp(mostBytes);
const timesAt = reversedEnd + 64;
const valuesAt = timesAt + 8 * roundUp(mostSamples);
const memoryBytes = valuesAt + 8 * roundUp(mostSamples);

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 65_536) * 65_536;
}

export interface XorKernel {
  /**
   * Decodes `samples` samples from the bit stream in bytes [0, length) of `chunk`: those with t ≤ maxt go to `times` and
   * `words`. Returns their number, −1 where the stream is too short or a window impossible.
   */
  run(length: number, samples: number, maxt: number): number;
  readonly chunk: Uint8Array;
  readonly times: Float64Array;
  readonly words: Uint32Array;
}

const frame = new Frame();
const length = frame.param('i32');
const samples = frame.param('i32');
const maxt = frame.param('f64');

const bit = frame.local('i32');
/** The stream's last bit. */
const lowest = frame.local('i32');
/** Fourteen bits: whether the step changes, whether the value changes, whether the window does, 5 + 6 bits of window. */
const head = frame.local('i32');
/** All ones or all zeros. */
const changed = frame.local('i32');
const fresh = frame.local('i32');
/** The window: zero bits above it, and its own bits. */
const leading = frame.local('i32');
const width = frame.local('i32');
/** What a fresh window says. */
const newWidth = frame.local('i32');
/** Below zero where a window was impossible. */
const damage = frame.local('i32');
const t = frame.local('f64');
const step = frame.local('f64');
const value = frame.local('i64');
/** Bytes of each column written so far, and in the end. */
const out = frame.local('i32');
const full = frame.local('i32');
const part = frame.local('i64');
const byte = frame.local('i64');
const size = frame.local('i32');
const from = frame.local('i32');
const to = frame.local('i32');

/** Bits from place `at` upward, of which the lowest 25 are sound. */
function bits32(at: Operand): Code {
  return i32.shr(i32.load(0, i32.shr(at, 3)), i32.and(at, 7));
}

/** The same with 57 sound bits. */
function bits57(at: Operand): Code {
  return i64.shr(i64.load(0, i32.shr(at, 3)), i64.extend(i32.and(at, 7)));
}

/** The same with 64: what the load of eight bytes lacks stands in the ninth. Shifted by 64 it would count as by 0. */
function bits64(at: Operand): Code {
  const ninth = i64.loadByte(8, i32.shr(at, 3));
  const above = i64.shl(i64.shl(ninth, i64.extend(i32.sub(63, i32.and(at, 7)))), 1);
  return i64.or(bits57(at), above);
}

function advance(bits: Operand): Code {
  return set(bit, i32.sub(bit, bits));
}

/** LEB128 on byte bounds, at most ten bytes, into `part`. */
const takeUvarint: readonly Code[] = [
  set(part, 0),
  set(size, 0),
  loop(
    advance(8),
    set(byte, i64.loadByte(0, i32.shr(bit, 3))),
    set(part, i64.or(part, i64.shl(i64.and(byte, 127), i64.extend(size)))),
    set(size, i32.add(size, 7)),
    jumpIf(0, i32.and(i64.moreSigned(byte, 127), i32.lessSigned(size, 70))),
  ),
];

const reverseChunk: readonly Code[] = [
  set(from, chunkAt),
  set(to, reversedEnd),
  loop(
    set(to, i32.sub(to, 16)),
    v128.store(0, to, v128.reverse(v128.load(0, from))),
    set(from, i32.add(from, 16)),
    jumpIf(0, i32.lessSigned(from, length)),
  ),
  set(bit, 8 * reversedEnd),
  set(lowest, i32.sub(bit, i32.shl(length, 3))),
];

const firstSample: readonly Code[] = [
  ...takeUvarint,
  // Zigzag: the lowest bit is the sign.
  set(t, f64.from(i64.xor(i64.shr(part, 1), i64.sub(0, i64.and(part, 1))))),
  advance(64),
  set(value, i64.load(0, i32.shr(bit, 3))),
];

const firstStep: readonly Code[] = [...takeUvarint, set(step, f64.from(part)), set(t, f64.add(t, step))];

const takeHead = set(head, bits32(i32.sub(bit, 13)));

/** What follows 1111. */
const wideStepChange: readonly Code[] = [advance(67), set(step, f64.add(step, f64.from(bits64(bit))))];

/** What follows 10, 110 or 1110: 14, 17 or 20 bits, in which n bits hold −(2ⁿ⁻¹ − 1) … 2ⁿ⁻¹. */
const shortStepChange: readonly Code[] = [
  set(size, i32.add(i32.and(i32.shr(head, 12), 1), i32.eq(i32.and(i32.shr(head, 11), 3), 3))),
  advance(i32.add(i32.shl(size, 2), 15)),
  set(size, i32.add(i32.add(size, i32.shl(size, 1)), 14)),
  set(part, i64.and(bits57(bit), i64.sub(i64.shl(1, i64.extend(size)), 1))),
  set(
    part,
    i64.sub(
      part,
      select(i64.shl(1, i64.extend(size)), 0, i64.moreSigned(part, i64.shl(1, i64.extend(i32.sub(size, 1))))),
    ),
  ),
  set(step, f64.add(step, f64.from(part))),
];

const nextTime: readonly Code[] = [
  advance(1),
  takeHead,
  when(i32.and(head, 1 << 13), [
    when(i32.eq(i32.and(head, 7 << 10), 7 << 10), wideStepChange, shortStepChange),
    takeHead,
  ]),
  set(t, f64.add(t, step)),
];

/** `now` where the window is fresh, else what it was. */
function renew(local: Local, now: Operand): Code {
  return set(local, i32.xor(local, i32.and(fresh, i32.xor(local, now))));
}

const nextValue: readonly Code[] = [
  set(changed, i32.shrSigned(i32.shl(head, 19), 31)),
  set(fresh, i32.and(changed, i32.shrSigned(i32.shl(head, 20), 31))),
  // 0 stands for 64.
  set(newWidth, i32.add(i32.and(i32.sub(head, 1), 63), 1)),
  // Every sample waits for this sum, so what is known before the head stands apart.
  set(
    bit,
    i32.sub(
      i32.sub(bit, 1),
      i32.and(changed, i32.add(i32.add(width, 1), i32.and(fresh, i32.add(newWidth, i32.sub(11, width))))),
    ),
  ),
  renew(width, newWidth),
  renew(leading, i32.and(i32.shr(head, 6), 31)),
  set(damage, i32.or(damage, i32.sub(i32.sub(64, width), leading))),
  set(part, bits57(bit)),
  when(i32.moreSigned(width, 57), [set(part, bits64(bit))]),
  set(part, i64.shr(i64.shl(part, i64.extend(i32.sub(64, width))), i64.extend(leading))),
  set(value, i64.xor(value, i64.and(part, i64.extendSigned(changed)))),
];

/** Writes the sample. Jumps to `finish` where the range or the chunk ends. */
function emit(finish: number): readonly Code[] {
  return [
    jumpIf(finish, f64.more(t, maxt)),
    f64.store(timesAt, out, t),
    i64.store(valuesAt, out, value),
    set(out, i32.add(out, 8)),
    jumpIf(finish, i32.eq(out, full)),
  ];
}

const body: readonly Code[] = [
  ...reverseChunk,
  set(full, i32.shl(samples, 3)),
  block(
    ...firstSample,
    ...emit(0),
    ...firstStep,
    set(width, 64),
    takeHead,
    loop(...nextValue, ...emit(1), ...nextTime, jump(0)),
  ),
  // Once is enough: so many samples cannot lead out of the memory, wherever their bits come from.
  when(i32.lessSigned(i32.or(i32.sub(bit, lowest), damage), 0), [give(-1)]),
  i32.shr(out, 3),
];

/** A kernel with memory of its own: one for each thread. */
export function makeXorKernel(): XorKernel {
  const { run, memory } = assemble(frame, body, memoryBytes);
  return {
    run,
    chunk: new Uint8Array(memory, chunkAt, mostBytes),
    times: new Float64Array(memory, timesAt, mostSamples),
    words: new Uint32Array(memory, valuesAt, 2 * mostSamples),
  };
}
