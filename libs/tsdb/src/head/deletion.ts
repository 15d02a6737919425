import type { Matcher } from '@paddlewatch/model';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { beginTombstones, putTombstone } from '../wal/records.ts';
import type { Wal } from '../wal/wal.ts';
import type { Head } from './head.ts';
import type { HeadSource } from './head-source.ts';

/** Series whose deletion is one record of the log: some milliseconds of work between two turns of the event loop. */
const seriesPerRecord = 5000;

/**
 * Deletes the samples of these series with mint ≤ t ≤ maxt, the log first. As at Prometheus a series is masked up to
 * its newest sample and not beyond, so what is appended later stays. @throws WalError; then some of them are deleted.
 */
export async function deleteFromHead(
  head: Head,
  source: HeadSource,
  wal: Wal,
  matchers: readonly Matcher[],
  mint: number,
  maxt: number,
): Promise<void> {
  const found = source
    .spans(matchers)
    .map(({ slot, span }) => ({ slot, mint: Math.max(mint, span.mint), maxt: Math.min(maxt, span.maxt) }))
    .filter((one) => one.mint <= one.maxt);
  const record = new ByteWriter();
  for (let first = 0; first < found.length; first += seriesPerRecord) {
    const some = found.slice(first, first + seriesPerRecord);
    record.clear();
    beginTombstones(record);
    for (const one of some) putTombstone(record, head.walRef(one.slot), one.mint, one.maxt);
    wal.add(record.view());
    wal.commit();
    for (const one of some) head.delete(one.slot, one);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
