import { Link } from '../app/link.tsx';
import { addressOf, setParams, usePlace } from '../app/location.ts';
import { parseView } from '../app/view.ts';
import { GraphResult } from '../features/explore/graph-result.tsx';
import { QueryForm } from '../features/explore/query-form.tsx';
import { TableResult } from '../features/explore/table-result.tsx';
import { Choice } from '../ui/choice.tsx';
import { Empty } from '../ui/notice.tsx';
import { RangeBar } from '../ui/range-bar.tsx';
import { useWords } from '../words/language.ts';
import './explore.css';

const examples = [
  'sum by (version) (rate(paddle_requests_total[1m]))',
  'histogram_quantile(0.95, sum by (le, version) (rate(paddle_inference_duration_seconds_bucket[5m])))',
  'sum(rate(paddle_requests_total{status="5xx"}[5m])) / sum(rate(paddle_requests_total[5m]))',
  'up',
];

/** Any question in PromQL, as a graph over the range or as a table of now. Prometheus' `g0.*` links open here too. */
export function ExplorePage() {
  const words = useWords().explore;
  const { search } = usePlace();
  const view = parseView(search);
  const query = search.get('query') ?? search.get('g0.expr') ?? '';
  const show =
    (search.get('show') ?? (search.get('g0.tab') === '1' ? 'table' : 'graph')) === 'table'
      ? 'table'
      : 'graph';
  return (
    <>
      <div className="page-head">
        <h1>{words.title}</h1>
        <Choice
          label={words.title}
          options={[
            { value: 'graph', text: words.graph },
            { value: 'table', text: words.table },
          ]}
          value={show}
          onChoose={(name) => setParams({ show: name })}
        />
        <span className="spring" />
        <RangeBar view={view} />
      </div>
      <QueryForm
        key={query}
        query={query}
        onRun={(text) => setParams({ query: text, 'g0.expr': undefined })}
      />
      {query === '' && (
        <Empty title={words.start}>
          <p>{words.startHint}</p>
          <ul className="examples">
            {examples.map((example) => (
              <li key={example}>
                <Link to={addressOf('explore', new URLSearchParams({ query: example }))}>
                  <code>{example}</code>
                </Link>
              </li>
            ))}
          </ul>
        </Empty>
      )}
      {query !== '' && show === 'graph' && <GraphResult key={query} query={query} view={view} />}
      {query !== '' && show === 'table' && (
        <TableResult key={query} query={query} endMs={view.endMs} refreshMs={view.refreshMs} />
      )}
    </>
  );
}
