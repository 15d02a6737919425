import fs from 'node:fs';
import { ExpositionError, PageScanner } from '@paddlewatch/exposition';
import { type Labels, labelsKey } from '@paddlewatch/model';

/** Where the samples of a file go. */
export interface HistorySink {
  /** A number for a label set, asked once for each spelling of it in the file. */
  series(labels: Labels): number;
  /** Milliseconds. */
  append(series: number, t: number, value: number): void;
}

const pieceSize = 16 * 1024 * 1024;
const newline = 0x0a;

/**
 * Reads an OpenMetrics file of any size, piece by piece. Every sample must bear a time. @throws ExpositionError with
 * line and column.
 */
export function readHistory(file: string, sink: HistorySink): void {
  const fd = fs.openSync(file, 'r');
  try {
    const reader = new HistoryReader(sink);
    const { size } = fs.fstatSync(fd);
    let done = 0;
    let rest = Buffer.alloc(0);
    do {
      const piece = Buffer.allocUnsafe(rest.length + Math.min(pieceSize, size - done));
      rest.copy(piece);
      const got = fs.readSync(fd, piece, rest.length, piece.length - rest.length, done);
      if (got === 0) throw new Error(`cannot read ${file}: it became shorter meanwhile`);
      done += got;
      const filled = piece.subarray(0, rest.length + got);
      const end = done === size ? filled.length : filled.lastIndexOf(newline) + 1;
      reader.read(filled.subarray(0, end), done === size);
      rest = filled.subarray(end);
    } while (done < size);
  } finally {
    fs.closeSync(fd);
  }
}

/** Series of a file follow each other in the same order again and again: which came after which is remembered. */
class HistoryReader {
  readonly #scanner = new PageScanner();
  readonly #sink: HistorySink;
  readonly #bySpelling = new Map<string, number>();
  readonly #byLabels = new Map<string, number>();
  /** The spelling of each known series: bytes [from, to) of `known`. */
  #known = new DataView(new ArrayBuffer(1024 * 1024));
  #knownLength = 0;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #series: number[] = [];
  /** What followed each spelling the last time. */
  readonly #next: number[] = [];
  #lines = 0;

  constructor(sink: HistorySink) {
    this.#sink = sink;
  }

  read(piece: Buffer, last: boolean): void {
    const scanner = this.#scanner;
    scanner.open(piece, 'openmetrics');
    try {
      let spelling = -1;
      while (scanner.nextStart < piece.length) {
        const guess = spelling < 0 ? -1 : this.#next[spelling]!;
        const found = guess >= 0 && scanner.takeSeries(this.#known, this.#from[guess]!, this.#to[guess]!);
        if (!found && scanner.next() !== 'series') continue;
        const current = found ? guess : this.#spelling();
        if (spelling >= 0) this.#next[spelling] = current;
        spelling = current;
        if (Number.isNaN(scanner.timestamp)) scanner.fail('the sample has no timestamp', scanner.lineStart);
        this.#append(this.#series[current]!);
      }
      if (last) scanner.next();
    } catch (error) {
      throw error instanceof ExpositionError ? this.#inFile(error) : error;
    }
    this.#lines += countLines(piece);
  }

  #append(series: number): void {
    const scanner = this.#scanner;
    try {
      this.#sink.append(series, scanner.timestamp, scanner.value);
    } catch (error) {
      if (error instanceof RangeError) scanner.fail(error.message, scanner.lineStart);
      throw error;
    }
  }

  /** The number of the spelling at the scanner, which is made where it is new. */
  #spelling(): number {
    const { page, seriesStart, seriesEnd } = this.#scanner;
    const text = page.toString('latin1', seriesStart, seriesEnd);
    const known = this.#bySpelling.get(text);
    if (known !== undefined) return known;
    const spelling = this.#from.length;
    this.#bySpelling.set(text, spelling);
    this.#keep(page, seriesStart, seriesEnd);
    this.#series.push(this.#seriesOf(this.#scanner.labels()));
    this.#next.push(-1);
    return spelling;
  }

  #seriesOf(labels: Labels): number {
    const key = labelsKey(labels);
    let series = this.#byLabels.get(key);
    if (series === undefined) {
      series = this.#sink.series(labels);
      this.#byLabels.set(key, series);
    }
    return series;
  }

  #keep(page: Buffer, from: number, to: number): void {
    const length = this.#knownLength + to - from;
    if (length > this.#known.byteLength) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#known.byteLength));
      grown.set(new Uint8Array(this.#known.buffer));
      this.#known = new DataView(grown.buffer);
    }
    new Uint8Array(this.#known.buffer).set(page.subarray(from, to), this.#knownLength);
    this.#from.push(this.#knownLength);
    this.#to.push(length);
    this.#knownLength = length;
  }

  /** The scanner counts lines from the beginning of its piece. */
  #inFile(error: ExpositionError): ExpositionError {
    const what = error.message.replace(/^line \d+, column \d+: /, '');
    return new ExpositionError(what, this.#lines + error.line, error.column);
  }
}

function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) lines++;
  return lines;
}
