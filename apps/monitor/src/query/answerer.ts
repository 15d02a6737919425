import {
  type Engine,
  type Partner,
  PromqlError,
  type Queryable,
  QueryError,
  type QueryResult,
} from '@paddlewatch/promql';
import { answerCardinality } from './cardinality.ts';
import { encodeResult } from './encode-result.ts';
import { answerFederation } from './federation.ts';
import type { Answer, Failure, InstantJob, RangeJob, Request } from './job.ts';
import { answerLookup, type LabelIndex } from './lookup.ts';

/** The server's settings of queries; durations in ms. */
export interface EngineSettings {
  readonly lookbackDelta: number;
  readonly maxSamples: number;
  /** Resolution of subqueries that name none: the global evaluation_interval. */
  readonly subqueryStep: number;
}

/** What a job's thread brings to it. */
interface Surroundings {
  readonly signal: { readonly aborted: boolean };
  readonly partner?: Partner;
}

/** Does the jobs of queries. */
export class Answerer {
  private readonly engine: Engine;
  private readonly storage: Queryable & LabelIndex;

  constructor(engine: Engine, storage: Queryable & LabelIndex) {
    this.engine = engine;
    this.storage = storage;
  }

  /** @throws PromqlError, QueryError */
  async answer(request: Request, around: Surroundings): Promise<Answer> {
    const { job } = request;
    switch (job.kind) {
      case 'instant':
      case 'range':
        return this.evaluate(job, request, around);
      case 'names':
      case 'values':
      case 'series':
        return { bytes: await answerLookup(job, this.storage) };
      case 'federate':
        return { bytes: await answerFederation(job, this.storage) };
      case 'cardinality':
        return { bytes: await answerCardinality(job, this.storage) };
    }
  }

  private async evaluate(
    job: InstantJob | RangeJob,
    { shape, timeout, waited }: Request,
    around: Surroundings,
  ): Promise<Answer> {
    const started = performance.now();
    const { query, lookback } = job;
    const common = { query, lookbackDelta: lookback, timeout, ...around };
    const result =
      job.kind === 'instant'
        ? await this.engine.instant({ ...common, time: job.time }, this.storage)
        : await this.engine.range(
            { ...common, start: job.start, end: job.end, step: job.step },
            this.storage,
          );
    if (shape === 'value') return { value: result.value };
    const stats =
      (job.stats ?? 'none') === 'none' ? undefined : statsJson(result, performance.now() - started, waited);
    return { bytes: encodeResult(result, { limit: job.limit, stats }) };
  }
}

/** The `stats` member. Times in seconds; the engine measures its evaluation as a whole, so the parts of it are 0. */
function statsJson({ stats }: QueryResult, evaluated: number, waited: number): string {
  return JSON.stringify({
    timings: {
      evalTotalTime: evaluated / 1000,
      resultSortTime: 0,
      queryPreparationTime: 0,
      innerEvalTime: evaluated / 1000,
      execQueueTime: waited / 1000,
      execTotalTime: (evaluated + waited) / 1000,
    },
    samples: { totalQueryableSamples: stats.totalQueryableSamples, peakSamples: stats.peakSamples },
  });
}

/** What a caller is told of an error that `answer` threw. */
export function failureOf(error: unknown): Failure {
  const { message } = error as Error;
  if (error instanceof PromqlError) return { kind: 'bad_data', message };
  return { kind: error instanceof QueryError ? error.kind : 'execution', message };
}
