import type { FloatHistogram, Labels } from '@paddlewatch/model';
import type { RuleSample } from './rule.ts';

/** Where results of rules go. */
export interface RuleWriter {
  /** Writes samples and the end of series that are no more, all at one time (ms), as one transaction. */
  write(samples: readonly RuleSample[], ended: readonly Labels[], at: number): void;
}

/** The transaction of the storage, as far as rules need it. */
export interface RuleAppender {
  series(labels: Labels): number;
  append(ref: number, t: number, v: number): void;
  appendHistogram(ref: number, t: number, h: FloatHistogram): void;
  appendStale(ref: number, t: number): void;
  commit(): { readonly outOfOrder: number; readonly duplicates: number };
  rollback(): void;
}

/** Writers take turns on one appender: between its first append and its commit nothing waits. */
export function storageWriter(transaction: RuleAppender, onRefused: (samples: number) => void): RuleWriter {
  return {
    write(samples, ended, at) {
      try {
        for (const { labels, v, h } of samples) {
          const ref = transaction.series(labels);
          if (h === undefined) transaction.append(ref, at, v);
          else transaction.appendHistogram(ref, at, h);
        }
        for (const labels of ended) transaction.appendStale(transaction.series(labels), at);
      } catch (error) {
        transaction.rollback();
        throw error;
      }
      const { outOfOrder, duplicates } = transaction.commit();
      if (outOfOrder + duplicates > 0) onRefused(outOfOrder + duplicates);
    },
  };
}
