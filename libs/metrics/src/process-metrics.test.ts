import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { exposeProcess } from './process-metrics.ts';
import { Registry } from './registry.ts';

test('tells of the process, in words that promtool accepts', (t) => {
  const registry = new Registry();
  t.after(exposeProcess(registry));
  const body = registry.expose().body.toString();
  assert.match(body, /^process_cpu_seconds_total [\d.]+$/m);
  assert.match(body, /^process_resident_memory_bytes \d{7,}$/m);
  assert.match(body, /^process_start_time_seconds \d+/m);
  const check = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
  if (check.error)
    return t.diagnostic('not checked with promtool: it is not installed (apt-get install prometheus)');
  assert.equal(check.status, 0, check.stderr);
});

test('counts CPU time upwards', (t) => {
  const registry = new Registry();
  t.after(exposeProcess(registry));
  const cpu = () => Number(/^process_cpu_seconds_total (.+)$/m.exec(registry.expose().body.toString())![1]);
  const before = cpu();
  assert.ok(cpu() >= before);
});
