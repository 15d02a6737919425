import type { MixedFunction } from '../functions/histogram/table.ts';
import { mixedFunctions } from '../functions/histogram/table.ts';
import { ignoredHistograms, mixedKinds, type Notes } from '../functions/histogram/window.ts';
import type { RangeFunction, Windows } from '../functions/range/range-function.ts';
import { startedFunctions } from '../functions/started/table.ts';
import { SampleBuffer } from '../sample-buffer.ts';
import type { Row } from './row.ts';

/** Functions that say nothing of a window with one float less than they need, except that histograms were left out. */
const needsTwo: ReadonlySet<string> = new Set(['deriv', 'predict_linear', 'double_exponential_smoothing']);

/** A range function over series that hold histograms, among floats or alone, or that know when their counter began. */
export class MixedWindow {
  readonly #function: MixedFunction | undefined;
  /** What stands in for it where samples say when their counter began. */
  readonly #started: MixedFunction | undefined;
  readonly #floats: RangeFunction;
  readonly #least: number;
  readonly #buffer = new SampleBuffer();
  #windows: Windows | undefined;

  /** `floats` is the function over floats alone. */
  constructor(func: string, floats: RangeFunction) {
    this.#function = mixedFunctions.get(func);
    this.#started = startedFunctions.get(func);
    this.#floats = floats;
    this.#least = needsTwo.has(func) ? 2 : 1;
  }

  /** Fills an empty row. */
  apply(windows: Windows, row: Row, notes: Notes): void {
    const known = windows.samples.starts.length > 0 ? this.#started : undefined;
    const together = known ?? (this.#function?.takes === 'together' ? this.#function : undefined);
    if (together) {
      this.#applyMixed(together, windows, row, notes, () => true);
      return;
    }
    const floats = this.#floatsOf(windows);
    this.#floats(floats, row);
    const counts = floats.from.map((from, k) => floats.to[k]! - from);
    if (!this.#function) this.#remarkIgnored(windows, counts, notes);
    else
      this.#applyMixed(this.#function, windows, row, notes, (k) =>
        this.#isHistogram(windows, counts, k, row, notes),
      );
  }

  #applyMixed(
    { apply }: MixedFunction,
    { samples, from, to, ends, range }: Windows,
    row: Row,
    notes: Notes,
    wanted: (step: number) => boolean,
  ): void {
    const { t, v, histograms: h, starts } = samples;
    for (let k = 0; k < from.length; k++) {
      if (to[k] === from[k] || !wanted(k)) continue;
      const answer = apply({ t, v, h, starts, from: from[k]!, to: to[k]!, end: ends[k]!, range }, notes);
      if (typeof answer === 'number') row.put(k, answer);
      else if (answer) row.putHistogram(k, answer);
    }
  }

  /** Whether a window holds nothing but histograms; one with both has no answer. */
  #isHistogram({ from, to }: Windows, floats: Int32Array, k: number, row: Row, notes: Notes): boolean {
    const all = to[k]! - from[k]!;
    if (floats[k] === all) return false;
    if (floats[k] === 0) return true;
    notes.warn(mixedKinds);
    row.remove(k);
    return false;
  }

  #remarkIgnored({ from, to }: Windows, floats: Int32Array, notes: Notes): void {
    for (let k = 0; k < from.length; k++) {
      const count = floats[k]!;
      if (count === to[k]! - from[k]! || count === 0) continue;
      if (count >= this.#least || count === 1) notes.info(ignoredHistograms);
    }
  }

  /** The windows once more, over the floats alone. */
  #floatsOf(windows: Windows): Windows {
    const { samples, from, to } = windows;
    const buffer = this.#buffer;
    buffer.clear();
    const before = new Int32Array(samples.length + 1);
    for (let i = 0; i < samples.length; i++) {
      if (samples.histograms[i] === undefined) buffer.push(samples.t[i]!, samples.v[i]!);
      before[i + 1] = buffer.length;
    }
    this.#windows ??= {
      ...windows,
      from: new Int32Array(from.length),
      to: new Int32Array(from.length),
      samples: buffer,
    };
    const floats = this.#windows;
    floats.layout--;
    for (let k = 0; k < from.length; k++) {
      floats.from[k] = before[from[k]!]!;
      floats.to[k] = before[to[k]!]!;
    }
    return floats;
  }
}
