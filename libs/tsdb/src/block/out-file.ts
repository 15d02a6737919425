import fs from 'node:fs';
import { ByteWriter } from '../bytes/byte-writer.ts';

const flushAt = 1024 * 1024;

/** A new file that is written from front to back. Put bytes into `out`, then call `flush` now and then. */
export class OutFile {
  readonly out = new ByteWriter(flushAt + 64 * 1024);
  readonly #fd: number;
  #written = 0;
  #isOpen = true;

  constructor(path: string) {
    this.#fd = fs.openSync(path, 'wx');
  }

  /** Length of the file with what waits in `out`. */
  get position(): number {
    return this.#written + this.out.length;
  }

  /** Writes out what waits, where it is much. */
  flush(least = flushAt): void {
    const { out } = this;
    if (out.length < least) return;
    for (let done = 0; done < out.length; ) {
      done += fs.writeSync(this.#fd, out.bytes, done, out.length - done);
    }
    this.#written += out.length;
    out.clear();
  }

  /** Everything is on the disk when it returns. */
  close(): void {
    try {
      this.flush(0);
      fs.fsyncSync(this.#fd);
    } finally {
      this.abandon();
    }
  }

  /** Gives the file up where something went wrong, be it in `close`. */
  abandon(): void {
    if (this.#isOpen) fs.closeSync(this.#fd);
    this.#isOpen = false;
  }
}
