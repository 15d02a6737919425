import { type PageFormat, PageScanner } from '@paddlewatch/exposition';
import { Places } from './places.ts';
import { SeriesRows } from './series-rows.ts';

/** What `next` gives where it gives no series number: a series that no page had, or that the page is over. */
export const unknownSeries = -1;
export const pageEnd = -2;

/** What a place holds when it holds no series. */
const metadata = -1;
const histogramType = -2;
const summaryType = -3;
const otherType = -4;

/**
 * What a target's last page was, so that the next one is compared with it instead of being read. Series are numbered.
 * A line that stands where it stood is known without a look-up; any other by the hash of its bytes. The last page is
 * the only copy of its series' texts.
 *
 * Order of use: `open`, `next` until `pageEnd` (after `unknownSeries`: `add`), then `close`; or, at any time, `forget`.
 */
export class SeriesCache {
  readonly scanner = new PageScanner();
  rows = new SeriesRows();
  /** Label that holds a float in the family at hand, '' where none does. */
  floatLabel: '' | 'le' | 'quantile' = '';
  /** The last page that was closed. */
  #page: Buffer = Buffer.alloc(0);
  #view: DataView = this.scanner.view;
  #format: PageFormat = 'text';
  #old = new Places();
  #new = new Places();
  /** Place in `#old` that the next line is compared with. */
  #place = 0;
  /** Series number + 1 by hash, 0 where free; a power of two long and at most half full. */
  #slots = new Uint32Array(128);
  /** Rounds count pages that were opened. */
  #round = 0;
  /** Series that the last page had. */
  #before = 0;
  /** Series that the open page had so far. */
  #present = 0;
  #spare: Buffer | undefined;
  #hash = 0;

  open(page: Buffer, format: PageFormat): void {
    this.#format = format;
    this.#round++;
    this.#present = 0;
    this.#begin(page);
  }

  /** Memory of the page before the last one: the next page may be written into it. */
  get spare(): Buffer | undefined {
    return this.#spare;
  }

  /** Series that are known. */
  get size(): number {
    return this.rows.length;
  }

  /** Begins the open page anew; the series that were added stay known. */
  rewind(): void {
    this.#begin(this.scanner.page);
  }

