/**
 * The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), as much as Paddle and ONNX use.
 * Repeated scalars are read packed and unpacked; unknown fields are skipped.
 */
export class ProtobufReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly end: number;
  private offset: number;
  private wireType = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = start;
    this.end = end;
  }

  /** Calls `field` for each field until the end; what `field` leaves unread is skipped. */
  fields(field: (number: number) => void): void {
    while (this.offset < this.end) {
      const key = this.integer();
      this.wireType = key & 7;
      const before = this.offset;
      if (key < 8) this.fail(`field number 0`);
      field(Math.floor(key / 8));
      if (this.offset === before) this.skip();
    }
  }

  message<T>(read: (reader: ProtobufReader) => T): T {
    const end = this.lengthDelimitedEnd();
    const value = read(new ProtobufReader(this.bytes, this.offset, end));
    this.offset = end;
    return value;
  }

  text(): string {
    return utf8.decode(this.blob());
  }

  blob(): Uint8Array {
    const end = this.lengthDelimitedEnd();
    const value = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return value;
  }

  /** A varint as a signed 64-bit integer; above 2⁵³ the low bits are lost. */
  int(): number {
    this.expect(0);
    return this.integer();
  }

  bool(): boolean {
    return this.int() !== 0;
  }

  float(): number {
    this.expect(5);
    return this.view.getFloat32(this.advance(4), true);
  }

  double(): number {
    this.expect(1);
    return this.view.getFloat64(this.advance(8), true);
  }

  ints(into: number[]): void {
    this.repeated(into, 0, () => this.integer());
  }

  bools(into: boolean[]): void {
    this.repeated(into, 0, () => this.integer() !== 0);
  }

  floats(into: number[]): void {
    this.repeated(into, 5, () => this.view.getFloat32(this.advance(4), true));
  }

  doubles(into: number[]): void {
    this.repeated(into, 1, () => this.view.getFloat64(this.advance(8), true));
  }

  private repeated<T>(into: T[], wireType: number, read: () => T): void {
    if (this.wireType !== 2) {
      this.expect(wireType);
      into.push(read());
      return;
    }
    const end = this.lengthDelimitedEnd();
    while (this.offset < end) into.push(read());
    if (this.offset !== end) this.fail('a packed field overruns its length');
  }

  private integer(): number {
    let low = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.advance(1)]!;
      low |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, low));
    }
    return this.fail('a varint is longer than ten bytes');
  }

  private lengthDelimitedEnd(): number {
    this.expect(2);
    const length = this.integer();
    if (length < 0 || this.offset + length > this.end)
      this.fail(`a field of ${length} bytes reaches past the end`);
    return this.offset + length;
  }

  private skip(): void {
    switch (this.wireType) {
      case 0:
        this.integer();
        return;
      case 1:
        this.advance(8);
        return;
      case 2:
        this.offset = this.lengthDelimitedEnd();
        return;
      case 5:
        this.advance(4);
        return;
      default:
        this.fail(`wire type ${this.wireType}`);
    }
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) this.fail(`wire type ${this.wireType} where ${wireType} belongs`);
  }

  /** Steps over `count` bytes and returns where they begin. */
  private advance(count: number): number {
    const start = this.offset;
    if (start + count > this.end) this.fail('the data ends in the middle of a field');
    this.offset = start + count;
    return start;
  }

  private fail(what: string): never {
    throw new ProtobufError(what, this.offset);
  }
}

export class ProtobufError extends Error {
  override name = 'ProtobufError';
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at offset ${offset}`);
    this.offset = offset;
  }
}

const utf8 = new TextDecoder();
const toUtf8 = new TextEncoder();

/** Writes what `ProtobufReader` reads; a message is a list of parts, joined once by `bytes`. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  int(field: number, value: number): this {
    return this.push(varint(field * 8)).push(varint(value));
  }

  float(field: number, value: number): this {
    const data = new Uint8Array(4);
    new DataView(data.buffer).setFloat32(0, value, true);
    return this.push(varint(field * 8 + 5)).push(data);
  }

  text(field: number, value: string): this {
    return this.blob(field, toUtf8.encode(value));
  }

  blob(field: number, value: Uint8Array): this {
    return this.push(varint(field * 8 + 2))
      .push(varint(value.length))
      .push(value);
  }

  message(field: number, write: (writer: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    this.push(varint(field * 8 + 2)).push(varint(inner.length));
    for (const part of inner.parts) this.push(part);
    return this;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  private push(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
