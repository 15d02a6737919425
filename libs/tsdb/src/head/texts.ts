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
 * name: one number says name and value both. Number 0 is nothing.
 */
export class Texts {
  readonly #shared: SharedHead;
  readonly #arena: Arena;
  readonly #names = new Map<string, Name>();
  #count = 1;

  constructor(shared: SharedHead, arena: Arena) {
    this.#shared = shared;
    this.#arena = arena;
  }

  /** The number of a label, 0 where it was never interned. */
  find(name: string, value: string): number {
    return this.#names.get(name)?.values.get(value) ?? 0;
  }

  intern(name: string, value: string): number {
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
    const id = this.#count++;
    const bytes = Buffer.from(text);
    const address = this.#arena.allocate(textHeader + bytes.length);
    this.#arena.memory.u8.set(bytes, 8 * address + textHeader);
    this.#shared.texts.ensure(4 * textWords * this.#count);
    const { u32 } = this.#shared.texts;
    u32[textWords * id + textField.parent] = parent;
    u32[textWords * id + textField.address] = address;
    u32[textWords * id + textField.length] = bytes.length;
    return { id, text: bytes.toString() };
  }
}
