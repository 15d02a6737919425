import type { Labels } from '@paddlewatch/model';
import type { RuleSample } from './rule.ts';

/** Where results of rules go. */
export interface RuleWriter {
  /** Writes samples and the end of series that are no more, all at one time (ms), as one transaction. */
  write(samples: readonly RuleSample[], ended: readonly Labels[], at: number): Promise<void> | void;
}

/** The transaction of the storage, as far as rules need it. */
export interface RuleAppender {
  series(labels: Labels): number;
  append(ref: number, t: number, v: number): void;
  appendStale(ref: number, t: number): void;
  commit(): unknown;
  rollback(): unknown;
}

export function storageWriter(appender: () => RuleAppender): RuleWriter {
  return {
    async write(samples, ended, at) {
      const transaction = appender();
      try {
        for (const { labels, v, h } of samples) {
          if (h !== undefined) throw new Error('recording a native histogram is not built yet');
          transaction.append(transaction.series(labels), at, v);
        }
        for (const labels of ended) transaction.appendStale(transaction.series(labels), at);
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
      await transaction.commit();
    },
  };
}
