import type { Answer, Row } from './answer.ts';
import { withKeys } from './evidence.ts';

/** The label into which `withKeptNames` copies the metric's name, where a name that is doomed would be missed. */
const nameKeeper = 'kept';

export function withKeptNames(query: string): string {
  return `label_replace(${query}, "${nameKeeper}", "$1", "__name__", "(.*)")`;
}

const kept = new RegExp(`(, )?${nameKeeper}="([^"]*)"`);

/** Every series by the name that is kept in its label. */
export function withNamesBack(answer: Answer): Answer {
  return withKeys(answer, (key) => {
    const rest = withoutKept(key);
    return `${kept.exec(key)?.[2] ?? ''}${rest === '{}' ? '' : rest.slice(rest.indexOf('{'))}`;
  });
}

/**
 * The series that are the same without that label put together, with a float and a histogram at one time as Prometheus
 * shows it: in an instant query the histogram alone. An error where one time has two of a kind.
 */
export function withoutKeptNames(answer: Answer): Answer {
  const all = joined(withKeys(answer, withoutKept));
  if (all.type === 'error' || all.type === 'matrix') return all;
  const rows = all.rows.map((row) => (row.histograms.length > 0 ? { ...row, t: [], v: [] } : row));
  return { ...all, rows };
}

/** Series of the same labels as one; an error where one time has two of a kind. */
export function joined(answer: Answer): Answer {
  if (answer.type === 'error') return answer;
  const rows = [...Map.groupBy(answer.rows, ({ key }) => key).values()].map(together);
  return rows.some(hasTwice) ? { type: 'error', text: 'two of a kind at one time' } : { ...answer, rows };
}

function together(rows: readonly Row[]): Row {
  const floats = rows.flatMap(({ t, v }) => t.map((time, i) => ({ time, value: v[i]! })));
  floats.sort((a, b) => a.time - b.time);
  return {
    key: rows[0]!.key,
    t: floats.map(({ time }) => time),
    v: floats.map(({ value }) => value),
    histograms: rows.flatMap(({ histograms }) => histograms).sort((a, b) => a.t - b.t),
  };
}

function hasTwice({ t, histograms }: Row): boolean {
  return new Set(t).size < t.length || new Set(histograms.map((h) => h.t)).size < histograms.length;
}

function withoutKept(key: string): string {
  return key.replace(kept, '').replace('{, ', '{');
}
