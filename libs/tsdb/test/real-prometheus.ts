import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** The server: `PROMETHEUS` names another one than that of the system. */
const program = process.env.PROMETHEUS ?? 'prometheus';

/** Why tests against the real program are skipped, or false. */
export const noPrometheus =
  spawnSync(program, ['--version']).status === 0
    ? false
    : `${program} is not installed (Debian: apt install prometheus)`;

/** A series of its answers; times in seconds. Old versions have an empty key where there is nothing. */
export interface RealSeries {
  readonly metric: Record<string, string>;
  readonly values?: [number, string][] | null;
  readonly histograms?: [number, RealHistogram][] | null;
}

export interface RealHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: [rule: number, lower: string, upper: string, count: string][];
}

export interface RealPrometheus {
  readonly dir: string;
  /** Value of `data.result` of an instant query. */
  query(query: string, time: number): Promise<RealSeries[]>;
  /** Value of `data` of any other path of its API. */
  get(path: string): Promise<unknown>;
  /** Sends a remote-write request. @throws where it is not taken as a whole */
  write(request: Buffer<ArrayBuffer>): Promise<void>;
  /** What it has logged since its start. */
  log(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts Prometheus on a folder and waits until it answers. */
export async function startPrometheus(
  home: string,
  dir: string,
  config: string,
  features: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<RealPrometheus> {
  const configFile = path.join(home, 'prometheus.yml');
  fs.writeFileSync(configFile, config);
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dir}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      ...(features.length > 0 ? [`--enable-feature=${features.join(',')}`] : []),
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (part) => {
    log += part;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const body = (await answer.json()) as { status: string; data: unknown };
    if (body.status !== 'success') throw new Error(`cannot get ${path}: ${JSON.stringify(body)}`);
    return body.data;
  };
  await untilReady(`http://127.0.0.1:${port}/-/ready`, child, () => log);
  return {
    dir,
    async query(query, time) {
      const parameters = new URLSearchParams({ query, time: String(time / 1000) });
      return ((await get(`query?${parameters}`)) as { result: RealSeries[] }).result;
    },
    get,
    async write(body) {
      const headers = { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' };
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/write`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`cannot write: ${answer.status} ${await answer.text()}`);
    },
    log: () => log,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

async function untilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`cannot start ${program}: ${log()}`);
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
