import type { Labels } from '@paddlewatch/model';
import type { Effort } from '../read/effort.ts';
import { everything, PostingsList } from '../read/postings.ts';
import type { LabelIndex } from '../read/select-postings.ts';
import { addHash, type Hash, hashText, type SeriesHashes, startHash } from '../read/series-hash.ts';
import {
  controlWord,
  labelsField,
  rowField,
  rowWords,
  type SharedHead,
  textField,
  textWords,
} from './shared-head.ts';
import { readText } from './texts.ts';

export interface NameEntry {
  readonly id: number;
  readonly name: string;
  /** Text ids of its values, in the order of their coming. */
  readonly values: number[];
  /** Filled from `values` where somebody asks for a value by its text. */
  readonly byText: Map<string, number>;
  mapped: number;
}

/**
 * The label index of a head, reader's side: every thread has its own and brings it up to date from the shared log.
 * A series is known here by its place in the log, so that postings rise as series come.
 */
export class SeriesIndex implements LabelIndex {
  readonly shared: SharedHead;
  /** Slot of each place. */
  slots = new Uint32Array(1024);
  length = 0;
  readonly #epoch: number;
  readonly names: NameEntry[] = [];
  readonly #nameOf = new Map<string, NameEntry>();
  readonly #nameById: (NameEntry | undefined)[] = [];
  /** Places of the series that bear a label, by the text id of its value. */
  readonly #postings: (PostingsList | undefined)[] = [];
  readonly #texts: (string | undefined)[] = [];
  /** Hashes of texts, by id. */
  readonly #textLow: (number | undefined)[] = [];
  readonly #textHigh: (number | undefined)[] = [];

  private constructor(shared: SharedHead, epoch: number) {
    this.shared = shared;
    this.#epoch = epoch;
  }

  /** An up-to-date index; waits out a removal, which takes the writer some milliseconds. */
  static build(shared: SharedHead): SeriesIndex {
    for (;;) {
      const epoch = Atomics.load(shared.control, controlWord.epoch);
      if (epoch % 2 !== 0) continue;
      const index = new SeriesIndex(shared, epoch);
      if (index.update()) return index;
    }
  }

  /** An index that knows nothing yet. */
  static begin(shared: SharedHead): SeriesIndex {
    return new SeriesIndex(shared, Atomics.load(shared.control, controlWord.epoch));
  }

  /**
   * Takes in the series that came since the last time, so many at most. False where series were removed meanwhile: then
   * the index must be built anew, and sets that were opened with this one keep it.
   */
  update(most = Infinity): boolean {
    const { shared } = this;
    if (Atomics.load(shared.control, controlWord.epoch) !== this.#epoch) return false;
    const length = Math.min(this.length + most, Atomics.load(shared.control, controlWord.logLength));
    if (length === this.length) return true;
    shared.refresh();
    if (length > this.slots.length) {
      const grown = new Uint32Array(Math.max(length, 2 * this.slots.length));
      grown.set(this.slots);
      this.slots = grown;
    }
    for (let at = this.length; at < length; at++) this.#add(at, shared.log.u32[at]!);
    this.length = length;
    return Atomics.load(shared.control, controlWord.epoch) === this.#epoch;
  }

  #add(at: number, slot: number): void {
    this.slots[at] = slot;
    const { u32 } = this.shared.arena;
    const block = 2 * this.#labelsBlock(slot);
    const count = u32[block + labelsField.count]!;
    for (let i = 0; i < count; i++) {
      const id = u32[block + labelsField.first + i]!;
      let postings = this.#postings[id];
      if (!postings) postings = this.#meet(id);
      postings.push(at);
    }
  }

  /** The first series with a label that was never seen. */
  #meet(id: number): PostingsList {
    const parent = this.parentOf(id);
    let entry = this.#nameById[parent];
    if (!entry) {
      entry = { id: parent, name: this.text(parent), values: [], byText: new Map(), mapped: 0 };
      this.#nameById[parent] = entry;
      this.#nameOf.set(entry.name, entry);
      this.names.push(entry);
    }
    entry.values.push(id);
    // Ids rise by one: keep the array dense.
    while (this.#postings.length < id) this.#postings.push(undefined);
    const postings = new PostingsList();
    this.#postings[id] = postings;
    return postings;
  }

  name(name: string): NameEntry | undefined {
    return this.#nameOf.get(name);
  }

  get bound(): number {
    return this.length;
  }

