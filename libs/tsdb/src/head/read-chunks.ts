import type { SampleSink } from '../chunk/sample-sink.ts';
import { decodeXor, xorHeader } from '../chunk/xor.ts';
import type { MappedBytes } from './mapped-bytes.ts';
import { chunkData, chunkField, mappedFlag, rowField, rowWords, type SharedHead } from './shared-head.ts';

/** Blocks of float chunks are smaller: 120 samples of 19 bytes, and the slack of their class. */
const largestBlock = 4096;
/** The writer changes a series a few times a second; whoever meets a change so often meets damage. */
const mostTries = 1000;

/** Chunks of one series that a read needs, newest first; reused from read to read. */
const chain: number[] = [];
const generations: number[] = [];
const counts: number[] = [];

/**
 * Appends the samples of a slot with mint ≤ t ≤ maxt. The writer may move or free a chunk meanwhile: then its generation
 * has risen, what was decoded from it is thrown away, and the read begins anew.
 */
export function readSeriesSamples(
  shared: SharedHead,
  mapped: MappedBytes,
  slot: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): void {
  const before = into.length;
  for (let tries = 0; !tryRead(shared, mapped, slot, mint, maxt, into); tries++) {
    if (tries === mostTries)
      throw new Error(`cannot read a series of the head: chunks_head/ lacks ${mapped.missing}`);
    into.length = before;
  }
}

function tryRead(
  shared: SharedHead,
  mapped: MappedBytes,
  slot: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  const length = walk(shared, slot, mint, maxt);
  if (length < 0) return false;
  for (let i = length - 1; i >= 0; i--) {
    const address = chain[i]!;
    const { i32, u32, u8 } = shared.arena;
    const bytes = (u32[2 * address + chunkField.bits]! + 7) >>> 3;
    let sound: boolean;
    if (u32[2 * address + chunkField.kind]! & mappedFlag) {
      if (!mapped.read(u32[2 * address + chunkField.file]!, u32[2 * address + chunkField.offset]!, bytes))
        return false;
      const end = mapped.at + bytes;
      sound = decodeXor(mapped.bytes, mapped.at + xorHeader, end, counts[i]!, mint, maxt, into);
    } else {
      const at = 8 * address + chunkData;
      const end = 8 * address + u32[2 * address + chunkField.size]!;
      sound = decodeXor(u8, at + xorHeader, end, counts[i]!, mint, maxt, into);
    }
    if (Atomics.load(i32, 2 * address) !== generations[i]) return false;
    if (!sound) throw new Error(`cannot read a series of the head: a chunk is damaged (slot ${slot})`);
  }
  return true;
}

/** Fills `chain` with the chunks that overlap the range; −1 where the chain changed under the walk. */
function walk(shared: SharedHead, slot: number, mint: number, maxt: number): number {
  const row = rowWords * slot + rowField.chunk;
  let length = 0;
  let holder = 0;
  let holderGeneration = 0;
  let address = Atomics.load(shared.rows.i32, row);
  while (address !== 0) {
    if (8 * address + largestBlock > shared.arena.u8.length) shared.arena.refresh();
    const { i32, u32, f64 } = shared.arena;
    const generation = Atomics.load(i32, 2 * address);
    // The way here must still lead here, or the block may have become another series' before its generation was read.
    const link = holder === 0 ? shared.rows.i32 : i32;
    if (Atomics.load(link, holder === 0 ? row : 2 * holder + chunkField.previous) !== address) return -1;
    if (holder !== 0 && Atomics.load(i32, 2 * holder) !== holderGeneration) return -1;
    const count = Atomics.load(i32, 2 * address + chunkField.count);
    const oldest = f64[address + chunkField.mint / 2]!;
    const newest = f64[address + chunkField.maxt / 2]!;
    const previous = u32[2 * address + chunkField.previous]!;
    if (Atomics.load(i32, 2 * address) !== generation) return -1;
    if (newest < mint) break;
    if (oldest <= maxt) {
      chain[length] = address;
      generations[length] = generation;
      counts[length++] = count;
    }
    holder = address;
    holderGeneration = generation;
    address = previous;
  }
  return length;
}
