import type { Frame } from '../../api/frame.ts';
import { gridFor, rateWindow } from '../../api/grid.ts';
import { queryRange } from '../../api/query-range.ts';
import { ApiFault } from '../../api/request.ts';
import { series } from '../../api/series.ts';
import { type Target, targets } from '../../api/targets.ts';
import { parseSpan } from '../../format/time.ts';
import { overviewQueries, type Stage } from './queries.ts';
import { chosenService, type Service, servicesOf, servicesSelector } from './service.ts';

/** An answer, or why there is none: one figure that fails takes no other with it. */
export type Answer = { frame: Frame; fault?: undefined } | { frame?: undefined; fault: ApiFault };

export interface Overview {
  services: Service[];
  service?: Service;
  /** Targets of the service's job; all targets where no service has reported. */
  targets: Target[];
  figures?: Figures;
  windowS: number;
}

export interface Figures {
  times: readonly number[];
  traffic: Answer;
  latencyByVersion: Answer[];
  latency: Answer[];
  running?: Answer;
  waiting?: Answer;
  stages: { stage: Stage; answer: Answer }[];
  batch?: Answer;
}

export interface OverviewQuestion {
  job?: string;
  model?: string;
  spanMs: number;
  endMs: number;
}

const defaultScrapeS = 15;

/** Everything that the overview shows, of one moment: first what there is, then all figures at once. */
export async function loadOverview(question: OverviewQuestion, signal: AbortSignal): Promise<Overview> {
  const { job, model, spanMs, endMs } = question;
  const [found, allTargets] = await Promise.all([
    series([servicesSelector], (endMs - spanMs) / 1000, endMs / 1000, signal),
    targets(signal),
  ]);
  const services = servicesOf(found);
  const service = chosenService(services, job, model);
  const own = allTargets.filter((target) => service === undefined || target.labels['job'] === service.job);
  const scrapeS =
    Math.max(1, ...own.map(({ scrapeInterval }) => (parseSpan(scrapeInterval) ?? 0) / 1000)) ||
    defaultScrapeS;
  const grid = gridFor(spanMs, endMs, scrapeS);
  const windowS = rateWindow(grid.step, scrapeS);
  if (!service) return { services, targets: own, windowS };

  const queries = overviewQueries(service, windowS);
  const ask = (query: string) => answer(queryRange(query, grid, signal), signal);
  const askIf = (query: string | undefined) => (query === undefined ? undefined : ask(query));
  const stageQueries = (Object.entries(queries.stages) as [Stage, string | undefined][]).filter(
    ([, query]) => query,
  );
  const [traffic, latencyByVersion, latency, running, waiting, batch, stages] = await Promise.all([
    ask(queries.traffic),
    Promise.all(queries.latencyByVersion.map(ask)),
    Promise.all(queries.latency.map(ask)),
    askIf(queries.running),
    askIf(queries.waiting),
    askIf(queries.batch),
    Promise.all(stageQueries.map(async ([stage, query]) => ({ stage, answer: await ask(query!) }))),
  ]);
  const times = traffic.frame?.times ?? [];
  return {
    services,
    service,
    targets: own,
    windowS,
    figures: { times, traffic, latencyByVersion, latency, running, waiting, batch, stages },
  };
}

/** A refused question is the figure's own trouble; a server that cannot be reached is everybody's. */
async function answer(asked: Promise<Frame>, signal: AbortSignal): Promise<Answer> {
  try {
    return { frame: await asked };
  } catch (cause) {
    if (cause instanceof ApiFault && cause.kind === 'refused' && !signal.aborted) return { fault: cause };
    throw cause;
  }
}
