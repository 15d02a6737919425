import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer } from './answer.ts';
import { answerOfJson } from './answer.ts';
import type { Ask } from './ask.ts';
import { flagsOf, type Peer } from './peer.ts';
import { encodeWrite } from './remote-write.ts';
import type { World } from './world.ts';

/** An answer about a query's text. */
export interface Reading {
  readonly data?: unknown;
  readonly error?: string;
}

/** A real Prometheus with the samples of a world, on a port of its own choice. */
export class Prometheus {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #url: string;
  readonly peer: Peer;

  private constructor(peer: Peer, process: ChildProcess, folder: string, url: string) {
    this.peer = peer;
    this.#process = process;
    this.#folder = folder;
    this.#url = url;
  }

  static async start(peer: Peer, world: World, delayedNames: boolean): Promise<Prometheus> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'promql-fuzz-'));
    const config = path.join(folder, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    const process = spawn(
      peer.program,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
        ...flagsOf(peer, delayedNames),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const prometheus = new Prometheus(peer, process, folder, await listening(process));
    await prometheus.#write(world);
    return prometheus;
  }

  async ask(ask: Ask): Promise<Answer> {
    const body = new URLSearchParams({ query: this.#named(ask.query) });
    for (const [name, ms] of Object.entries(timesOf(ask))) body.set(name, String(ms / 1000));
    const endpoint = ask.kind === 'instant' ? 'query' : 'query_range';
    const response = await fetch(`${this.#url}/api/v1/${endpoint}`, { method: 'POST', body });
    return answerOfJson(await response.json());
  }

  /** What `/parse_query` or `/format_query` answers; undefined where it cannot write its own answer as JSON. */
  async read(query: string, endpoint: 'parse_query' | 'format_query'): Promise<Reading | undefined> {
    const body = new URLSearchParams({ query });
    const response = await fetch(`${this.#url}/api/v1/${endpoint}`, { method: 'POST', body });
    const text = await response.text();
    return text.startsWith('{') ? (JSON.parse(text) as Reading) : undefined;
  }

  /** One function had another name before 3.0. */
  #named(query: string): string {
    return this.peer.language === '2'
      ? query.replaceAll('double_exponential_smoothing(', 'holt_winters(')
      : query;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** In one piece, so that the head numbers series in their order: of equal values the first one is on top. */
  async #write({ series }: World): Promise<void> {
    const headers = {
      'Content-Encoding': 'snappy',
      'Content-Type': 'application/x-protobuf',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    };
    const body = new Uint8Array(encodeWrite(series));
    const response = await fetch(`${this.#url}/api/v1/write`, { method: 'POST', headers, body });
    if (!response.ok)
      throw new Error(`cannot write to Prometheus: ${response.status} ${await response.text()}`);
  }
}

function timesOf(ask: Ask): Record<string, number> {
  if (ask.kind === 'instant') return { time: ask.time };
  const { start, end, step } = ask;
  return { start, end, step };
}

/** The address that the process says it listens on, once it is ready. */
async function listening(process: ChildProcess): Promise<string> {
  let address = '';
  let ready = false;
  const log: string[] = [];
  for await (const line of createInterface({ input: process.stderr! })) {
    log.push(line);
    address = /msg="Listening on".* address=(\S+)/.exec(line)?.[1] ?? address;
    ready ||= line.includes('Server is ready');
    if (ready && address !== '') {
      process.stderr!.resume();
      return `http://${address}`;
    }
  }
  throw new Error(`cannot start prometheus: ${log.slice(-3).join('\n')}`);
}
