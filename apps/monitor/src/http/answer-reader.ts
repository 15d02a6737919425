import { type Answer, type AnswerHeaders, answerHeaders, BodyLimitError } from './answer.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
/** Bytes that a head, or a line between two chunks of a body, may have. */
const longestHead = 64 * 1024;
/** A body of a length that was only announced gets no more memory than this before it comes. */
const trustedLength = 16 * 1024 * 1024;
const nothing = Buffer.alloc(0);

type State = 'head' | 'bytes' | 'chunk' | 'chunk end' | 'trailers' | 'rest' | 'whole';

/**
 * Reads one HTTP/1.1 answer to a GET or POST (RFC 9112) from bytes as they come. Node's own readers spend more on an
 * answer than all of a page of a hundred lines costs: streams, events and an object for each header.
 */
export class AnswerReader {
  status = 0;
  statusText = '';
  headers: AnswerHeaders = {};
  /** Whether anything came at all. */
  begun = false;
  /** The connection may take another request after this answer. */
  reusable = false;
  readonly #maxBytes: number;
  readonly #memory: Buffer | undefined;
  #state: State = 'head';
  /** Bytes that came and wait for what belongs to them. */
  #waiting: Buffer = nothing;
  /** Bytes that are still missing of the body or of its chunk. */
  #missing = 0;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** The body in one piece, where its length is known. */
  #body: Buffer | undefined;

  /**
   * @param maxBytes a body of so many is too large; 0 for no limit.
   * @param memory may take the body, where it is large enough
   */
  constructor(maxBytes: number, memory?: Buffer) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Takes bytes and copies what it keeps; true when the answer is whole. @throws where they are no HTTP. */
  take(arrived: Buffer): boolean {
    this.begun = true;
    const bytes = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, arrived]) : arrived;
    let at = 0;
    while (this.#state !== 'whole') {
      const next = this.#step(bytes, at);
      if (next < 0) break;
      at = next;
    }
    this.#waiting = at < bytes.length ? Buffer.from(bytes.subarray(at)) : nothing;
    if (this.#waiting.length > longestHead) throw new Error('cannot read the answer: its head does not end');
    const whole = this.#state === 'whole';
    // Bytes behind the end belong to no request: nothing that comes after them could be told apart.
    if (whole && this.#waiting.length > 0) this.reusable = false;
    return whole;
  }

  /** The connection has ended. @throws where the answer is not whole. */
  end(): void {
    if (this.#state === 'rest') this.#state = 'whole';
    if (this.#state !== 'whole') throw new Error('the connection ended before the answer was whole');
  }

  answer(): Answer {
    const { status, statusText, headers } = this;
    return { status, statusText, headers, body: this.#body ?? Buffer.concat(this.#parts) };
  }

  /** Takes what begins at `at`; returns where the next thing begins, −1 where more bytes must come first. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, at);
      case 'bytes':
      case 'chunk':
      case 'rest':
        return at < bytes.length ? this.#data(bytes, at) : -1;
      case 'chunk end':
        return this.#line(bytes, at, (line) => this.#chunkSize(line));
      case 'trailers':
        return this.#line(bytes, at, (line) => {
          if (line === '') this.#state = 'whole';
        });
      case 'whole':
        return -1;
    }
  }

  #head(bytes: Buffer, at: number): number {
    const end = headEnd(bytes, at);
    if (end < 0) return -1;
    const first = bytes.indexOf(newline, at);
    const version = this.#statusLine(bytes.toString('latin1', at, first));
    this.headers = headersOf(bytes, first + 1, end);
    // Provisional answers come before the one that counts.
    if (this.status >= 100 && this.status < 200) return end;
    const connection = this.headers.connection?.toLowerCase() ?? '';
    this.reusable = version === '1' ? !connection.includes('close') : connection.includes('keep-alive');
    this.#expectBody();
    return end;
  }

  /** Returns the minor version. */
  #statusLine(line: string): string {
    if (!/^HTTP\/1\.[01] \d{3}(?: |\r?$)/.test(line))
      throw new Error(`cannot read the answer: it begins with ${JSON.stringify(line.slice(0, 40))}`);
    this.status = Number(line.slice(9, 12));
    this.statusText = line.slice(13).trimEnd();
    return line[7]!;
  }

  #expectBody(): void {
    const { 'transfer-encoding': coding, 'content-length': length } = this.headers;
    if (this.status === 204 || this.status === 304) this.#state = 'whole';
    else if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked')
        throw new Error(`cannot read the answer: its transfer encoding is ${coding}`);
      this.#state = 'chunk end';
    } else if (length !== undefined) this.#expectBytes(length);
    else {
      this.#state = 'rest';
      this.#missing = Infinity;
      this.reusable = false;
    }
  }

  #expectBytes(length: string): void {
    if (!/^\d{1,15}$/.test(length)) throw new Error(`cannot read the answer: its length is "${length}"`);
    this.#missing = Number(length);
    this.#checkLimit(this.#missing);
    if (this.#missing <= trustedLength) this.#body = memoryFor(this.#missing, this.#memory);
    this.#state = this.#missing === 0 ? 'whole' : 'bytes';
  }

  /** A line that says how long the next chunk is, or the empty one that ends a chunk. */
  #chunkSize(line: string): void {
    if (line === '' && this.#bytes > 0) return;
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;|$)/.exec(line)?.[1];
    if (size === undefined)
      throw new Error(`cannot read the answer: a chunk begins with ${JSON.stringify(line)}`);
    this.#missing = Number.parseInt(size, 16);
    this.#state = this.#missing === 0 ? 'trailers' : 'chunk';
  }

  #data(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#missing);
    const before = this.#bytes;
    this.#bytes += end - at;
    this.#checkLimit(this.#bytes);
    if (this.#body) bytes.copy(this.#body, before, at, end);
    else this.#parts.push(Buffer.from(bytes.subarray(at, end)));
    this.#missing -= end - at;
    if (this.#missing === 0) this.#state = this.#state === 'bytes' ? 'whole' : 'chunk end';
    return end;
  }

  #line(bytes: Buffer, at: number, take: (line: string) => void): number {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return -1;
    take(bytes.toString('latin1', at, end > at && bytes[end - 1] === carriageReturn ? end - 1 : end));
    return end + 1;
  }

  #checkLimit(bytes: number): void {
    if (this.#maxBytes > 0 && bytes >= this.#maxBytes) throw new BodyLimitError(this.#maxBytes);
  }
}

