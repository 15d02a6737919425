import { type FloatHistogram, histogramsEqual } from '@paddlewatch/model';
import { decodeHistograms, HistogramEncoder } from '../chunk/histogram.ts';
import { continuesRun, covers, encodingOf, hintOfRun, layoutOf } from '../chunk/histogram-runs.ts';
import { SampleColumns } from '../chunk/sample-columns.ts';
import { type Arena, blockSize } from './arena.ts';
import { type Chunks, type Place, place } from './chunks.ts';
import { chunkData, chunkField, mappedFlag, rowField, rowWords, type SharedHead } from './shared-head.ts';

/** A chunk is full with so many samples, or, from a few on, with so many bytes: what Prometheus aims at. */
const mostSamples = 120;
const fewSamples = 10;
const fullBytes = 1024;
/** Bytes of data for which a fresh block has room; it moves to larger ones as samples come. */
const freshData = 448;

/** The newest chunk of a series while histograms are appended to it. */
interface OpenChunk {
  /** Of its block, which moves as it grows. */
  address: number;
  encoder: HistogramEncoder;
  readonly first: Sample;
  last: Sample;
}

interface Sample {
  readonly t: number;
  readonly histogram: FloatHistogram;
}

/**
 * The histogram chunks of the head, writer's side. They stand in the same chains as those of floats and readers follow
 * the same rules; unlike floats, each open chunk has an encoder of its own, for histogram series are few.
 */
export class HistogramChunks {
  readonly #shared: SharedHead;
  readonly #arena: Arena;
  readonly #chunks: Chunks;
  /** By slot. An entry whose address is not the newest of its row any more is out of date. */
  readonly #open = new Map<number, OpenChunk>();
  /** No chunk has more samples. */
  readonly #columns = new SampleColumns(mostSamples);

  constructor(shared: SharedHead, arena: Arena, chunks: Chunks) {
    this.#shared = shared;
    this.#arena = arena;
    this.#chunks = chunks;
  }

  place(slot: number, t: number, histogram: FloatHistogram): Place {
    const address = this.#newest(slot);
    if (address === 0) return place.newer;
    const { u32, f64 } = this.#arena.memory;
    const newest = f64[address + chunkField.maxt / 2]!;
    if (t !== newest) return t > newest ? place.newer : place.older;
    // As with floats: what was mapped before a restart is taken for the same.
    if (u32[2 * address + chunkField.kind]! & mappedFlag) return place.repeated;
    const last = this.#openChunk(slot)?.last.histogram;
    return last && histogramsEqual(last, histogram) ? place.repeated : place.conflicting;
  }

  /** Appends a histogram that is newer than all samples of its series. */
  append(slot: number, t: number, histogram: FloatHistogram): void {
    const sample = { t, histogram: withOwnHint(histogram) };
    let open = this.#openChunk(slot);
    if (!open || !this.#takes(open, sample)) open = this.#begin(slot, open, sample);
    else if (!covers(open.encoder.layout, sample.histogram)) this.#widen(slot, open, sample.histogram);
    open.encoder.append(sample);
    open.last = sample;
    this.#publish(slot, open, t);
  }

  /** Forgets the open chunk of a slot where it is dropped. */
  truncate(slot: number): void {
    if (this.#open.size > 0 && !this.#openChunk(slot)) this.#open.delete(slot);
  }

  #newest(slot: number): number {
    return this.#shared.rows.u32[rowWords * slot + rowField.chunk]!;
  }

  #openChunk(slot: number): OpenChunk | undefined {
    const open = this.#open.get(slot);
    return open?.address === this.#newest(slot) ? open : undefined;
  }

  #takes({ encoder, first, last }: OpenChunk, { t, histogram }: Sample): boolean {
    const { count, encoding, bits } = encoder;
    if (count >= mostSamples || (count >= fewSamples && bits >= 8 * fullBytes)) return false;
    if (this.#chunks.crossesRange(first.t, t)) return false;
    return continuesRun(encoding, first.histogram, last.histogram, histogram);
  }

  #begin(slot: number, before: OpenChunk | undefined, sample: Sample): OpenChunk {
    const { t, histogram } = sample;
    const encoding = encodingOf(histogram);
    const hint = hintOfRun(before?.last.histogram, histogram);
    const encoder = new HistogramEncoder(encoding, layoutOf([histogram]), hint);
    const address = this.#chunks.begin(slot, this.#newest(slot), t, encoding, chunkData + freshData);
    this.#arena.memory.u32[2 * address + chunkField.window] = 0;
    const open = { address, encoder, first: sample, last: sample };
    this.#open.set(slot, open);
    return open;
  }

  /** Writes the chunk anew with buckets that it did not have: that is smaller than to begin another one. */
  #widen(slot: number, open: OpenChunk, histogram: FloatHistogram): void {
    const { encoding, hint, count } = open.encoder;
    const bytes = open.encoder.bytes();
    const { t, histograms } = this.#columns;
    this.#columns.clear();
    decodeHistograms(encoding, bytes, 0, bytes.length, count, -Infinity, Infinity, this.#columns);
    const samples = (histograms as FloatHistogram[]).map((each, i) => ({ t: t[i]!, histogram: each }));
    open.encoder = new HistogramEncoder(encoding, layoutOf([samples[0]!.histogram, histogram]), hint);
    for (const sample of samples) open.encoder.append(sample);
    this.#move(slot, open);
  }

  /** Shows the newest sample of an open chunk to readers. What stood there before keeps its bytes. */
  #publish(slot: number, open: OpenChunk, t: number): void {
    const bytes = open.encoder.bytes();
    if (chunkData + bytes.length > this.#size(open.address)) this.#move(slot, open);
    const { address } = open;
    const { u8, u32, i32, f64 } = this.#arena.memory;
    const word = 2 * address;
    const { count } = open.encoder;
    u8.set(bytes, 8 * address + chunkData);
    if (u32[word + chunkField.commit] !== this.#chunks.commit)
      u32[word + chunkField.window] = (count - 1) << 16;
    u32[word + chunkField.commit] = this.#chunks.commit;
    u32[word + chunkField.bits] = open.encoder.bits;
    f64[address + chunkField.maxt / 2] = t;
    Atomics.store(i32, word + chunkField.count, count);
    if (count === 1) Atomics.store(this.#shared.rows.i32, rowWords * slot + rowField.chunk, address);
  }

  /** Gives an open chunk a block with room to grow. */
  #move(slot: number, open: OpenChunk): void {
    const bytes = open.encoder.bytes();
    const old = open.address;
    const larger = blockSize(chunkData + Math.ceil(1.5 * bytes.length));
    const moved = this.#arena.allocate(larger);
    const { u8, u32 } = this.#arena.memory;
    u8.copyWithin(8 * moved + 4, 8 * old + 4, 8 * old + chunkData);
    u8.set(bytes, 8 * moved + chunkData);
    u32[2 * moved + chunkField.bits] = open.encoder.bits;
    u32[2 * moved + chunkField.size] = larger;
    if (this.#newest(slot) === old)
      Atomics.store(this.#shared.rows.i32, rowWords * slot + rowField.chunk, moved);
    this.#arena.free(old, this.#size(old));
    open.address = moved;
  }

  #size(address: number): number {
    return this.#arena.memory.u32[2 * address + chunkField.size]!;
  }
}

/** What others may say of the way from the sample before need not be so here: only what the sample itself knows stays. */
function withOwnHint(histogram: FloatHistogram): FloatHistogram {
  return histogram.hint === 'notReset' ? { ...histogram, hint: 'unknown' } : histogram;
}
