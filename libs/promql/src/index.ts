export type { LabelColumn, Querier, Queryable, SelectHints, SeriesSet } from './queryable.ts';
export { SampleBuffer } from './sample-buffer.ts';
