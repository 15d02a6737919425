import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, findChromium } from '@paddlewatch/web/page-check';
import { eventually, type Product, startProduct } from './product.ts';

/** One request's whole way: image → model → metrics → storage → rule → alert → receiver → history → page. */

interface Vector {
  result: { metric: Record<string, string>; value: [number, string] }[];
}
interface Rules {
  groups: { rules: { name: string; state: string; alerts?: { state: string; activeAt: string }[] }[] }[];
}
interface History {
  events: { kind: string; alertname: string; to?: string; outcome?: string; channel?: string; at: string }[];
}

let product: Product;
before(async () => {
  product = await startProduct(['--drill', 'slow', '--hurry', '20']);
});
after(async () => {
  assert.equal(await product.stop(), 0, 'Ctrl-C ends everything cleanly');
});

const value = (expr: string) => product.get<Vector>(`/api/v1/query?query=${encodeURIComponent(expr)}`);

test('traffic of both versions is seen within ten seconds', async () => {
  const { result } = await eventually(
    () => value('sum by (version) (rate(paddle_requests_total{status="2xx"}[10s]))'),
    ({ result }) => result.length === 2 && result.every(({ value }) => Number(value[1]) > 0),
    10_000,
  );
  assert.deepEqual(result.map(({ metric }) => metric.version).sort(), ['v1', 'v2']);
});

test('a slow version: pending, firing, delivered, resolved, all of it in the history', async () => {
  const state = async () => {
    const { groups } = await product.get<Rules>('/api/v1/rules?type=alert');
    return groups.flatMap(({ rules }) => rules).find(({ name }) => name === 'HighInferenceLatency')!.state;
  };
  await eventually(state, (now) => now === 'pending', 60_000);
  await eventually(state, (now) => now === 'firing', 60_000);
  await product.line(/HighInferenceLatency delivered after/, 60_000);
  await product.line(/resolution delivered after/, 90_000);

  const { events } = await product.get<History>(
    '/api/paddlewatch/v1/history?alertname=HighInferenceLatency&limit=200',
  );
  const said = events
    .reverse()
    .map(({ kind, to, channel, outcome }) => (kind === 'transition' ? to : `${channel} ${outcome}`));
  for (const expected of ['pending', 'firing', 'webhook sent', 'dingtalk sent'])
    assert.ok(said.includes(expected), `${expected} in ${said}`);
  assert.ok(
    said.indexOf('pending') < said.indexOf('firing') && said.indexOf('firing') < said.indexOf('webhook sent'),
    `${said}`,
  );
});

test('the page shows it', {
  skip: !findChromium() && 'no Chromium: apt-get install chromium',
}, async () => {
  await checkPage({ origin: product.page });
});
