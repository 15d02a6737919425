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

  /**
   * @param values one for each line: those rendered before, then new ones.
   * @param heads the heads of the new lines.
   * @returns bytes that are never written again.
   */
  render(values: Float64Array, heads: Iterable<string>): Buffer {
    const fresh = values.length - this.#rendered;
    if (fresh === 0 && this.#asShown(values)) return this.#bytes;
    const out = new ByteWriter(this.#bytes.length + 64 + averageLine * fresh);
    this.#reserveLines(values.length);
    this.#rewrite(values, out);
    this.#append(values, heads, out);
    this.#bytes = out.finish();
    return this.#bytes;
  }

  #asShown(values: Float64Array): boolean {
    for (let line = 0; line < values.length; line++) if (values[line] !== this.#shown[line]) return false;
    return true;
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

  #append(values: Float64Array, heads: Iterable<string>, out: ByteWriter): void {
    for (const head of heads) {
      const line = this.#rendered++;
      out.text(head);
      out.value(values[line]!);
      out.newline();
      this.#ends[line] = out.length;
      this.#shown[line] = values[line]!;
    }
  }

  #reserveLines(lines: number): void {
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
