import { compactHistogram, divideHistogram, type FloatHistogram } from '@paddlewatch/model';
import { Tally } from './tally.ts';
import { collidingHints, mixedSchemas, type Notes, reconciled } from './window.ts';

/**
 * A sum of histograms with the rounding errors of every count carried along, and their mean. Once the sum would
 * overflow, the mean is built up step by step instead.
 */
export class HistogramSum {
  /** Some histograms do not go together: there is no sum. */
  incompatible = false;
  count = 0;
  #tally: Tally | undefined;
  /** The tally holds the mean so far instead of the sum, from the first overflow on. */
  #running = false;
  readonly #average: boolean;
  #resets = false;
  #steady = false;

  constructor(average: boolean) {
    this.#average = average;
  }

  add(histogram: FloatHistogram, notes: Notes): void {
    this.count++;
    if (histogram.hint === 'reset') this.#resets = true;
    if (histogram.hint === 'notReset') this.#steady = true;
    if (this.incompatible) return;
    this.#tally ??= new Tally(histogram);
    if (this.#tally.holds(histogram)) this.#addTo(this.#tally, histogram);
    else this.#addJointly(this.#tally, histogram, notes);
  }

  #addJointly(narrow: Tally, given: FloatHistogram, notes: Notes): void {
    const joint = narrow.joint(given);
    if (!joint) {
      notes.warn(mixedSchemas);
      this.incompatible = true;
      return;
    }
    if (joint.boundsReduced) notes.info(reconciled('aggregation'));
    this.#tally = joint.tally;
    this.#addTo(joint.tally, joint.histogram);
  }

  #addTo(tally: Tally, histogram: FloatHistogram): void {
    const { count } = this;
    if (this.#average && !this.#running && tally.overflowsWith(histogram)) {
      tally.scale(1 / (count - 1));
      this.#running = true;
    }
    if (this.#running) {
      tally.scale((count - 1) / count);
      tally.add(divideHistogram(histogram, count));
    } else tally.add(histogram);
  }

  /** The sum or the mean; undefined where there is none. */
  result(notes: Notes): FloatHistogram | undefined {
    if (this.#resets && this.#steady) notes.warn(collidingHints('aggregation'));
    if (!this.#tally || this.incompatible) return undefined;
    const whole = this.#tally.value();
    const average = this.#average && !this.#running;
    return compactHistogram(average ? divideHistogram(whole, this.count) : whole);
  }
}
