import { formatValue, quoteString } from '@paddlewatch/model';
import { parseQuery } from '../src/index.ts';
import type { Answer } from './answer.ts';

/** A query that answers the same; undefined for what cannot be written. */
export function textOfAnswer(answer: Answer): string | undefined {
  if (answer.type === 'scalar') return `(${formatValue(answer.rows[0]!.v[0]!)})`;
  if (answer.type !== 'vector' || answer.rows.some(({ histograms }) => histograms.length > 0))
    return undefined;
  if (answer.rows.length === 0) return 'absent(vector(0))';
  const rows = answer.rows.map(({ key, v }) =>
    labelsOf(key).reduce(
      (text, { name, value }) =>
        `label_replace(${text}, ${quoteString(name)}, ${quoteString(value.replaceAll('$', '$$$$'))}, "", "")`,
      `vector(${formatValue(v[0]!)})`,
    ),
  );
  const names = new Set(answer.rows.flatMap(({ key }) => labelsOf(key).map(({ name }) => quoteString(name))));
  return `(${rows.join(` or on (${[...names].join(', ')}) `)})`;
}

function labelsOf(key: string): readonly { readonly name: string; readonly value: string }[] {
  if (key === '{}') return [];
  const selector = parseQuery(key);
  return selector.kind === 'vector' ? selector.matchers : [];
}
