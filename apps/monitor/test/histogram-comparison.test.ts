import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PageScanner, readProtobuf } from '@paddlewatch/exposition';
import { canonicalFloat } from '../src/scrape/target-labels.ts';
import { api, folder, type Json, monitor, until } from './bench.ts';
import { type Latency, protobufTarget } from './protobuf-target.ts';
import { noPrometheus, realPrometheus } from './real-prometheus.ts';
import { same } from './same.ts';

const pages = 12;
const stepMs = 15_000;
const features = ['native-histograms', 'exemplar-storage'];

const storage = 'storage: {exemplars: {max_exemplars: 100}}\n';
const rules = `groups:
  - name: g
    interval: 250ms
    rules:
      - record: latency:scaled
        expr: latency_seconds * 0.3
`;

/** Buckets come, and a restart in the middle resets them. */
function latency(n: number, at: number): Latency {
  const age = n % 7;
  const counts = Array.from({ length: 1 + Math.floor(age / 2) }, (_, i) => 1 + age * (i + 1));
  return { counts, sum: 0.37 * n, at, trace: { id: `t${n}`, value: 1.5, t: at } };
}

test('histograms and exemplars go through our folder into a real Prometheus, and back', {
  skip: noPrometheus,
}, async (t) => {
  const start = Date.now() - pages * stepMs;
  let shown = 0;
  let fetched = new Map<string, number>();
  const address = await protobufTarget(t, (userAgent) => {
    const page = latency(shown, start + shown * stepMs);
    fetched.set(userAgent, (fetched.get(userAgent) ?? 0) + 1);
    // A page is shown until both have fetched it twice: what one missed on a busy machine it fetches the second time.
    if (shown < pages - 1 && fetched.size === 2 && Math.min(...fetched.values()) >= 2) {
      shown++;
      fetched = new Map();
    }
    return page;
  });
  const targets = `static_configs: [{targets: ['${address}']}]`;
  const config = (keys: string) => `global: {scrape_interval: 100ms, scrape_timeout: 100ms}
${storage}rule_files: [rules.yml]
scrape_configs: [{job_name: j, ${keys}${targets}}]
`;
  const [ourDir, theirDir] = [folder(t), folder(t)];
  for (const dir of [ourDir, theirDir]) writeFileSync(path.join(dir, 'rules.yml'), rules);
  writeFileSync(path.join(ourDir, 'prometheus.yml'), config('scrape_native_histograms: true, '));
  const theirs = await realPrometheus(t, config(''), { dir: theirDir, features });
  const ours = await monitor(t, '', {
    configFile: path.join(ourDir, 'prometheus.yml'),
    storagePath: path.join(ourDir, 'data'),
  });
  const end = (start + pages * stepMs) / 1000;
  const calls = [
    'latency_seconds[1h]',
    'histogram_sum(latency_seconds)',
    'histogram_count(latency_seconds)',
  ].map((query) => `query?${new URLSearchParams({ query, time: String(end - 2) })}`);
  calls.push(`query_exemplars?query=latency_seconds&start=${start / 1000}&end=${end}`);
  const last = `query?query=histogram_sum(latency_seconds)&time=${end - 2}`;
  const lastSum = String(latency(pages - 1, 0).sum);
  for (const url of [ours.url, theirs.url])
    await until(
      () => api(url, last),
      ({ data }) => data.result[0]?.value[1] === lastSum,
    );
  const { data } = await api(ours.url, calls[0]!);
  assert.equal(data.result[0].histograms.length, pages);
  for (const call of calls) same(await api(ours.url, call), await api(theirs.url, call), call);

  // Rules are evaluated when each of them likes, so their results are compared with themselves.
  const recorded = (at: number) =>
    `query?${new URLSearchParams({ query: 'latency:scaled[1h]', time: String(at) })}`;
  const answers = (url: string, at: number): Promise<Json[]> =>
    Promise.all([...calls, recorded(at)].map((call) => api(url, call)));
  const lastRecorded = async (url: string): Promise<number> => {
    const { data } = await until(
      () => api(url, recorded(Date.now() / 1000)),
      (answer) => answer.data.result.length === 1,
    );
    return data.result[0].histograms.at(-1)[0];
  };

  const ourLast = await lastRecorded(ours.url);
  const ourAnswers = await answers(ours.url, ourLast);
  const copy = folder(t);
  cpSync(path.join(ourDir, 'data'), path.join(copy, 'data'), { recursive: true });
  rmSync(path.join(copy, 'data', 'lock'));
  const reader = await realPrometheus(t, storage, { dir: copy, features });
  for (const [i, answer] of (await answers(reader.url, ourLast)).entries())
    same(ourAnswers[i], answer, `theirs of ours: ${i}`);

  const theirLast = await lastRecorded(theirs.url);
  const theirAnswers = await answers(theirs.url, theirLast);
  await theirs.kill();
  rmSync(path.join(theirDir, 'data', 'lock'), { force: true });
  writeFileSync(path.join(theirDir, 'prometheus.yml'), storage);
  const opened = await monitor(t, '', {
    configFile: path.join(theirDir, 'prometheus.yml'),
    storagePath: path.join(theirDir, 'data'),
  });
  await opened.app.ready;
  for (const [i, answer] of (await answers(opened.url, theirLast)).entries())
    same(answer, theirAnswers[i], `ours of theirs: ${i}`);
});

test('what a real Prometheus says in protobuf is what it says in text', { skip: noPrometheus }, async (t) => {
  const { url } = await realPrometheus(t, '');
  const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
  const page = async (headers: Record<string, string>) => {
    const answer = await fetch(`${url}/metrics`, { headers });
    return { type: answer.headers.get('content-type')!, body: Buffer.from(await answer.arrayBuffer()) };
  };
  // Some series come with the first answer of their kind.
  await page({ accept });
  const [binary, text] = [await page({ accept }), await page({})];
  assert.match(binary.type, /^application\/vnd\.google\.protobuf/);
  const options = { nativeHistograms: false, classicToo: false };
  const fromBinary = linesOf(readProtobuf(binary.body, options).text, 'protobuf');
  const fromText = linesOf(text.body, 'text');
  assert.ok(fromText.size > 300);
  assert.deepEqual(fromBinary, fromText);
});

/** Series and metadata of a page, without values: they change from answer to answer. */
function linesOf(page: Buffer, format: 'protobuf' | 'text'): Set<string> {
  const scanner = new PageScanner();
  scanner.open(page, format);
  const lines = new Set<string>();
  for (let line = scanner.next(); line !== 'end'; line = scanner.next()) {
    if (line !== 'series') lines.add(`${line} ${scanner.name()} ${scanner.text()}`);
    // Bounds are spelled alike when they are taken in.
    else lines.add(scanner.labels().map(canonicalFloat).join(' '));
  }
  return lines;
}