  /** Takes the next series of the page: its number, `unknownSeries` or `pageEnd`. The scanner holds its sample. */
  next(): number {
    for (;;) {
      if (this.#place < this.#old.length) {
        const what = this.#old.what[this.#place]!;
        if (what < 0 && this.#takeSameMetadata(what)) continue;
        if (what >= 0 && this.#takeSameSeries(what)) return what;
      }
      const line = this.scanner.next();
      if (line === 'end') return pageEnd;
      if (line === 'series') return this.#lookUp();
      this.#metadata(line);
    }
  }

  /** Numbers the series that `next` did not know. */
  add(ref: number): number {
    const series = this.rows.add(ref, this.#hash);
    if (2 * this.rows.length > this.#slots.length) this.#rehash(2 * this.#slots.length);
    else this.#slots[this.#freeSlot(this.#hash)] = series + 1;
    this.#see(series);
    return series;
  }

  /** Series that were there before and are not in the page as far as it was taken. */
  *vanished(): Iterable<number> {
    if (this.#present === this.rows.length) return;
    for (let series = 0; series < this.#before; series++) {
      if (this.rows.seen[series] !== this.#round) yield series;
    }
  }

  /** Makes the page the last one, and drops the series that it does not have. */
  close(): void {
    this.#spare = this.#page;
    this.#page = this.scanner.page;
    this.#view = this.scanner.view;
    [this.#old, this.#new] = [this.#new, this.#old];
    if (this.#present < this.rows.length) this.#dropUnseen();
    this.#before = this.rows.length;
  }

  /** Leaves the page that is open, or that never came: `vanished` then gives every series of the last one. */
  abandon(): void {
    this.#round++;
    this.#present = 0;
  }

  /** Drops everything: after a failure, or when the storage has forgotten references. */
  forget(): void {
    this.rows = new SeriesRows();
    this.#slots = new Uint32Array(128);
    this.#old = new Places();
    this.#page = Buffer.alloc(0);
    this.#before = 0;
    this.#present = 0;
  }

  /** What the last page says of its metrics: name, and `help`, `type` or `unit` with its text. */
  *metadata(): Iterable<readonly [name: string, what: 'help' | 'type' | 'unit', text: string]> {
    const scanner = new PageScanner();
    scanner.open(this.#page, this.#format);
    for (let place = 0; place < this.#old.length; place++) {
      if (this.#old.what[place]! >= 0) continue;
      scanner.seek(this.#old.starts[place]!);
      const line = scanner.next();
      if (line !== 'series' && line !== 'end') yield [scanner.name(), line, scanner.text()];
    }
  }

  #begin(page: Buffer): void {
    this.scanner.open(page, this.#format);
    this.floatLabel = '';
    this.#place = 0;
    this.#new.clear();
  }

  #takeSameSeries(series: number): boolean {
    const place = this.#place;
    if (!this.scanner.takeSeries(this.#view, this.#old.starts[place]!, this.#old.ends[place]!)) return false;
    this.#place++;
    this.#see(series);
    return true;
  }

  #takeSameMetadata(what: number): boolean {
    const place = this.#place;
    if (!this.scanner.takeLine(this.#view, this.#old.starts[place]!, this.#old.ends[place]!)) return false;
    this.#place++;
    this.#new.push(this.scanner.lineStart, this.scanner.nextStart, what);
    this.#noteType(what);
    return true;
  }

  #lookUp(): number {
    const { seriesStart, seriesEnd, view } = this.scanner;
    this.#hash = hashBytes(view, seriesStart, seriesEnd);
    const series = this.#find(this.#hash);
    if (series < 0) return unknownSeries;
    // What follows it now probably followed it before.
    if (this.rows.seen[series] !== this.#round) this.#place = this.rows.places[series]! + 1;
    this.#see(series);
    return series;
  }

  #see(series: number): void {
    const { seriesStart, seriesEnd } = this.scanner;
    const { rows } = this;
    if (rows.seen[series] !== this.#round) this.#present++;
    rows.seen[series] = this.#round;
    rows.starts[series] = seriesStart;
    rows.ends[series] = seriesEnd;
    rows.places[series] = this.#new.length;
    this.#new.push(seriesStart, seriesEnd, series);
  }

  #metadata(line: 'help' | 'type' | 'unit'): void {
    const what = line === 'type' ? typePlace(this.scanner.text()) : metadata;
    this.#new.push(this.scanner.lineStart, this.scanner.nextStart, what);
    this.#noteType(what);
    // Other words where there were words: the next line is probably the next place.
    if (this.#place < this.#old.length && this.#old.what[this.#place]! < 0) this.#place++;
  }

  #noteType(what: number): void {
    if (what !== metadata)
      this.floatLabel = what === histogramType ? 'le' : what === summaryType ? 'quantile' : '';
  }

  #find(hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const series = this.#slots[slot]! - 1;
      if (this.rows.hashes[series] === hash && this.#sameText(series)) return series;
    }
    return -1;
  }

  #sameText(series: number): boolean {
    const { seen, starts, ends } = this.rows;
    const its = seen[series] === this.#round ? this.scanner.view : this.#view;
    return this.scanner.isSeries(its, starts[series]!, ends[series]!);
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #rehash(size: number): void {
    this.#slots = new Uint32Array(size);
    for (let series = 0; series < this.rows.length; series++) {
      this.#slots[this.#freeSlot(this.rows.hashes[series]!)] = series + 1;
    }
  }

  #dropUnseen(): void {
    const { rows } = this;
    const renumbered = new Int32Array(rows.length);
    let kept = 0;
    for (let series = 0; series < rows.length; series++) {
      if (rows.seen[series] !== this.#round) continue;
      if (kept !== series) rows.move(series, kept);
      renumbered[series] = kept++;
    }
    rows.length = kept;
    this.#rehash(this.#slots.length);
    const { what, length } = this.#old;
    for (let place = 0; place < length; place++)
      if (what[place]! >= 0) what[place] = renumbered[what[place]!]!;
  }
}

function typePlace(type: string): number {
  if (type === 'histogram' || type === 'gaugehistogram') return histogramType;
  return type === 'summary' ? summaryType : otherType;
}

/** Murmur's mixing, four bytes at a time. */
function hashBytes(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mix(hash, view.getInt32(at, true));
  for (; at < end; at++) hash = mix(hash, view.getUint8(at));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const turned = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}
