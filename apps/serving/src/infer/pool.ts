import { Worker } from 'node:worker_threads';
import { RequestError } from '../request-error.ts';
import type { Tensors } from '../tensor.ts';
import type { LoadedModel, ModelSource, WorkerData, WorkerMessage } from './protocol.ts';

export interface Run {
  readonly outputs: Tensors;
  /** In the model, without the way to the worker and back. */
  readonly seconds: number;
}

/** One inference thread; it runs one batch at a time. */
export interface Seat {
  run(model: number, inputs: Tensors): Promise<Run>;
  /** Gives the seat to whoever waits longest for one. */
  release(): void;
}

/** The inference threads. All models are loaded in each; a thread that dies is replaced. */
export class Pool {
  readonly size: number;
  private readonly data: WorkerData;
  private readonly threads = new Set<Thread>();
  private readonly idle: Thread[] = [];
  private readonly waiting: ((seat: Seat) => void)[] = [];
  private readonly respawnDelayMs: number;
  private closed = false;

  /** Throws what a model says that cannot be loaded. */
  static async start(
    models: readonly ModelSource[],
    size: number,
    threadsPerWorker: number,
    respawnDelayMs = 1000,
  ): Promise<{ pool: Pool; loaded: readonly LoadedModel[] }> {
    const pool = new Pool({ models, threads: threadsPerWorker }, size, respawnDelayMs);
    try {
      const loaded = await Promise.all(Array.from({ length: size }, () => pool.spawn()));
      return { pool, loaded: loaded[0]! };
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  private constructor(data: WorkerData, size: number, respawnDelayMs: number) {
    this.data = data;
    this.size = size;
    this.respawnDelayMs = respawnDelayMs;
  }

  /** Threads that are alive with all models loaded. */
  get alive(): number {
    return this.threads.size;
  }

  /** Resolves in the order of the calls. */
  acquire(): Promise<Seat> {
    const thread = this.idle.pop();
    if (thread) return Promise.resolve(this.seat(thread));
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private seat(thread: Thread): Seat {
    return {
      run: (model, inputs) => thread.run(model, inputs),
      release: () => {
        if (this.threads.has(thread)) this.offer(thread);
      },
    };
  }

  private offer(thread: Thread): void {
    const next = this.waiting.shift();
    if (next) next(this.seat(thread));
    else this.idle.push(thread);
  }

  private async spawn(): Promise<readonly LoadedModel[]> {
    const thread = new Thread(this.data, () => this.lost(thread));
    const loaded = await thread.loaded;
    this.threads.add(thread);
    this.offer(thread);
    return loaded;
  }

  private lost(thread: Thread): void {
    if (!this.threads.delete(thread) || this.closed) return;
    const place = this.idle.indexOf(thread);
    if (place >= 0) this.idle.splice(place, 1);
    this.respawn();
  }

  /** Until it works: the files that loaded once may be in the middle of being replaced. */
  private respawn(): void {
    setTimeout(() => {
      if (!this.closed) this.spawn().catch(() => this.respawn());
    }, this.respawnDelayMs).unref();
  }
}

class Thread {
  readonly loaded: Promise<readonly LoadedModel[]>;
  private readonly worker: Worker;
  private current: { id: number; resolve: (run: Run) => void; reject: (error: Error) => void } | undefined;
  private next = 0;

  constructor(data: WorkerData, onLost: () => void) {
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data });
    this.loaded = new Promise((resolve, reject) => {
      this.worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve(message.models);
        else if (message.kind === 'refused') {
          reject(new Error(message.message));
          void this.worker.terminate();
        } else this.settle(message);
      });
      this.worker.on('error', (error) => this.fail(error as Error, reject));
      this.worker.on('exit', (code) => {
        this.fail(new Error(`the inference thread ended with code ${code}`), reject);
        onLost();
      });
    });
  }

  run(model: number, inputs: Tensors): Promise<Run> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.current = { id, resolve, reject };
      this.worker.postMessage({ id, model, inputs });
    });
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(message: Extract<WorkerMessage, { id: number }>): void {
    const run = this.current;
    if (run?.id !== message.id) return;
    this.current = undefined;
    if (message.kind === 'done') run.resolve(message);
    else
      run.reject(new RequestError('inference_failed', `cannot infer: onnxruntime says: ${message.message}`));
  }

  private fail(error: Error, reject: (error: Error) => void): void {
    reject(error);
    this.current?.reject(new RequestError('inference_failed', `cannot infer: ${error.message}`));
    this.current = undefined;
  }
}
