import { gridFor } from '../../api/grid.ts';
import { queryRange } from '../../api/query-range.ts';
import { seriesText } from '../../api/selector.ts';
import { setParams } from '../../app/location.ts';
import { usePoll } from '../../app/use-poll.ts';
import { type View, viewParams, zoomed } from '../../app/view.ts';
import { Chart } from '../../ui/chart.tsx';
import { inkCount } from '../../ui/inks.ts';
import { Empty } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import { largest } from './largest.ts';
import { QueryTrouble } from './query-trouble.tsx';

/** More lines than this nobody can tell apart. */
const maxLines = 24;
const strokes = ['solid', 'dashed', 'dotted'] as const;

export function GraphResult({ query, view }: { query: string; view: View }) {
  const words = useWords().explore;
  const { spanMs, endMs, refreshMs } = view;
  const { data, fault, again } = usePoll(
    `${spanMs}/${endMs}`,
    endMs === undefined ? refreshMs : 0,
    (signal) => queryRange(query, gridFor(spanMs, endMs ?? Date.now(), 1), signal),
  );
  if (fault) return <QueryTrouble query={query} fault={fault} again={again} />;
  if (!data) return null;
  const shown = largest(data.series, maxLines);
  return (
    <Panel
      name="result"
      title={words.series(data.series.length)}
      state={shown.length > 0 ? 'ready' : 'empty'}
    >
      {shown.length === 0 && <Empty title={words.empty} />}
      {shown.length < data.series.length && (
        <p className="quiet" role="status">
          {words.capped(shown.length, data.series.length)}
        </p>
      )}
      {shown.length > 0 && (
        <Chart
          times={data.times}
          lines={shown.map(({ labels, values }, i) => ({
            label: seriesText(labels),
            ink: i % inkCount,
            stroke: strokes[Math.floor(i / inkCount) % strokes.length],
            values,
          }))}
          unit="plain"
          height={320}
          onZoom={(from, to) => setParams(viewParams(zoomed(view, from, to)))}
        />
      )}
    </Panel>
  );
}
