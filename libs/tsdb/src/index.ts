export type { SampleSink } from './chunk/sample-sink.ts';
export { Db, type DbHandle, type DbOptions, type DbStats, openShared } from './db.ts';
export type { Appender, CommitResult } from './head/appender.ts';
export { SeriesLimitError } from './head/registry.ts';
export { LockError } from './lock.ts';
export type { Querier, Reader } from './read/reader.ts';
export type { LabelColumn, SelectHints, SeriesSet } from './read/source.ts';
export type { WalCompression } from './wal/fragments.ts';
export { WalError, type WalOptions, type WalSync } from './wal/wal.ts';
