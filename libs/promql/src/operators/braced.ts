import { type Labels, quoteString } from '@paddlewatch/model';

/** Label sets as errors show them: always braced, the metric name as a label. */
export function braced(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i]}=${quoteString(labels[i + 1]!)}`);
  return `{${parts.join(', ')}}`;
}