  get isComplete(): boolean {
    return this.length === Atomics.load(this.shared.control, controlWord.logLength);
  }

  everything(effort?: Effort): Uint32Array {
    effort?.('posting', this.length);
    return everything(this.length);
  }

  withValue(name: string, value: string, effort?: Effort): Uint32Array | undefined {
    const entry = this.name(name);
    if (!entry) return undefined;
    effort?.('value', entry.values.length - entry.mapped);
    const id = this.#find(entry, value);
    return id === undefined ? undefined : this.#list(id, effort);
  }

  withTest(name: string, test: (value: string) => boolean, effort?: Effort): Uint32Array[] {
    const values = this.name(name)?.values ?? [];
    effort?.('value', values.length);
    return values.filter((id) => test(this.text(id))).map((id) => this.#list(id, effort));
  }

  #list(id: number, effort: Effort | undefined): Uint32Array {
    const list = this.#postings[id]!.view();
    effort?.('posting', list.length);
    return list;
  }

  /** The text id of a value, undefined where no series bears it. */
  #find(entry: NameEntry, value: string): number | undefined {
    for (; entry.mapped < entry.values.length; entry.mapped++) {
      const id = entry.values[entry.mapped]!;
      entry.byText.set(this.text(id), id);
    }
    return entry.byText.get(value);
  }

  parentOf(id: number): number {
    return this.shared.texts.u32[textWords * id + textField.parent]!;
  }

  text(id: number): string {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const text = readText(this.shared, id);
    while (this.#texts.length < id) this.#texts.push(undefined);
    this.#texts[id] = text;
    return text;
  }

  /** Hashes of the label sets at these places. */
  hashes(places: Uint32Array): SeriesHashes {
    const low = new Int32Array(places.length);
    const high = new Int32Array(places.length);
    const { u32 } = this.shared.arena;
    const texts = this.shared.texts.u32;
    const series = { low: 0, high: 0 };
    for (let i = 0; i < places.length; i++) {
      const block = 2 * this.#labelsBlock(this.slots[places[i]!]!);
      const end = block + labelsField.first + u32[block + labelsField.count]!;
      startHash(series);
      for (let k = block + labelsField.first; k < end; k++) {
        const id = u32[k]!;
        this.#addText(series, texts[textWords * id + textField.parent]!);
        this.#addText(series, id);
      }
      low[i] = series.low;
      high[i] = series.high;
    }
    return { low, high };
  }

  #addText(series: Hash, id: number): void {
    let low = this.#textLow[id];
    if (low === undefined) {
      const hash = { low: 0, high: 0 };
      hashText(this.text(id), hash);
      while (this.#textLow.length < id) {
        this.#textLow.push(undefined);
        this.#textHigh.push(undefined);
      }
      low = hash.low;
      this.#textLow[id] = low;
      this.#textHigh[id] = hash.high;
    }
    addHash(series, low, this.#textHigh[id]!);
  }

  labels(at: number): Labels {
    const { u32 } = this.shared.arena;
    const block = 2 * this.#labelsBlock(this.slots[at]!);
    const count = u32[block + labelsField.count]!;
    const labels: string[] = [];
    for (let i = 0; i < count; i++) {
      const id = u32[block + labelsField.first + i]!;
      labels.push(this.text(this.parentOf(id)), this.text(id));
    }
    return labels;
  }

  labelCount(at: number): number {
    return this.shared.arena.u32[2 * this.#labelsBlock(this.slots[at]!) + labelsField.count]!;
  }

  /** The text id of the value of a label by its place among those of the series, 0 where it has fewer. */
  nthLabel(at: number, nth: number): number {
    const { u32 } = this.shared.arena;
    const block = 2 * this.#labelsBlock(this.slots[at]!);
    return nth < u32[block + labelsField.count]! ? u32[block + labelsField.first + nth]! : 0;
  }

  /** The text id of the label with this name (by its id) of a series, 0 where it has none. */
  labelId(at: number, nameId: number): number {
    const { u32 } = this.shared.arena;
    const texts = this.shared.texts.u32;
    const block = 2 * this.#labelsBlock(this.slots[at]!);
    const first = block + labelsField.first;
    const end = first + u32[block + labelsField.count]!;
    for (let i = first; i < end; i++) {
      const id = u32[i]!;
      if (texts[textWords * id + textField.parent] === nameId) return id;
    }
    return 0;
  }

  #labelsBlock(slot: number): number {
    return this.shared.rows.u32[rowWords * slot + rowField.labels]!;
  }
}
