import { latest } from '../../api/frame.ts';
import { quantityText, type Unit } from '../../format/quantity.ts';
import { Swatch } from '../../ui/chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import { byVersion, difference, errorsByVersion, shareOf, trafficByVersion } from './figures.ts';
import type { Answer, Figures } from './load-overview.ts';
import type { Service } from './service.ts';
import './version-table.css';

interface Column {
  name: string;
  unit: Unit;
  of: (version: string) => number | null;
  /** Whether the difference to the first version says anything; shares and counts of traffic are the operator's choice. */
  compared: boolean;
}

/** The versions side by side, newest figures; every version after the first is set against the first. */
export function VersionTable({ service, figures }: { service: Service; figures: Figures }) {
  const words = useWords().overview;
  const [base = ''] = service.versions;
  const columns = useColumns(figures);
  return (
    <Panel
      name="versions"
      title={words.versions}
      hint={service.versions.length > 1 ? words.difference(base) : undefined}
      state={figures.traffic.frame?.series.length ? 'ready' : figures.traffic.fault ? 'failed' : 'empty'}
    >
      <div className="versions">
        <table>
          <thead>
            <tr>
              <th>{words.version}</th>
              {columns.map((column) => (
                <th key={column.name} className="number">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {service.versions.map((version, i) => (
              <tr key={version}>
                <td>
                  <Swatch ink={i} /> <b>{version || words.noVersion}</b>
                </td>
                {columns.map((column) => (
                  <td key={column.name} className="number">
                    {quantityText(column.of(version), column.unit)}
                    {column.compared && i > 0 && (
                      <Difference share={difference(column.of(version), column.of(base))} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function useColumns({ traffic, latencyByVersion, stages, batch, waiting }: Figures): Column[] {
  const words = useWords().overview;
  const rates = traffic.frame ? trafficByVersion(traffic.frame) : new Map();
  const errors = traffic.frame ? errorsByVersion(traffic.frame) : new Map();
  const columns: Column[] = [
    { name: words.share, unit: 'ratio', of: (version) => shareOf(version, rates), compared: false },
    {
      name: words.requests,
      unit: 'rate',
      of: (version) => latest(rates.get(version) ?? []),
      compared: false,
    },
    {
      name: words.errors,
      unit: 'ratio',
      of: (version) => latest(errors.get(version) ?? []),
      compared: false,
    },
  ];
  const add = (name: string, unit: Unit, answer: Answer | undefined, compared: boolean) => {
    if (!answer?.frame) return;
    const values = byVersion(answer.frame);
    columns.push({ name, unit, of: (version) => latest(values.get(version) ?? []), compared });
  };
  for (const [i, answer] of latencyByVersion.entries())
    add(['P50', 'P95', 'P99'][i]!, 'seconds', answer, true);
  for (const { stage, answer } of stages) {
    if (stage === 'queue' || stage === 'inference') add(words.columns[stage], 'seconds', answer, true);
  }
  add(words.columns.waiting, 'count', waiting, false);
  add(words.batch, 'count', batch, false);
  return columns;
}

/** Below one percent two versions are alike. */
const leastDifference = 0.01;

function Difference({ share }: { share: number | undefined }) {
  if (share === undefined || Math.abs(share) < leastDifference) return <span className="difference">≈</span>;
  const sign = share > 0 ? '+' : '−';
  const size = Math.abs(share);
  const text = size >= 9.95 ? `×${(share + 1).toFixed(0)}` : `${sign}${(size * 100).toFixed(0)}%`;
  return <span className={size >= 0.2 ? 'difference difference-large' : 'difference'}>{text}</span>;
}
