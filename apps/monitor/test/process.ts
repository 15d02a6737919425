import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const main = new URL('../src/main.ts', import.meta.url).pathname;

/** The monitor as people start it: a process of its own. */
export class Process {
  readonly child: ChildProcess;
  readonly errors: string[] = [];
  readonly ended: Promise<number | null>;

  constructor(...flags: string[]) {
    this.child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.errors.push(line));
  }

  /** Its address, once it listens. @throws where it ends before. */
  async url(): Promise<string> {
    const lines = createInterface({ input: this.child.stdout! });
    const line = once(lines, 'line').then(([text]) => String(text));
    const first = await Promise.race([line, this.ended]);
    if (typeof first !== 'string') throw new Error(`it ended with ${first}: ${this.errors.join('\n')}`);
    return first.slice(first.indexOf('http'));
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
