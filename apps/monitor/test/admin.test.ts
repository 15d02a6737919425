import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Db } from '@paddlewatch/tsdb';
import { api, type Json, monitor, target, until } from './bench.ts';

const t0 = 1_700_000_000;

async function served(t: { after(end: () => unknown): void }, settings: { enableAdminApi: boolean }) {
  const address = await target(
    t,
    () => `a{x="1"} 1 ${t0 * 1000}\na{x="2"} 2 ${t0 * 1000}\nb 3 ${(t0 + 60) * 1000}\n`,
  );
  const config = `global: {scrape_interval: 250ms}
scrape_configs: [{job_name: j, static_configs: [{targets: ['${address}']}]}]
storage: {tsdb: {retention: {time: 100y, size: 512MB}}}
`;
  const bench = await monitor(t, config, { settings });
  await until(
    () => values(bench.url, 'b'),
    (found) => found.length === 1,
  );
  const admin = (call: string, method = 'POST', body?: URLSearchParams) =>
    fetch(`${bench.url}/api/v1/admin/tsdb/${call}`, { method, ...(body && { body }) });
  return { ...bench, admin };
}

async function values(url: string, selector: string): Promise<Json[]> {
  const { data } = await api(url, `query?query=${encodeURIComponent(`${selector}[1h]`)}&time=${t0 + 600}`);
  return data.result;
}

test('without the flag the admin API says that it is off', async (t) => {
  const { admin } = await served(t, { enableAdminApi: false });
  for (const call of ['delete_series?match[]=a', 'clean_tombstones', 'snapshot']) {
    const answer = await admin(call);
    assert.equal(answer.status, 500);
    assert.deepEqual(await answer.json(), {
      status: 'error',
      errorType: 'unavailable',
      error: 'admin APIs disabled',
    });
  }
});

test('series are deleted, tombstones cleaned and snapshots taken', async (t) => {
  const { admin, url, dir } = await served(t, { enableAdminApi: true });
  const refused = async (call: string, error: RegExp) => {
    const answer = await admin(call);
    assert.equal(answer.status, 400);
    const { errorType, error: said } = (await answer.json()) as Json;
    assert.equal(errorType, 'bad_data');
    assert.match(said, error);
  };
  await refused('delete_series', /^no match\[\] parameter provided$/);
  await refused('delete_series?match[]=a&start=x', /invalid parameter "start"/);
  await refused('delete_series?match[]={', /invalid parameter "match\[\]"/);
  await refused('snapshot?skip_head=perhaps', /unable to parse boolean "skip_head" argument/);

  const early = await admin(`delete_series?match[]=a&end=${t0 - 1}`, 'PUT');
  assert.deepEqual([early.status, await early.text()], [204, '']);
  assert.equal((await values(url, 'a')).length, 2);
  const { data } = (await (await admin('snapshot')).json()) as Json;
  assert.match(data.name, /^\d{8}T\d{6}Z-[0-9a-f]{16}$/);

  const form = new URLSearchParams([
    ['match[]', 'a{x="1"}'],
    ['match[]', 'b'],
  ]);
  assert.equal((await admin('delete_series', 'POST', form)).status, 204);
  assert.deepEqual(
    (await values(url, '{__name__=~"a|b"}')).map(({ metric }) => metric.x),
    ['2'],
  );
  assert.equal((await admin('clean_tombstones')).status, 204);

  const copy = await Db.open({ dir: path.join(dir, 'data', 'snapshots', data.name) });
  t.after(() => copy.close());
  const named = await copy.labelValues('__name__', [], 0, 2 * t0 * 1000);
  assert.ok(named.includes('a') && named.includes('b'), 'a snapshot keeps what is deleted later');
  const empty = (await (await admin('snapshot?skip_head=true')).json()) as Json;
  assert.deepEqual(readdirSync(path.join(dir, 'data', 'snapshots', empty.data.name)), []);
});

test('how long and how much is kept stands in the runtime information', async (t) => {
  const { url } = await served(t, { enableAdminApi: false });
  const { data } = await api(url, 'status/runtimeinfo');
  assert.equal(data.storageRetention, '100y or 512MiB');
});
