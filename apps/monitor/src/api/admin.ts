import { randomBytes } from 'node:crypto';
import { ApiError, invalidParameter } from './api-error.ts';
import type { Call, Endpoint, Outcome } from './endpoint.ts';
import { maxTime, minTime } from './params.ts';
import type { Admin } from './surroundings.ts';

export const deleteSeries: Endpoint = {
  path: '/admin/tsdb/delete_series',
  methods: 'POST+PUT',
  async answer(call): Promise<Outcome> {
    const admin = allowed(call);
    const { params } = call;
    if (params.list('match[]').length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
    const mint = params.time('start', minTime);
    const maxt = params.time('end', maxTime);
    for (const matchers of params.selectors()) await admin.deleteSeries(matchers, mint, maxt);
    return 'nothing';
  },
};

export const cleanTombstones: Endpoint = {
  path: '/admin/tsdb/clean_tombstones',
  methods: 'POST+PUT',
  async answer(call): Promise<Outcome> {
    await allowed(call).cleanTombstones();
    return 'nothing';
  },
};

/** Blocks as second names of the same files, below `snapshots/` in the folder of the database. */
export const snapshot: Endpoint = {
  path: '/admin/tsdb/snapshot',
  methods: 'POST+PUT',
  async answer(call): Promise<Outcome> {
    const admin = allowed(call);
    const skipHead = flagOf(call.params.text('skip_head'));
    const name = snapshotName(call.monitor.now());
    await admin.snapshot(name, !skipHead);
    return { data: { name } };
  },
};

function allowed({ monitor }: Call): Admin {
  if (!monitor.admin) throw new ApiError('unavailable', 'admin APIs disabled');
  return monitor.admin;
}

/** What Go takes for a boolean. */
function flagOf(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['', '0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw invalidParameter('skip_head', 'unable to parse boolean "skip_head" argument');
}

/** `20261123T073904Z-` and a random number, hexadecimal. */
function snapshotName(now: number): string {
  const seconds = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${seconds}-${randomBytes(8).toString('hex')}`;
}
