import { type Frame, frameOf, type Grid, type Matrix } from './frame.ts';
import { ask } from './request.ts';

export async function queryRange(query: string, grid: Grid, signal: AbortSignal): Promise<Frame> {
  const data = await ask<{ resultType: string; result: Matrix }>(
    'v1/query_range',
    { query, ...grid },
    signal,
    'POST',
  );
  return frameOf(data.result, grid);
}
