interface SparklineProps {
  values: readonly (number | null)[];
  /** The line fills its height when it reaches this. */
  leastTop?: number;
}

const width = 120;
const height = 28;

/** A line without axes: the shape of the recent past beside a figure. */
export function Sparkline({ values, leastTop = 0 }: SparklineProps) {
  const top = Math.max(leastTop, ...values.map((value) => value ?? 0)) || 1;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparkPath(values, top)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function sparkPath(values: readonly (number | null)[], top: number): string {
  const stepX = width / Math.max(1, values.length - 1);
  let path = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value !== null) {
      const y = height - 1.5 - (Math.min(value, top) / top) * (height - 3);
      path += `${drawing ? 'L' : 'M'}${(i * stepX).toFixed(1)} ${y.toFixed(1)}`;
    }
    drawing = value !== null;
  });
  return path;
}
