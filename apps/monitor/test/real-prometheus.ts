import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { folder, until } from './bench.ts';

/** Why tests against the real program are skipped, or false. */
export const noPrometheus =
  spawnSync('prometheus', ['--version']).status === 0
    ? false
    : 'the program prometheus is missing: apt-get install prometheus';

export interface RealPrometheus {
  readonly url: string;
  /** Holds `prometheus.yml` and `data/`. */
  readonly dir: string;
  kill(): Promise<void>;
}

/** Prometheus itself, behind its own HTTP server. Files of rules stand in `dir` where it is given. */
export async function realPrometheus(
  t: { after(end: () => unknown): void },
  config: string,
  { dir = folder(t), features = [] }: { dir?: string; features?: readonly string[] } = {},
): Promise<RealPrometheus> {
  writeFileSync(path.join(dir, 'prometheus.yml'), config);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=${address}`,
      ...(features.length > 0 ? [`--enable-feature=${features.join(',')}`] : []),
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  await until(
    () =>
      fetch(`http://${address}/-/ready`).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 200,
  );
  return { url: `http://${address}`, dir, kill };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
