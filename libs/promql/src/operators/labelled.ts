import { type Labels, metricName, withoutLabels } from '@paddlewatch/model';
import { labelColumn } from '../label-column.ts';
import type { LabelColumn } from '../queryable.ts';
import type { Labelled } from './operator.ts';
import type { Scan } from './scan.ts';

/** Labels that describe the metric itself and go together with its name. */
export const metadataLabels: ReadonlySet<string> = new Set([metricName, '__type__', '__unit__']);

/** Any UTF-8 but nothing; bytes that are not UTF-8 stand as lone surrogates in a text. */
export function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

/** The labels of another operator as they are. */
export class SameLabels implements Labelled {
  protected readonly from: Labelled;

  constructor(from: Labelled) {
    this.from = from;
  }

  get length(): number {
    return this.from.length;
  }

  get distinctWithoutName(): boolean {
    return this.from.distinctWithoutName;
  }

  get scan(): Scan | undefined {
    return this.from.scan;
  }

  labels(series: number): Labels {
    return this.from.labels(series);
  }

  column(name: string): LabelColumn {
    return this.from.column(name);
  }

  losesName(series: number): boolean {
    return this.from.losesName(series);
  }
}

/** When a function drops the metric name: at once, or, as a feature of Prometheus 3, when the query ends. */
export type NameRemoval = 'now' | 'delayed';

/** The labels of another operator whose result is no longer that metric. */
export function nameless(from: Labelled, removal: NameRemoval): Labelled {
  return removal === 'now' ? new NamelessLabels(from) : new DoomedNames(from);
}

class NamelessLabels extends SameLabels {
  override labels(series: number): Labels {
    return withoutLabels(this.from.labels(series), metadataLabels);
  }

  override column(name: string): LabelColumn {
    return metadataLabels.has(name) ? emptyColumn(this.length) : this.from.column(name);
  }
}

class DoomedNames extends SameLabels {
  override losesName(): boolean {
    return true;
  }
}

export function emptyColumn(length: number): LabelColumn {
  return { ids: new Uint32Array(length), values: [''] };
}

/** Label sets that are already built. */
export class BuiltLabels implements Labelled {
  readonly scan = undefined;
  readonly distinctWithoutName: boolean;
  readonly #sets: readonly Labels[];
  readonly #losesName: ((series: number) => boolean) | undefined;

  constructor(
    sets: readonly Labels[],
    distinctWithoutName: boolean,
    losesName?: (series: number) => boolean,
  ) {
    this.#sets = sets;
    this.distinctWithoutName = distinctWithoutName;
    this.#losesName = losesName;
  }

  get length(): number {
    return this.#sets.length;
  }

  labels(series: number): Labels {
    return this.#sets[series]!;
  }

  column(name: string): LabelColumn {
    return labelColumn(this.#sets, name);
  }

  losesName(series: number): boolean {
    return this.#losesName?.(series) ?? false;
  }
}
