import { Cells } from './cells.ts';
import type { Child, Kind } from './kind.ts';
import { LabelIndex } from './label-index.ts';
import { Page } from './page.ts';

/** One string for each label name. */
export type LabelValues<L extends readonly string[]> = { readonly [K in keyof L]: string };

/** The value that every label of the one child bears that takes what the cap refused. */
export const overflowValue = '_overflow';

export interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Children the family may have. Beyond it, one more takes all that comes. */
  readonly maxChildren: number;
  /** Hears of each look-up that the cap refused. */
  readonly onOverflow: () => void;
}

/** All children of one metric name, told apart by label values. */
export class Family<C extends Child, const L extends readonly string[]> {
  readonly #kind: Kind<C>;
  readonly #options: FamilyOptions;
  readonly #cells: Cells;
  #index: LabelIndex;
  #page = new Page();
  #children: C[] = [];
  /** Children whose lines the page has. */
  #rendered = 0;

  constructor(kind: Kind<C>, options: FamilyOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#cells = new Cells(kind.width);
    this.#index = new LabelIndex(options.labelNames.length);
  }

  /** The child with these label values, made when it is not there: bind it once where the values are known early. */
  with(...values: LabelValues<L>): C {
    const at = this.#index.find(values);
    return at >= 0 ? this.#children[at]! : this.#admit(values);
  }

  /** Forgets a child; whoever still holds it writes in vain. */
  remove(...values: LabelValues<L>): void {
    const gone = this.#index.find(values);
    if (gone < 0) return;
    this.#cells.removeRow(this.#children[gone]!.at);
    const orphanage = new Cells(this.#kind.width);
    Object.assign(this.#children[gone]!, { cells: orphanage, at: orphanage.addRow() });
    this.#children.splice(gone, 1);
    this.#reindex(gone);
  }

  /** Children there are now. */
  get size(): number {
    return this.#children.length;
  }

  /** The sample lines of all children. The bytes are never written again. */
  render(): Buffer {
    const { lines } = this.#kind;
    const current = new Float64Array(this.#children.length * lines);
    const cells = this.#cells.values;
    for (let i = 0; i < this.#children.length; i++) {
      this.#kind.show(cells, this.#children[i]!.at, current, i * lines);
    }
    const bytes = this.#page.render(current, this.#freshHeads());
    this.#rendered = this.#children.length;
    return bytes;
  }

  get name(): string {
    return this.#options.name;
  }

  get help(): string {
    return this.#options.help;
  }

  get type(): Kind<C>['type'] {
    return this.#kind.type;
  }

  #admit(values: readonly string[]): C {
    const { labelNames, maxChildren, name, onOverflow } = this.#options;
    if (values.length !== labelNames.length) {
      throw new TypeError(
        `cannot find a child of ${name}: it has ${labelNames.length} labels, not ${values.length}`,
      );
    }
    if (this.#children.length < maxChildren) return this.#add(values);
    onOverflow();
    const overflow = labelNames.map(() => overflowValue);
    const at = this.#index.find(overflow);
    return at >= 0 ? this.#children[at]! : this.#add(overflow);
  }

  #add(values: readonly string[]): C {
    const child = this.#kind.child(this.#cells, this.#cells.addRow());
    this.#children.push(child);
    this.#index.add(values);
    return child;
  }

  *#freshHeads(): Iterable<string> {
    const { name, labelNames } = this.#options;
    for (let child = this.#rendered; child < this.#children.length; child++) {
      const values = this.#index.valuesOf(child);
      const labels = labelNames.map((label, i) => `${label}="${escapeLabelValue(values[i]!)}"`).join(',');
      yield* this.#kind.heads(name, labels);
    }
  }

  /** Builds index and page anew after child `gone` left: removal is rare, and this forgets its values too. */
  #reindex(gone: number): void {
    const old = this.#index;
    this.#index = new LabelIndex(this.#options.labelNames.length);
    this.#page = new Page();
    this.#rendered = 0;
    for (const [i, child] of this.#children.entries()) {
      child.at = i * this.#kind.width;
      this.#index.add(old.valuesOf(i < gone ? i : i + 1));
    }
  }
}

function escapeLabelValue(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}
