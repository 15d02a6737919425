import type { LookupJob } from '../query/job.ts';
import { ApiError } from './api-error.ts';
import type { Call, Endpoint, Outcome } from './endpoint.ts';
import { maxTime, minTime } from './params.ts';

export const seriesLookup: Endpoint = {
  path: '/series',
  methods: 'GET+POST',
  answer(call) {
    if (call.params.list('match[]').length === 0)
      throw new ApiError('bad_data', 'no match[] parameter provided');
    return lookup(call, { kind: 'series', ...reach(call) });
  },
};

export const labelNames: Endpoint = {
  path: '/labels',
  methods: 'GET+POST',
  answer: (call) => lookup(call, { kind: 'names', ...reach(call) }),
};

export const labelValues: Endpoint = {
  path: '/label/:name/values',
  methods: 'GET',
  answer(call) {
    const name = unescapeName(call.path['name'] ?? '');
    if (name === '') throw new ApiError('bad_data', 'invalid label name: ""');
    return lookup(call, { kind: 'values', name, ...reach(call) });
  },
};

function reach({ params }: Call) {
  return {
    selectors: params.selectors(),
    mint: params.time('start', minTime),
    maxt: params.time('end', maxTime),
    limit: params.limit(),
  };
}

async function lookup({ monitor, signal }: Call, job: LookupJob): Promise<Outcome> {
  return { bytes: await monitor.run(job, { timeout: monitor.queryTimeout, signal }) };
}

/** Names beyond the old alphabet may come as `U__` with `_hex_` for each character, `__` for `_`. */
function unescapeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  return name
    .slice(3)
    .replace(/__|_([0-9a-fA-F]{1,6})_/g, (sequence, hex?: string) =>
      hex === undefined ? '_' : (codePoint(Number.parseInt(hex, 16)) ?? sequence),
    );
}

function codePoint(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