/** Memory that bodies were put into. Small buffers of other makers are pieces of one that others use too. */
const bodyMemory = new WeakSet<ArrayBufferLike>();

/** So many bytes, of the memory where that is not far too large, else with some room for the next body. */
function memoryFor(bytes: number, memory: Buffer | undefined): Buffer {
  if (memory && bodyMemory.has(memory.buffer)) {
    const room = memory.buffer.byteLength;
    if (room >= bytes && room <= 2 * bytes) return Buffer.from(memory.buffer, 0, bytes);
  }
  const fresh = Buffer.allocUnsafeSlow(bytes + (bytes >>> 5));
  bodyMemory.add(fresh.buffer);
  return fresh.subarray(0, bytes);
}

/** Past the empty line that ends a head; −1 where it has not come. */
function headEnd(bytes: Buffer, from: number): number {
  for (let end = bytes.indexOf(newline, from); end >= 0; end = bytes.indexOf(newline, end + 1)) {
    const next = bytes[end + 1] === carriageReturn ? end + 2 : end + 1;
    if (bytes[next] === newline) return next + 1;
  }
  return -1;
}

/** The known names by their lengths, which all differ: nearly every line is passed over by its length alone. */
const namesByLength: (keyof AnswerHeaders)[] = [];
for (const name of answerHeaders) namesByLength[name.length] = name;

function headersOf(bytes: Buffer, from: number, end: number): AnswerHeaders {
  const headers: { -readonly [K in keyof AnswerHeaders]: string } = {};
  for (let start = from, next: number; start < end; start = next) {
    next = bytes.indexOf(newline, start) + 1;
    const name = nameAt(bytes, start);
    if (name === undefined) continue;
    const value = bytes.toString('latin1', start + name.length + 1, next - 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

function nameAt(bytes: Buffer, start: number): keyof AnswerHeaders | undefined {
  let colon = start;
  while (bytes[colon] !== 0x3a && bytes[colon] !== newline) colon++;
  const name = namesByLength[colon - start];
  if (name === undefined) return undefined;
  // Letters differ from their capitals by one bit, which the hyphen has too.
  for (let i = 0; i < name.length; i++) {
    if ((bytes[start + i]! | 0x20) !== name.charCodeAt(i)) return undefined;
  }
  return name;
}
