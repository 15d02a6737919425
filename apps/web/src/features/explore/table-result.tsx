import type { Labels } from '../../api/frame.ts';
import { query as ask, type InstantResult, type Sample } from '../../api/query.ts';
import { seriesText } from '../../api/selector.ts';
import { usePoll } from '../../app/use-poll.ts';
import { clock } from '../../format/time.ts';
import { Empty } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import { QueryTrouble } from './query-trouble.tsx';

const maxRows = 500;

interface ResultProps {
  query: string;
  endMs?: number;
  refreshMs: number;
}

/** The answer at one moment, one row a series, values as the server wrote them. */
export function TableResult({ query, endMs, refreshMs }: ResultProps) {
  const words = useWords().explore;
  const time = endMs === undefined ? undefined : endMs / 1000;
  const { data, fault, again } = usePoll('instant', refreshMs, (signal) => ask(query, time, signal));
  if (fault) return <QueryTrouble query={query} fault={fault} again={again} />;
  if (!data) return null;
  const rows = rowsOf(data, words.histogram);
  return (
    <Panel name="result" title={words.series(rows.length)} state={rows.length > 0 ? 'ready' : 'empty'}>
      {rows.length === 0 && <Empty title={words.empty} />}
      {rows.length > maxRows && <p className="quiet">{words.cappedRows(maxRows, rows.length)}</p>}
      {rows.length > 0 && (
        <table>
          <tbody>
            {rows.slice(0, maxRows).map((row) => (
              <tr key={row.name}>
                <td>
                  <code>{row.name}</code>
                </td>
                <td className="number result-value">
                  {row.values.map((value) => (
                    <div key={value}>{value}</div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

interface Row {
  name: string;
  values: string[];
}

function rowsOf(data: InstantResult, histogram: string): Row[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({
        name: nameOf(metric),
        values: [value?.[1] ?? histogram],
      }));
    case 'matrix':
      return data.result.map(({ metric, values = [] }) => ({
        name: nameOf(metric),
        values: values.map(timedText),
      }));
    case 'scalar':
    case 'string':
      return [{ name: data.resultType, values: [data.result[1]] }];
  }
}

function nameOf(metric: Labels): string {
  return seriesText(metric);
}

function timedText([seconds, value]: Sample): string {
  return `${value} @ ${clock(seconds * 1000)}`;
}
