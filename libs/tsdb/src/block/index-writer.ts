import type { Labels } from '@paddlewatch/model';
import { byteOrder } from '../bytes/byte-order.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';
import { OutFile } from './out-file.ts';
import { seriesAlignment } from './series-entry.ts';
import { indexMagic, indexVersion, writeToc } from './toc.ts';

/** One label that occurs, and how many series bear it. */
interface Pair {
  readonly name: string;
  readonly value: string;
  series: number;
}

export interface ChunkPlace {
  readonly mint: number;
  readonly maxt: number;
  readonly reference: number;
}

/**
 * Gathers series in their order, then writes the index. Symbols stand in front of the series that use them, so series
 * wait in memory, as labels by number and chunks as they will be written: about 60 bytes each.
 */
export class IndexWriter {
  readonly #pairs: Pair[] = [];
  readonly #byName = new Map<string, Map<string, number>>();
  /** For each series: uvarint labels, their pairs, uvarint bytes of the chunk part, the chunk part. */
  readonly #rows = new ByteWriter(64 * 1024);
  readonly #part = new ByteWriter();
  #series = 0;

  /** Label sets must come in `seriesOrder`, each once; chunks in the order of time. */
  add(labels: Labels, chunks: readonly ChunkPlace[]): void {
    const rows = this.#rows;
    rows.uvarint(labels.length / 2);
    for (let i = 0; i < labels.length; i += 2) rows.uvarint(this.#pair(labels[i]!, labels[i + 1]!));
    this.#part.clear();
    putChunks(this.#part, chunks);
    rows.uvarint(this.#part.length);
    rows.raw(this.#part.view());
    this.#series++;
  }

  write(path: string): void {
    const file = new OutFile(path);
    try {
      this.#write(file);
    } catch (error) {
      file.abandon();
      throw error;
    }
    file.close();
  }

  #pair(name: string, value: string): number {
    let values = this.#byName.get(name);
    if (!values) {
      values = new Map();
      this.#byName.set(name, values);
    }
    let pair = values.get(value);
    if (pair === undefined) {
      pair = this.#pairs.push({ name, value, series: 0 }) - 1;
      values.set(value, pair);
    }
    this.#pairs[pair]!.series++;
    return pair;
  }

  #write(file: OutFile): void {
    file.out.u32(indexMagic);
    file.out.u8(indexVersion);
    const symbols = file.position;
    const { names, values } = this.#writeSymbols(file);
    const series = padded(file);
    const lists = this.#writeSeries(file, names, values);
    const labelIndices = file.position;
    const order = Uint32Array.from(this.#pairs.keys()).sort(
      (a, b) => names[a]! - names[b]! || values[a]! - values[b]!,
    );
    const postings = file.position;
    const offsets = writeLists(file, lists, order);
    const labelOffsets = file.position;
    writeSection(file, (out) => out.u32(0));
    const postingsOffsets = file.position;
    writeSection(file, (out) => this.#putOffsets(out, order, offsets));
    writeToc(file.out, { symbols, series, labelIndices, labelOffsets, postings, postingsOffsets });
  }

  /** The symbols of each pair's name and value. */
  #writeSymbols(file: OutFile): { names: Uint32Array; values: Uint32Array } {
    const texts = new Set(this.#byName.keys());
    for (const { value } of this.#pairs) texts.add(value);
    const sorted = [...texts].sort(byteOrder);
    const symbolOf = new Map(sorted.map((text, symbol) => [text, symbol]));
    writeSection(file, (out) => {
      out.u32(sorted.length);
      for (const text of sorted) out.string(text);
    });
    return {
      names: Uint32Array.from(this.#pairs, ({ name }) => symbolOf.get(name)!),
      values: Uint32Array.from(this.#pairs, ({ value }) => symbolOf.get(value)!),
    };
  }

  #writeSeries(file: OutFile, names: Uint32Array, values: Uint32Array): PostingsLists {
    const rows = new ByteReader(this.#rows.view());
    const lists = new PostingsLists(this.#pairs, this.#series);
    const entry = this.#part;
    for (let i = 0; i < this.#series; i++) {
      const reference = padded(file) / seriesAlignment;
      lists.everything[i] = reference;
      entry.clear();
      const labels = rows.uvarint();
      entry.uvarint(labels);
      for (let k = 0; k < labels; k++) {
        const pair = rows.uvarint();
        entry.uvarint(names[pair]!);
        entry.uvarint(values[pair]!);
        lists.add(pair, reference);
      }
      const length = rows.uvarint();
      const from = rows.take(length);
      entry.raw(rows.bytes.subarray(from, from + length));
      file.out.uvarint(entry.length);
      file.out.raw(entry.view());
      file.out.u32(crc32c(entry.bytes, 0, entry.length));
      file.flush();
    }
    return lists;
  }

  /** `offsets` begin with that of the list of all series. */
  #putOffsets(out: ByteWriter, order: Uint32Array, offsets: readonly number[]): void {
    out.u32(order.length + 1);
    putKey(out, '', '');
    out.uvarint(offsets[0]!);
    for (const [i, pair] of order.entries()) {
      const { name, value } = this.#pairs[pair]!;
      putKey(out, name, value);
      out.uvarint(offsets[i + 1]!);
    }
  }
}

/** The references of the series of each pair, one list behind the other. */
class PostingsLists {
  readonly everything: Uint32Array;
  readonly #all: Uint32Array;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;

  constructor(pairs: readonly Pair[], series: number) {
    this.everything = new Uint32Array(series);
    this.#starts = new Float64Array(pairs.length);
    let total = 0;
    for (const [i, pair] of pairs.entries()) {
      this.#starts[i] = total;
      total += pair.series;
    }
    this.#all = new Uint32Array(total);
    this.#ends = this.#starts.slice();
  }

  add(pair: number, reference: number): void {
    this.#all[this.#ends[pair]!++] = reference;
  }

  list(pair: number): Uint32Array {
    return this.#all.subarray(this.#starts[pair], this.#ends[pair]);
  }
}

function putChunks(out: ByteWriter, chunks: readonly ChunkPlace[]): void {
  out.uvarint(chunks.length);
  for (const [i, { mint, maxt, reference }] of chunks.entries()) {
    const before = chunks[i - 1];
    if (before) out.uvarint(mint - before.maxt);
    else out.varint(mint);
    out.uvarint(maxt - mint);
    if (before) out.varint(reference - before.reference);
    else out.uvarint(reference);
  }
}

function putKey(out: ByteWriter, name: string, value: string): void {
  out.u8(2);
  out.string(name);
  out.string(value);
}

/** Offsets of the lists: all series first, then the pairs in their order. */
function writeLists(file: OutFile, lists: PostingsLists, order: Uint32Array): number[] {
  const offsets = [file.position];
  writeList(file, lists.everything);
  for (const pair of order) {
    offsets.push(file.position);
    writeList(file, lists.list(pair));
  }
  return offsets;
}

function writeList(file: OutFile, list: Uint32Array): void {
  writeSection(file, (out) => {
    out.u32(list.length);
    for (const reference of list) out.u32(reference);
  });
}

/** u32 length, content, u32 checksum. */
function writeSection(file: OutFile, put: (out: ByteWriter) => void): void {
  const { out } = file;
  const start = out.length;
  out.u32(0);
  put(out);
  const length = out.length - start - 4;
  new DataView(out.bytes.buffer).setUint32(start, length);
  out.u32(crc32c(out.bytes, start + 4, out.length));
  file.flush();
}

/** Zeros to the next place where a series may begin; returns that place. */
function padded(file: OutFile): number {
  while (file.position % seriesAlignment !== 0) file.out.u8(0);
  return file.position;
}
