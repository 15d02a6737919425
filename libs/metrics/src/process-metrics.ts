import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { Registry } from './registry.ts';

/** The page in which /proc/self/statm counts, on x64 and, by default, on arm64. */
const pageBytes = 4096;
const nanoseconds = 1e-9;
/** How often the event loop is asked to wake, in milliseconds: lag below it is not seen. */
const lagResolutionMs = 10;

/**
 * Registers what Prometheus clients tell of their process (`process_*`) and of Node (`nodejs_*`). Once a registry.
 * @returns a function that stops the observers.
 */
export function exposeProcess(registry: Registry): () => void {
  exposeCpu(registry);
  exposeMemory(registry);
  if (process.platform === 'linux') exposeFiles(registry);
  const stopLag = exposeEventLoopLag(registry);
  const stopGc = exposeGc(registry);
  registry
    .gauge({ name: 'nodejs_version_info', help: 'Version of Node.', labels: ['version'] })
    .with(process.version)
    .set(1);
  registry
    .gauge({ name: 'process_start_time_seconds', help: 'Start of the process, in Unix time.' })
    .set(performance.timeOrigin / 1000);
  return () => {
    stopLag();
    stopGc();
  };
}

function exposeCpu(registry: Registry): void {
  const total = registry.counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time spent.',
  });
  registry.onExpose(() => {
    const { user, system } = process.cpuUsage();
    total.inc(Math.max(0, (user + system) / 1e6 - total.value));
  });
}

function exposeMemory(registry: Registry): void {
  const resident = registry.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.' });
  const heapTotal = registry.gauge({ name: 'nodejs_heap_size_total_bytes', help: 'Heap that V8 holds.' });
  const heapUsed = registry.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Heap in use.' });
  const external = registry.gauge({
    name: 'nodejs_external_memory_bytes',
    help: 'Memory of objects bound to JavaScript, buffers included.',
  });
  registry.onExpose(() => {
    const usage = process.memoryUsage();
    resident.set(usage.rss);
    heapTotal.set(usage.heapTotal);
    heapUsed.set(usage.heapUsed);
    external.set(usage.external);
  });
}

/** What only /proc knows. */
function exposeFiles(registry: Registry): void {
  const open = registry.gauge({ name: 'process_open_fds', help: 'Open file descriptors.' });
  const most = registry.gauge({ name: 'process_max_fds', help: 'File descriptors the process may open.' });
  const virtual = registry.gauge({ name: 'process_virtual_memory_bytes', help: 'Virtual memory.' });
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  most.set(Number(limit?.[1] ?? Infinity));
  registry.onExpose(() => {
    open.set(readdirSync('/proc/self/fd').length);
    virtual.set(Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]) * pageBytes);
  });
}

function exposeEventLoopLag(registry: Registry): () => void {
  const lag = registry.gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How late the event loop ran its timers since the last exposition.',
    labels: ['quantile'],
  });
  const most = registry.gauge({
    name: 'nodejs_eventloop_lag_max_seconds',
    help: 'Longest hold of the event loop since the last exposition.',
  });
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  delay.enable();
  const late = (ns: number) => Math.max(0, ns * nanoseconds - lagResolutionMs / 1000);
  registry.onExpose(() => {
    if (delay.count === 0) return;
    for (const quantile of [0.5, 0.9, 0.99])
      lag.with(String(quantile)).set(late(delay.percentile(100 * quantile)));
    most.set(late(delay.max));
    delay.reset();
  });
  return () => delay.disable();
}

function exposeGc(registry: Registry): () => void {
  const pauses = registry.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses for garbage collection.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  });
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.observe(duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
