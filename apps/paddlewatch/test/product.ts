import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The product as a user starts it, in a process of its own, on free ports, with a data folder of its own. */
export interface Product {
  readonly page: string;
  readonly data: string;
  readonly process: ChildProcess;
  /** The first line of output that fits, past or future. */
  line(fits: RegExp, withinMs?: number): Promise<RegExpMatchArray>;
  /** The data of a Prometheus or Paddlewatch API answer. */
  get<T>(route: string): Promise<T>;
  /** Ends it as Ctrl-C does and gives the exit code. */
  stop(): Promise<number | null>;
}

const root = path.resolve(import.meta.dirname, '../../..');

export async function startProduct(
  args: readonly string[],
  data = mkdtempSync(path.join(tmpdir(), 'paddlewatch-')),
): Promise<Product> {
  const argv = ['tools/run.mjs', 'start', '--port', '0', '--serving-port', '0', '--data', data, ...args];
  const child = spawn('node', argv, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const output = outputOf(child);
  const page = (await output.find(/Page +(http:\S+)/, 120_000))[1]!;
  return {
    page,
    data,
    process: child,
    line: (fits, withinMs = 60_000) => output.find(fits, withinMs),
    async get<T>(route: string): Promise<T> {
      const response = await fetch(`${page}${route}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${route} answered ${response.status}: ${text}`);
      const body = JSON.parse(text);
      return (body.data ?? body) as T;
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
}

/** Collects a process's output by lines, and lets a test wait for one. */
export function outputOf(child: ChildProcess) {
  const seen: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  const hear = (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop()!;
    seen.push(...parts);
    for (const look of waiting) look();
  };
  child.stdout!.on('data', hear);
  child.stderr!.on('data', hear);
  return {
    find(fits: RegExp, withinMs: number): Promise<RegExpMatchArray> {
      return new Promise((resolve, reject) => {
        const end = (act: () => void) => {
          waiting.delete(look);
          child.off('exit', gone);
          clearTimeout(timer);
          act();
        };
        const fault = (what: string) => new Error(`no line like ${fits} ${what}:\n${seen.join('\n')}`);
        const gone = () => end(() => reject(fault('before the process ended')));
        const timer = setTimeout(() => end(() => reject(fault(`within ${withinMs} ms`))), withinMs);
        const look = () => {
          const match = seen.map((line) => line.match(fits)).find((found) => found !== null);
          if (match) end(() => resolve(match));
        };
        waiting.add(look);
        child.on('exit', gone);
        look();
      });
    },
  };
}

/** Asks until the answer fits; a fast poll of a cheap question, bounded in time. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still not so after ${withinMs} ms: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
