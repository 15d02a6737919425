import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { closedLoop, type Load } from './closed-loop.ts';

/**
 * How many requests with one digit image v2 answers in a second, and what measuring costs of that: the same server with
 * and without metrics, in turns, so that both see the same machine.
 *
 *     node apps/serving/bench/load.ts [--rounds 4] [--seconds 4] [--connections 32] [--workers 1] [--client wrk|node]
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '32' },
    workers: { type: 'string', default: '1' },
    client: { type: 'string', default: spawnSync('wrk').error ? 'node' : 'wrk' },
  },
});
const root = path.join(import.meta.dirname, '../../..');
const digits = path.join(root, 'examples/digits');
const seconds = Number(flags.seconds);
const connections = Number(flags.connections);

const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-load-'));
const started: Server[] = [];
try {
  await compare([await start([]), await start(['--no-metrics'])]);
} finally {
  for (const server of started) server.process.kill('SIGTERM');
  rmSync(folder, { recursive: true });
}

async function compare(servers: readonly [on: Server, off: Server]): Promise<void> {
  const [on, off] = servers;
  console.log(`digits v2, ${flags.workers} worker(s), ${connections} connections, client ${flags.client}`);
  for (const server of servers) await drive(server.url, 1);
  const ratios: number[] = [];
  for (let round = 1; round <= Number(flags.rounds); round++) {
    const order = round % 2 === 0 ? [on, off] : [off, on];
    const loads = new Map<Server, MeasuredLoad>();
    for (const server of order) loads.set(server, await measured(server));
    ratios.push(loads.get(off)!.cpuPerRequest / loads.get(on)!.cpuPerRequest);
    console.log(`round ${round}: metrics on  ${text(loads.get(on)!)}`);
    console.log(`         metrics off ${text(loads.get(off)!)}`);
  }
  ratios.sort((a, b) => a - b);
  const middle = (ratios[Math.floor((ratios.length - 1) / 2)]! + ratios[Math.floor(ratios.length / 2)]!) / 2;
  const cost = ((1 - middle) * 100).toFixed(1);
  console.log(`metrics cost ${cost} % of the processor time of a request (median of the rounds)`);
}

interface MeasuredLoad extends Load {
  /** Microseconds of all threads of the server; steadier than requests/s where the machine is shared. */
  readonly cpuPerRequest: number;
}

async function measured(server: Server): Promise<MeasuredLoad> {
  const before = cpuMicroseconds(server.process.pid!);
  const load = await drive(server.url, seconds);
  const spent = cpuMicroseconds(server.process.pid!) - before;
  return { ...load, cpuPerRequest: spent / (load.perSecond * seconds) };
}

/** User and system time from /proc, in ticks of 10 ms; NaN where there is no /proc. */
function cpuMicroseconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

interface Server {
  readonly url: string;
  readonly process: ChildProcess;
}

async function start(extra: string[]): Promise<Server> {
  const model = `digits:v2=${path.join(digits, 'models/v2/paddle3')}`;
  const main = path.join(root, 'apps/serving/src/main.ts');
  const args = [
    main,
    '--model',
    model,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--workers',
    flags.workers,
    ...extra,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const server = { url: `${line.toString().trim().split(' ').at(-1)}/infer`, process: child };
  started.push(server);
  return server;
}

function drive(url: string, forSeconds: number): Promise<Load> {
  const { images } = JSON.parse(readFileSync(path.join(digits, 'testdata/held-out.json'), 'utf8')) as {
    images: number[][];
  };
  const rows = Array.from({ length: 8 }, (_, row) => images[0]!.slice(row * 8, row * 8 + 8));
  const body = JSON.stringify({ inputs: { image: [[rows]] } });
  return flags.client === 'wrk' ? wrk(url, body, forSeconds) : closedLoop(url, body, connections, forSeconds);
}

async function wrk(url: string, body: string, forSeconds: number): Promise<Load> {
  const script = path.join(folder, 'post.lua');
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = [==[${body}]==]\n`);
  const args = ['-t1', `-c${connections}`, `-d${forSeconds}`, '--latency', '-s', script, url];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const milliseconds = (percent: string) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? [];
    return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit as 'ms']!;
  };
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds('50'),
    p99: milliseconds('99'),
    failures: number(/Non-2xx or 3xx responses: (\d+)/) || 0,
  };
}

function text({ perSecond, p50, p99, failures, cpuPerRequest }: MeasuredLoad): string {
  const failed = failures > 0 ? `, ${failures} FAILED` : '';
  return `${perSecond.toFixed(0)} req/s, P50 ${p50.toFixed(2)} ms, P99 ${p99.toFixed(2)} ms, ${cpuPerRequest.toFixed(0)} µs CPU${failed}`;
}
