import type { Unit } from '../../format/quantity.ts';
import type { Line } from '../../ui/chart.tsx';
import type { Words } from '../../words/en.ts';
import { byVersion, errorsByVersion, trafficByVersion } from './figures.ts';
import type { Answer, Figures } from './load-overview.ts';
import { latencyMetric, overviewQueries } from './queries.ts';
import type { Service } from './service.ts';

/** One chart of the overview; `answers` undefined: the service does not report it. */
export interface ChartPanel {
  name: string;
  title: string;
  hint?: string;
  unit: Unit;
  leastTop?: number;
  /** What Explore opens with. */
  query?: string;
  answers?: readonly Answer[];
  lines: Line[];
  legendColumns?: number;
}

type Stroke = Line['stroke'];
type ValuesByVersion = ReadonlyMap<string, (number | null)[]>;

const quantileStrokes: readonly [name: string, stroke: Stroke][] = [
  ['P50', 'dotted'],
  ['P95', 'dashed'],
  ['P99', 'solid'],
];

/** The charts of a service in reading order: demand, outcome, then where the time goes. */
export function chartPanels(
  service: Service,
  figures: Figures,
  windowS: number,
  words: Words['overview'],
): ChartPanel[] {
  const queries = overviewQueries(service, windowS);
  const { traffic, latencyByVersion, running, waiting, stages, batch } = figures;
  const lines = (values: ValuesByVersion, what = '', stroke: Stroke = 'solid') =>
    linesOf(service.versions, values, what, stroke, words.allVersions);
  const of = (answer: Answer | undefined, what?: string, stroke?: Stroke) =>
    answer?.frame ? lines(byVersion(answer.frame), what, stroke) : [];
  const whole = latencyMetric(service) === 'paddle_request_duration_seconds';
  const hasStatus = service.metrics.has('paddle_requests_total');
  const gauges = [waiting, running].filter((answer) => answer !== undefined);
  return [
    {
      name: 'traffic',
      title: words.requests,
      unit: 'rate',
      query: queries.traffic,
      answers: [traffic],
      lines: traffic.frame ? lines(trafficByVersion(traffic.frame)) : [],
    },
    {
      name: 'errors',
      title: words.errors,
      hint: words.errorsHint,
      unit: 'ratio',
      leastTop: 0.01,
      query: queries.traffic,
      answers: hasStatus ? [traffic] : undefined,
      lines: hasStatus && traffic.frame ? lines(errorsByVersion(traffic.frame)) : [],
    },
    {
      name: 'latency',
      title: whole ? words.latency : words.inferenceLatency,
      hint: whole ? words.latencyHint : words.inferenceLatencyHint,
      unit: 'seconds',
      query: queries.latencyByVersion[1],
      answers: latencyByVersion,
      legendColumns: quantileStrokes.length,
      lines: latencyByVersion.flatMap((answer, i) => of(answer, ...quantileStrokes[i]!)).sort(byInk),
    },
    {
      name: 'stages',
      title: words.stages,
      hint: words.stagesHint,
      unit: 'seconds',
      legendColumns: 2,
      query: queries.stages.inference,
      answers: stages.length > 0 ? stages.map(({ answer }) => answer) : undefined,
      lines: stages
        .filter(({ stage }) => stage === 'queue' || stage === 'inference')
        .flatMap(({ stage, answer }) =>
          of(answer, words.stage[stage], stage === 'queue' ? 'dashed' : 'solid'),
        )
        .sort(byInk),
    },
    {
      name: 'queue',
      title: words.queue,
      hint: words.queueHint,
      unit: 'count',
      leastTop: 4,
      legendColumns: 2,
      query: queries.waiting ?? queries.running,
      answers: gauges.length > 0 ? gauges : undefined,
      lines: [...of(waiting, words.waiting, 'solid'), ...of(running, words.running, 'dotted')].sort(byInk),
    },
    {
      name: 'batch',
      title: words.batch,
      hint: words.batchHint,
      unit: 'count',
      leastTop: 2,
      query: queries.batch,
      answers: batch && [batch],
      lines: of(batch),
    },
  ];
}

/** Lines of one version side by side in the legend. */
function byInk(a: Line, b: Line): number {
  return a.ink - b.ink;
}

function linesOf(
  versions: readonly string[],
  values: ValuesByVersion,
  what: string,
  stroke: Stroke,
  allVersions: string,
): Line[] {
  return versions.flatMap((version, ink) => {
    const found = values.get(version);
    const label = [version || (what === '' ? allVersions : ''), what].filter(Boolean).join(' ');
    return found ? [{ label, ink, stroke, values: found }] : [];
  });
}
