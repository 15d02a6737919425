export { Backfill, type BackfillOptions } from './block/backfill.ts';
export { BlockError } from './block/block-error.ts';
export {
  analyzeBlock,
  type BlockAnalysis,
  type BlockSummary,
  blockSummaries,
  type Ranking,
  verifyBlock,
} from './block/inspect.ts';
export type { BlockMeta } from './block/meta.ts';
export type { Retention } from './block/plan.ts';
export type { SampleSink } from './chunk/sample-sink.ts';
export { Db, type DbHandle, type DbOptions, type DbStats, leaveShared, openShared } from './db.ts';
export { makeFolder } from './folder.ts';
export type { Appender } from './head/appender.ts';
export type { CommitResult } from './head/commit-result.ts';
export type { Exemplar, ExemplarStats, SeriesExemplars } from './head/exemplars.ts';
export { TruncatedError } from './head/head-source.ts';
export { SeriesLimitError } from './head/registry.ts';
export { LockError } from './lock.ts';
export type { Effort, IndexPiece } from './read/effort.ts';
export type { Querier, Reader } from './read/reader.ts';
export type { LabelColumn, SelectHints, SeriesSet } from './read/source.ts';
export type { WalCompression } from './wal/fragments.ts';
export type { SeriesMetadata } from './wal/metadata-record.ts';
export { WalError, type WalOptions, type WalSync } from './wal/wal.ts';
