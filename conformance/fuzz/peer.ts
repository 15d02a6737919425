import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A result as the API gives it, or the error. */
export type Answer =
  | { readonly error: string }
  | {
      readonly type: string;
      readonly series: readonly { labels: Record<string, string>; points: [number, number][] }[];
    };

/** A real Prometheus over blocks that promtool made of OpenMetrics text. */
export class Peer {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(folder: string, process: ChildProcess, url: string) {
    this.#folder = folder;
    this.#process = process;
    this.#url = url;
  }

  static async start(openMetrics: string): Promise<Peer> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'promql-fuzz-'));
    const data = path.join(folder, 'data');
    writeFileSync(path.join(folder, 'series.om'), openMetrics);
    writeFileSync(path.join(folder, 'prometheus.yml'), 'global: {}\n');
    execFileSync(
      'promtool',
      ['tsdb', 'create-blocks-from', 'openmetrics', path.join(folder, 'series.om'), data],
      { stdio: 'ignore' },
    );
    const port = await freePort();
    const args = [
      '--config.file',
      path.join(folder, 'prometheus.yml'),
      '--storage.tsdb.path',
      data,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn('prometheus', args, { stdio: 'ignore' });
    const peer = new Peer(folder, child, `http://127.0.0.1:${port}`);
    await peer.#ready();
    return peer;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.#url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('cannot use prometheus: it did not become ready within 30 s');
  }

  async ask(
    query: string,
    times: { time: number } | { start: number; end: number; step: number },
  ): Promise<Answer> {
    const body = new URLSearchParams({ query });
    for (const [name, ms] of Object.entries(times)) body.set(name, String(ms / 1000));
    const route = 'time' in times ? 'query' : 'query_range';
    const response = await fetch(`${this.#url}/api/v1/${route}`, { method: 'POST', body });
    const { status, data, error } = (await response.json()) as ApiAnswer;
    if (status !== 'success') return { error: error! };
    if (data.resultType === 'scalar')
      return { type: 'scalar', series: [{ labels: {}, points: [point(data.result as ApiPoint)] }] };
    const series = (
      data.result as { metric: Record<string, string>; value?: ApiPoint; values?: ApiPoint[] }[]
    ).map(({ metric, value, values }) => ({ labels: metric, points: (values ?? [value!]).map(point) }));
    return { type: data.resultType, series };
  }

  stop(): void {
    this.#process.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type ApiPoint = [number, string];
interface ApiAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly resultType: string; readonly result: unknown };
}

function point([t, v]: ApiPoint): [number, number] {
  return [Math.round(t * 1000), v === '+Inf' ? Infinity : v === '-Inf' ? -Infinity : Number(v)];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
