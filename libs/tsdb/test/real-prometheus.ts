import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** Why tests against the real program are skipped, or false. */
export const noPrometheus =
  spawnSync('prometheus', ['--version']).status === 0
    ? false
    : 'prometheus is not installed (Debian: apt install prometheus)';

export interface RealPrometheus {
  readonly dir: string;
  /** Value of `data.result` of an instant query. */
  query(
    query: string,
    time: number,
  ): Promise<{ metric: Record<string, string>; values: [number, string][] }[]>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts Prometheus on a folder and waits until it answers. */
export async function startPrometheus(home: string, dir: string, config: string): Promise<RealPrometheus> {
  const configFile = path.join(home, 'prometheus.yml');
  fs.writeFileSync(configFile, config);
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dir}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (part) => {
    log += part;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await untilReady(`http://127.0.0.1:${port}/-/ready`, child, () => log);
  return {
    dir,
    async query(query, time) {
      const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query, time: String(time / 1000) })}`;
      const body = (await (await fetch(url)).json()) as { status: string; data: { result: never[] } };
      if (body.status !== 'success') throw new Error(`cannot query: ${JSON.stringify(body)}`);
      return body.data.result;
    },
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

async function untilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`cannot start prometheus: ${log()}`);
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
