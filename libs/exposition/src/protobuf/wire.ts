// Protocol Buffers as they stand in bytes: https://protobuf.dev/programming-guides/encoding/

const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A message that does not hold together. Says at which byte of the page. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';

  constructor(what: string, at: number) {
    super(`byte ${at}: ${what}`);
  }
}

/** Hears each field of a message: its number, and a reader that stands before its value and must take it. */
export type EachField = (field: number, value: FieldValue) => void;

/** A cursor over a message. @throws ProtobufError where the bytes end too early */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** All fields of the message, unknown ones too. */
  fields(each: EachField): void {
    const value = new FieldValue(this);
    while (!this.isAtEnd) {
      const tag = this.varint();
      value.type = tag % 8;
      each(Math.floor(tag / 8), value);
      value.skip();
    }
  }

  /** Unsigned. Above 2^53 the low bits are lost. */
  varint(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 10; count++, scale *= 128) {
      const byte = this.#bytes[this.#take(1)]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return this.fail('a number is longer than 10 bytes');
  }

  /** Two's complement, which a negative number needs to the last bit. */
  int64(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#take(1)]!;
      value += BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    return this.fail('a number is longer than 10 bytes');
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** A reader of the next `length` bytes. */
  part(length: number): WireReader {
    const from = this.#take(length);
    return new WireReader(this.#bytes, from, from + length);
  }

  text(): string {
    const text = this.#bytes.toString('utf8', this.#at, this.#end);
    this.#at = this.#end;
    return text;
  }

  pass(length: number): void {
    this.#take(length);
  }

  fail(what: string): never {
    throw new ProtobufError(what, this.#at);
  }

  #take(count: number): number {
    if (count > this.#end - this.#at) this.fail(`${count} bytes expected, ${this.#end - this.#at} are left`);
    const from = this.#at;
    this.#at += count;
    return from;
  }
}

/** The value of a field, to be taken once as what the schema says it is. */
export class FieldValue {
  readonly #reader: WireReader;
  #type = -1;

  constructor(reader: WireReader) {
    this.#reader = reader;
  }

  set type(type: number) {
    this.#type = type;
  }

  /** uint32, uint64, enum. */
  unsigned(): number {
    this.#expect(wireType.varint);
    return this.#reader.varint();
  }

  /** int64: two's complement. */
  int(): number {
    this.#expect(wireType.varint);
    return this.#reader.int64();
  }

  /** sint32, sint64: zigzag. */
  signed(): number {
    return zigzag(this.unsigned());
  }

  double(): number {
    this.#expect(wireType.fixed64);
    return this.#reader.double();
  }

  message(): WireReader {
    this.#expect(wireType.bytes);
    return this.#reader.part(this.#reader.varint());
  }

  text(): string {
    return this.message().text();
  }

  /** Adds one or, packed, many to a repeated sint64. */
  signedInto(list: number[]): void {
    if (this.#type !== wireType.bytes) list.push(this.signed());
    else for (const part = this.message(); !part.isAtEnd; ) list.push(zigzag(part.varint()));
  }

  /** The same for a repeated double. */
  doubleInto(list: number[]): void {
    if (this.#type !== wireType.bytes) list.push(this.double());
    else for (const part = this.message(); !part.isAtEnd; ) list.push(part.double());
  }

  /** Passes over the value where nobody took it. */
  skip(): void {
    const type = this.#type;
    this.#type = -1;
    if (type === wireType.varint) this.#reader.varint();
    else if (type === wireType.fixed64) this.#reader.pass(8);
    else if (type === wireType.bytes) this.#reader.pass(this.#reader.varint());
    else if (type === wireType.fixed32) this.#reader.pass(4);
    else if (type !== -1) this.#reader.fail(`a field of wire type ${type}`);
  }

  #expect(type: number): void {
    if (this.#type !== type) this.#reader.fail(`a field of wire type ${this.#type} where ${type} belongs`);
    this.#type = -1;
  }
}

function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
