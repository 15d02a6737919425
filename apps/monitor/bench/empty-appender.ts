import type { SampleAppender } from '../src/scrape/appender.ts';

/** A storage that keeps nothing: what is measured with it is the way there. */
export function emptyAppender(): SampleAppender {
  let series = 0;
  const counts = { outOfOrder: 0, duplicates: 0, unknownSeries: 0 };
  return {
    pending: 0,
    series: () => series++,
    append() {},
    appendStale() {},
    appendHistogram() {},
    keepsExemplars: false,
    appendExemplar() {},
    commit: () => counts,
    begin() {},
    undo() {},
    rollback() {},
  };
}
