import { ApiError, invalidParameter } from './api-error.ts';
import type { Call, Endpoint } from './endpoint.ts';

/** More points than this for one series help no graph. */
const maxPoints = 11_000;

export const instantQuery: Endpoint = {
  path: '/query',
  methods: 'GET+POST',
  async answer(call) {
    const { params, monitor } = call;
    const time = params.time('time', monitor.now());
    const job = { kind: 'instant', time, ...evaluation(call) } as const;
    return { bytes: await monitor.run(job, { timeout: timeoutOf(call), signal: call.signal }) };
  },
};

export const rangeQuery: Endpoint = {
  path: '/query_range',
  methods: 'GET+POST',
  async answer(call) {
    const { params, monitor } = call;
    const start = params.time('start');
    const end = params.time('end');
    if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time');
    const step = Math.floor(params.requiredDuration('step'));
    if (step <= 0)
      throw invalidParameter(
        'step',
        'zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    if ((end - start) / step > maxPoints)
      throw new ApiError(
        'bad_data',
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    const job = { kind: 'range', start, end, step, ...evaluation(call) } as const;
    return { bytes: await monitor.run(job, { timeout: timeoutOf(call), signal: call.signal }) };
  },
};

function evaluation({ params }: Call) {
  const stats = params.text('stats');
  return {
    query: params.text('query'),
    limit: params.limit(),
    lookback: params.duration('lookback_delta'),
    stats: stats === '' ? 'none' : stats === 'all' ? 'steps' : 'sums',
  } as const;
}

/** The caller may ask for less than the server's timeout, not for more. */
function timeoutOf({ params, monitor }: Call): number {
  return Math.min(params.duration('timeout') ?? Infinity, monitor.queryTimeout);
}
