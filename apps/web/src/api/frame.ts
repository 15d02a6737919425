export type Labels = Readonly<Record<string, string>>;

/** Values on the frame's times; `null` where there is none, so that a gap stays a gap. */
export interface Series {
  labels: Labels;
  values: (number | null)[];
}

/** Series on one common grid of times (seconds), ascending. */
export interface Frame {
  times: number[];
  series: Series[];
}

export type Matrix = readonly { metric: Labels; values?: readonly (readonly [number, string])[] }[];

/** Times of a range query: from `start` to `end` inclusive, `step` apart, all in seconds. */
export interface Grid {
  start: number;
  end: number;
  step: number;
}

export function frameOf(matrix: Matrix, grid: Grid): Frame {
  const length = Math.floor((grid.end - grid.start) / grid.step + 1e-9) + 1;
  const times = Array.from({ length }, (_, i) => grid.start + i * grid.step);
  const series = matrix.map(({ metric, values = [] }) => {
    const row: (number | null)[] = new Array(length).fill(null);
    for (const [time, text] of values) row[Math.round((time - grid.start) / grid.step)] = parseSample(text);
    return { labels: metric, values: row };
  });
  return { times, series };
}

/** NaN (0/0: no traffic, so no ratio) is not a value that one can draw. */
export function parseSample(text: string): number | null {
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
  return Number.isNaN(value) ? null : value;
}

/** The newest value of a series that is not older than `within` steps: an old value is no present value. */
export function latest(values: readonly (number | null)[], within = 4): number | null {
  for (let i = values.length - 1; i >= Math.max(0, values.length - within); i--) {
    if (values[i] !== null) return values[i]!;
  }
  return null;
}
