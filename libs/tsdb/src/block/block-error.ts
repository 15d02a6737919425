/** A file of a block is damaged: the message names it and the offset. */
export class BlockError extends Error {
  readonly file: string;
  readonly offset: number;

  constructor(file: string, offset: number, what: string) {
    super(`cannot read ${file} at offset ${offset}: ${what}`);
    this.name = 'BlockError';
    this.file = file;
    this.offset = offset;
  }
}
