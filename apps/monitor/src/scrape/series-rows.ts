import { doubled } from './places.ts';

/** The series of a target as columns, a number for each series. */
export class SeriesRows {
  length = 0;
  /** The storage's reference; below 0 for a series that relabelling drops. */
  refs = new Float64Array(64);
  /** 1 where the last sample came with a timestamp of its own. */
  timestamped = new Uint8Array(64);
  /** The round in which the series was seen last: its bytes and its place are in the page of that round. */
  seen = new Uint32Array(64);
  starts = new Uint32Array(64);
  ends = new Uint32Array(64);
  places = new Uint32Array(64);
  hashes = new Uint32Array(64);

  add(ref: number, hash: number): number {
    if (this.length === this.refs.length) this.#grow();
    this.refs[this.length] = ref;
    this.timestamped[this.length] = 0;
    this.hashes[this.length] = hash;
    return this.length++;
  }

  /** Overwrites series `to` with series `from`, when the series between them have gone. */
  move(from: number, to: number): void {
    this.refs[to] = this.refs[from]!;
    this.timestamped[to] = this.timestamped[from]!;
    this.seen[to] = this.seen[from]!;
    this.starts[to] = this.starts[from]!;
    this.ends[to] = this.ends[from]!;
    this.places[to] = this.places[from]!;
    this.hashes[to] = this.hashes[from]!;
  }

  #grow(): void {
    const size = 2 * this.length;
    this.refs = doubled(this.refs, new Float64Array(size));
    this.timestamped = doubled(this.timestamped, new Uint8Array(size));
    this.seen = doubled(this.seen, new Uint32Array(size));
    this.starts = doubled(this.starts, new Uint32Array(size));
    this.ends = doubled(this.ends, new Uint32Array(size));
    this.places = doubled(this.places, new Uint32Array(size));
    this.hashes = doubled(this.hashes, new Uint32Array(size));
  }
}
