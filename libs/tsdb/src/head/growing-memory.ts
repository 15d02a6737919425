/**
 * Shared memory that grows in place: address space is reserved at once, pages are taken as they are written. Its views
 * have a fixed length (V8 reads views that follow a growing buffer 30 times slower), so after growth each thread makes
 * new ones: the writer in `ensure`, readers in `refresh`.
 */
export class GrowingMemory {
  readonly buffer: SharedArrayBuffer;
  u8!: Uint8Array;
  i32!: Int32Array;
  u32!: Uint32Array;
  f64!: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#view();
  }

  static reserve(bytes: number, most: number): GrowingMemory {
    return new GrowingMemory(new SharedArrayBuffer(bytes, { maxByteLength: most }));
  }

  /** Writer: makes at least `bytes` bytes usable, growing by an eighth at least. @throws RangeError at the limit. */
  ensure(bytes: number): void {
    const now = this.buffer.byteLength;
    if (bytes <= now) return;
    const most = this.buffer.maxByteLength;
    if (bytes > most)
      throw new RangeError(`cannot grow the head's memory to ${bytes} bytes: ${most} are reserved`);
    const step = Math.max(1 << 20, now / 8);
    this.buffer.grow(Math.min(most, Math.ceil((bytes + step) / 65536) * 65536));
    this.#view();
  }

  /** Reader: sees what the writer added. */
  refresh(): void {
    if (this.u8.length !== this.buffer.byteLength) this.#view();
  }

  #view(): void {
    const bytes = this.buffer.byteLength;
    this.u8 = new Uint8Array(this.buffer, 0, bytes);
    this.i32 = new Int32Array(this.buffer, 0, bytes / 4);
    this.u32 = new Uint32Array(this.buffer, 0, bytes / 4);
    this.f64 = new Float64Array(this.buffer, 0, bytes / 8);
  }
}
