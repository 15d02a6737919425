import { Link } from '../../app/link.tsx';
import { addressOf, setParams } from '../../app/location.ts';
import { type View, viewParams, zoomed } from '../../app/view.ts';
import { formatSpan } from '../../format/time.ts';
import { Chart } from '../../ui/chart.tsx';
import { Panel, type PanelState } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import './chart-grid.css';
import type { Overview } from './load-overview.ts';
import { type ChartPanel, chartPanels } from './panels.ts';

/** The charts of a service: one colour a version everywhere, one cursor over all. */
export function ChartGrid({ data, view }: { data: Required<Overview>; view: View }) {
  const words = useWords().overview;
  const panels = chartPanels(data.service, data.figures, data.windowS, words);
  return (
    <div className="chart-grid">
      {panels.map((panel) => (
        <ChartCell key={panel.name} panel={panel} times={data.figures.times} view={view} />
      ))}
    </div>
  );
}

interface ChartCellProps {
  panel: ChartPanel;
  times: readonly number[];
  view: View;
}

function ChartCell({ panel, times, view }: ChartCellProps) {
  const words = useWords();
  const { name, title, hint, unit, leastTop, query, answers, lines, legendColumns } = panel;
  const fault = answers?.find((answer) => answer.fault)?.fault;
  const drawn = lines.some((line) => line.values.some((value) => value !== null));
  const state: PanelState = drawn ? 'ready' : fault ? 'failed' : 'empty';
  const inExplore =
    query && addressOf('explore', new URLSearchParams({ query, range: formatSpan(view.spanMs) }));
  return (
    <Panel
      name={name}
      title={title}
      hint={hint}
      state={state}
      aside={
        inExplore && (
          <Link to={inExplore} title={query} aria-label={`${words.overview.explore}: ${title}`}>
            PromQL
          </Link>
        )
      }
    >
      {fault && (
        <p className="chart-fault">
          {words.trouble.failedPart}: <code>{fault.message}</code>
        </p>
      )}
      {drawn ? (
        <Chart
          times={times}
          lines={lines}
          unit={unit}
          leastTop={leastTop}
          legendColumns={legendColumns}
          onZoom={(from, to) => setParams(viewParams(zoomed(view, from, to)))}
        />
      ) : (
        <div className="panel-blank">{fault ? '' : whyBlank(panel, view, words.overview)}</div>
      )}
    </Panel>
  );
}

/** Nothing to draw has three reasons, and a reader has to know which. */
function whyBlank(
  { answers }: ChartPanel,
  view: View,
  words: ReturnType<typeof useWords>['overview'],
): string {
  if (answers === undefined) return words.notMeasured;
  return view.endMs === undefined ? words.waitingForSecond : words.noDataInRange;
}
