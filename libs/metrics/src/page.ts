import { ByteWriter } from './byte-writer.ts';

const space = 0x20;

/**
 * Lines `head value\n` whose heads stay and whose values change. The bytes last rendered are the only copy of the
 * heads: a new rendering copies the runs between changed values and writes those values.
 */
export class Page {
  #bytes: Buffer = Buffer.alloc(0);
  /** End of each rendered line in `#bytes`. */
  #ends = new Uint32Array(0);
  #shown = new Float64Array(0);
  #rendered = 0;
  /** Heads of lines that were never rendered yet. */
  #fresh: string[] = [];

  add(head: string): void {
    this.#fresh.push(head);
  }

  get length(): number {
    return this.#rendered + this.#fresh.length;
  }

  /** @param values one for each line in order of `add`. The bytes returned are never written again. */
  render(values: Float64Array): Buffer {
    if (this.#fresh.length === 0 && this.#firstChanged(values) === this.#rendered) return this.#bytes;
    const out = new ByteWriter(this.#bytes.length + 64 + averageLine * this.#fresh.length);
    this.#reserveLines();
    this.#rewrite(values, out);
    this.#append(values, out);
    this.#bytes = out.finish();
    return this.#bytes;
  }

  #firstChanged(values: Float64Array): number {
    let line = 0;
    while (line < this.#rendered && values[line] === this.#shown[line]) line++;
    return line;
  }

  #rewrite(values: Float64Array, out: ByteWriter): void {
    const old = this.#bytes;
    let copied = 0;
    let shift = 0;
    for (let line = 0; line < this.#rendered; line++) {
      const end = this.#ends[line]!;
      const value = values[line]!;
      if (value !== this.#shown[line]) {
        let valueAt = end - 1;
        while (old[valueAt - 1] !== space) valueAt--;
        out.copy(old, copied, valueAt);
        out.value(value);
        copied = end - 1;
        shift = out.length + 1 - end;
        this.#shown[line] = value;
      }
      this.#ends[line] = end + shift;
    }
    out.copy(old, copied, old.length);
  }

  #append(values: Float64Array, out: ByteWriter): void {
    for (const head of this.#fresh) {
      const line = this.#rendered++;
      out.text(head);
      out.value(values[line]!);
      out.newline();
      this.#ends[line] = out.length;
      this.#shown[line] = values[line]!;
    }
    this.#fresh = [];
  }

  #reserveLines(): void {
    const lines = this.#rendered + this.#fresh.length;
    if (lines <= this.#ends.length) return;
    const ends = new Uint32Array(Math.max(lines, 2 * this.#ends.length));
    ends.set(this.#ends);
    const shown = new Float64Array(ends.length);
    shown.set(this.#shown);
    this.#ends = ends;
    this.#shown = shown;
  }
}

/** Bytes to expect of a new line; more make the buffer grow. */
const averageLine = 96;
