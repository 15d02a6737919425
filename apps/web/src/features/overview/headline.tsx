import { latest } from '../../api/frame.ts';
import type { Target } from '../../api/targets.ts';
import { quantity, quantityText, type Unit } from '../../format/quantity.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { useWords } from '../../words/language.ts';
import { shareOf, totalErrors, totalOf, totalTraffic, trafficByVersion } from './figures.ts';
import './headline.css';
import type { Answer, Figures } from './load-overview.ts';
import type { Service } from './service.ts';

interface HeadlineProps {
  service: Service;
  figures: Figures;
  targets: readonly Target[];
}

/** The five figures that tell at a glance whether to worry. */
export function Headline({ service, figures, targets }: HeadlineProps) {
  const words = useWords().overview;
  const { traffic, latency, waiting, running } = figures;
  const [p50, p95, p99] = latency.map(valuesOf);
  const errors = traffic.frame ? totalErrors(traffic.frame) : { share: [], rate: [] };
  const up = targets.filter((target) => target.health === 'up').length;
  const hasStatus = service.metrics.has('paddle_requests_total');
  return (
    <dl className="headline">
      <Figure
        name={words.requests}
        unit="rate"
        values={traffic.frame ? totalTraffic(traffic.frame) : []}
        detail={sharesText(service, traffic)}
      />
      <Figure
        name={words.errors}
        unit="ratio"
        values={hasStatus ? errors.share : []}
        leastTop={0.02}
        detail={hasStatus ? words.failing(quantityText(latest(errors.rate), 'rate')) : words.notMeasured}
      />
      <Figure
        name={words.p95}
        unit="seconds"
        values={p95!}
        detail={`P50 ${quantityText(latest(p50!), 'seconds')} · P99 ${quantityText(latest(p99!), 'seconds')}`}
      />
      <Figure
        name={`${words.queue}: ${words.waiting}`}
        unit="count"
        values={valuesOf(waiting)}
        leastTop={4}
        detail={
          waiting ? `${words.running} ${quantityText(latest(valuesOf(running)), 'count')}` : words.notMeasured
        }
      />
      <div className="figure">
        <dt>{words.targets}</dt>
        <dd>
          <span className="figure-value">{up}</span>
          <span className="figure-unit">/ {targets.length}</span>
        </dd>
      </div>
    </dl>
  );
}

interface FigureProps {
  name: string;
  unit: Unit;
  values: readonly (number | null)[];
  leastTop?: number;
  detail?: string;
}

function Figure({ name, unit, values, leastTop, detail }: FigureProps) {
  const { digits, unit: symbol } = quantity(latest(values), unit);
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <span className="figure-value">{digits}</span>
        <span className="figure-unit">{symbol}</span>
      </dd>
      <Sparkline values={values} leastTop={leastTop} />
      {detail && <dd className="figure-detail">{detail}</dd>}
    </div>
  );
}

/** `v1 65% · v2 35%`, where there is more than one version. */
function sharesText({ versions }: Service, { frame }: Answer): string {
  if (!frame || versions.length < 2) return '';
  const rates = trafficByVersion(frame);
  return versions
    .map((version) => `${version} ${quantityText(shareOf(version, rates), 'ratio')}`)
    .join(' · ');
}

function valuesOf(answer: Answer | undefined): (number | null)[] {
  return answer?.frame ? totalOf(answer.frame) : [];
}
