import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { Arena } from './arena.ts';
import { type SharedHead, textField, textWords } from './shared-head.ts';

interface Name {
  readonly id: number;
  readonly values: Map<string, number>;
}

/** The block's generation stands before the bytes. */
export const textHeader = 4;

/**
 * Label names and values by number, writer's side. A name is a text with parent 0; a value is a text whose parent is its
 * name: one number says name and value both. Number 0 is nothing. A value lives as long as series hold it, a name as
 * long as it has values.
 */
export class Texts {
  readonly #shared: SharedHead;
  readonly #arena: Arena;
  readonly #names = new Map<string, Name>();
  readonly #freeIds: number[] = [];
  #count = 1;

  constructor(shared: SharedHead, arena: Arena) {
    this.#shared = shared;
    this.#arena = arena;
  }

  /** The number of a label, 0 where it was never interned. */
  find(name: string, value: string): number {
    return this.#names.get(name)?.values.get(value) ?? 0;
  }

  /** The number of a label, held once more. */
  hold(name: string, value: string): number {
    const id = this.#intern(name, value);
    this.#shared.texts.u32[textWords * id + textField.holders]!++;
    return id;
  }

  release(id: number): void {
    const { u32 } = this.#shared.texts;
    if (--u32[textWords * id + textField.holders]! > 0) return;
    const parent = u32[textWords * id + textField.parent]!;
    const name = this.text(parent);
    const known = this.#names.get(name)!;
    known.values.delete(this.text(id));
    this.#drop(id);
    if (known.values.size > 0) return;
    this.#names.delete(name);
    this.#drop(parent);
  }

  parent(id: number): number {
    return this.#shared.texts.u32[textWords * id + textField.parent]!;
  }

  text(id: number): string {
    return readText(this.#shared, id);
  }

  /** Writes a text as the log has it: the number of its bytes and the bytes, which need not become a string for it. */
  write(id: number, out: ByteWriter): void {
    const { u32 } = this.#shared.texts;
    const length = u32[textWords * id + textField.length]!;
    const from = 8 * u32[textWords * id + textField.address]! + textHeader;
    out.uvarint(length);
    out.reserve(length);
    const { u8 } = this.#arena.memory;
    const { bytes, length: at } = out;
    for (let i = 0; i < length; i++) bytes[at + i] = u8[from + i]!;
    out.length += length;
  }

  #intern(name: string, value: string): number {
    let known = this.#names.get(name);
    if (!known) {
      const { id, text } = this.#add(0, name);
      known = { id, values: new Map() };
      this.#names.set(text, known);
    }
    const old = known.values.get(value);
    if (old !== undefined) return old;
    const { id, text } = this.#add(known.id, value);
    known.values.set(text, id);
    return id;
  }

  /** The text comes back as a string of its own: the caller's may be a slice that keeps a whole page alive. */
  #add(parent: number, text: string): { id: number; text: string } {
    const id = this.#freeIds.pop() ?? this.#count++;
    const bytes = Buffer.from(text);
    const address = this.#arena.allocate(textHeader + bytes.length);
    this.#arena.memory.u8.set(bytes, 8 * address + textHeader);
    this.#shared.texts.ensure(4 * textWords * this.#count);
    const { u32 } = this.#shared.texts;
    u32[textWords * id + textField.parent] = parent;
    u32[textWords * id + textField.address] = address;
    u32[textWords * id + textField.length] = bytes.length;
    u32[textWords * id + textField.holders] = 0;
    return { id, text: bytes.toString() };
  }

  #drop(id: number): void {
    const { u32 } = this.#shared.texts;
    this.#arena.free(
      u32[textWords * id + textField.address]!,
      textHeader + u32[textWords * id + textField.length]!,
    );
    this.#freeIds.push(id);
  }
}

/** The text of a number, from any thread. */
export function readText(shared: SharedHead, id: number): string {
  const { u32 } = shared.texts;
  const address = u32[textWords * id + textField.address]!;
  const length = u32[textWords * id + textField.length]!;
  return Buffer.from(
    shared.arena.buffer as unknown as ArrayBuffer,
    8 * address + textHeader,
    length,
  ).toString();
}
