import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, Run, Seat } from '../infer/pool.ts';
import type { VersionMetrics } from '../metrics.ts';
import { RequestError } from '../request-error.ts';
import { concatRows, sliceRows, type Tensor, type Tensors } from '../tensor.ts';
import type { Fault } from './fault.ts';

export interface QueueOptions {
  /** Requests that may wait; one more is refused with `queue_full`. */
  readonly capacity: number;
  /** Rows in one run. A single larger request runs alone. */
  readonly maxBatch: number;
  /** How long the first request of a batch waits for others while a thread is free; 0 delays nobody. */
  readonly maxWaitMs: number;
  /** From arrival to answer. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly random: () => number;
}

interface Waiting {
  readonly inputs: Tensors;
  readonly rows: number;
  /** Requests with equal keys can share a run. */
  readonly key: string;
  readonly arrived: number;
  readonly resolve: (outputs: Tensors) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
}

/**
 * The requests of one model version, in order of arrival. A batch is formed at the moment a thread is free, from
 * what has queued up until then: an idle server answers single requests at once, a busy one fills its batches.
 */
export class VersionQueue {
  fault: Fault | undefined;
  private readonly name: string;
  private readonly model: number;
  private readonly batchable: boolean;
  private readonly pool: Pool;
  private readonly metrics: VersionMetrics;
  private readonly options: QueueOptions;
  private readonly waiting: Waiting[] = [];
  private readonly running = new Set<Waiting>();
  private seatsWanted = 0;
  private timer: NodeJS.Timeout | undefined;
  private drained: (() => void)[] = [];

  constructor(
    name: string,
    model: number,
    batchable: boolean,
    pool: Pool,
    metrics: VersionMetrics,
    options: QueueOptions,
  ) {
    this.name = name;
    this.model = model;
    this.batchable = batchable;
    this.pool = pool;
    this.metrics = metrics;
    this.options = options;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get runningCount(): number {
    return this.running.size;
  }

  submit(inputs: Tensors): Promise<Tensors> {
    if (this.waiting.length >= this.options.capacity)
      throw new RequestError(
        'queue_full',
        `cannot infer now: ${this.waiting.length} requests wait for ${this.name}`,
      );
    return new Promise((resolve, reject) => {
      const rows = this.batchable ? Object.values(inputs)[0]!.dims[0]! : 1;
      const arrived = this.options.now();
      this.waiting.push({ inputs, rows, key: batchKey(inputs), arrived, resolve, reject, settled: false });
      this.pump();
    });
  }

  /** Refuses what is past its deadline. Requests stand in order of arrival, so the first that is not ends the search. */
  expire(): void {
    const arrivedBefore = this.options.now() - this.options.timeoutMs;
    while (this.waiting.length > 0 && this.waiting[0]!.arrived < arrivedBefore) {
      this.expired(this.waiting.shift()!, 'it was still waiting');
    }
    for (const request of this.running)
      if (!request.settled && request.arrived < arrivedBefore)
        this.expired(request, 'the model was still running');
    this.checkDrained();
  }

  /** Resolves when nothing waits and nothing runs. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.drained.push(resolve);
      this.checkDrained();
    });
  }

  /** Asks for as many threads as there are batches. */
  private pump(): void {
    if (this.waiting.length === 0 || this.waitsForCompany()) return;
    const batches = this.batchable
      ? Math.ceil(this.waiting.length / this.options.maxBatch)
      : this.waiting.length;
    while (this.seatsWanted < Math.min(batches, this.pool.size)) {
      this.seatsWanted++;
      void this.serve();
    }
  }

  private waitsForCompany(): boolean {
    const { maxWaitMs, maxBatch, now } = this.options;
    if (maxWaitMs === 0 || !this.batchable || this.waiting.length >= maxBatch) return false;
    const left = this.waiting[0]!.arrived + maxWaitMs - now();
    if (left <= 0) return false;
    if (this.timer === undefined)
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.pump();
      }, left);
    return true;
  }

  private async serve(): Promise<void> {
    const extraSeconds = this.fault?.extraSeconds ?? 0;
    // An injected delay must not hold a thread that other versions need, so such a batch is formed before it.
    const early = extraSeconds > 0 ? this.take() : undefined;
    if (early) await delay(extraSeconds * 1000);
    const seat = await this.pool.acquire();
    this.seatsWanted--;
    const batch = early ?? this.take();
    if (batch.length > 0) await this.run(batch, seat, extraSeconds);
    seat.release();
    this.checkDrained();
    this.pump();
  }

  private async run(batch: readonly Waiting[], seat: Seat, extraSeconds: number): Promise<void> {
    const names = Object.keys(batch[0]!.inputs);
    const inputs = Object.fromEntries(
      names.map((name) => [name, concatRows(batch.map((request) => request.inputs[name]!))]),
    );
    const started = this.options.now() - extraSeconds * 1000;
    try {
      const run = await seat.run(this.model, inputs);
      this.observe(batch, started, run.seconds + extraSeconds);
      this.answer(batch, run);
    } catch (error) {
      for (const request of batch) this.settle(request, () => request.reject(error as Error));
    }
  }

  private answer(batch: readonly Waiting[], run: Run): void {
    let row = 0;
    for (const request of batch) {
      const end = row + request.rows;
      const outputs =
        batch.length === 1 ? run.outputs : mapTensors(run.outputs, (tensor) => sliceRows(tensor, row, end));
      row = end;
      this.settle(request, () => request.resolve(outputs));
    }
  }

  private observe(batch: readonly Waiting[], started: number, inferenceSeconds: number): void {
    let rows = 0;
    for (const request of batch) {
      rows += request.rows;
      this.metrics.queueTime(Math.max(0, started - request.arrived) / 1000);
      this.metrics.inference(inferenceSeconds);
    }
    this.metrics.batch(rows);
  }

  /** The oldest request and all behind it that can share its run. Requests chosen to fail by a drill fail here. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    let rows = 0;
    while (this.waiting.length > 0) {
      const next = this.waiting[0]!;
      const fits = this.batchable && next.key === batch[0]?.key && rows + next.rows <= this.options.maxBatch;
      if (batch.length > 0 && !fits) break;
      this.waiting.shift();
      if (this.options.random() < (this.fault?.failureShare ?? 0)) {
        next.reject(new RequestError('fault_injected', `cannot infer: a drill makes ${this.name} fail`));
        continue;
      }
      this.running.add(next);
      batch.push(next);
      rows += next.rows;
    }
    return batch;
  }

  private settle(request: Waiting, how: () => void): void {
    this.running.delete(request);
    if (request.settled) return;
    request.settled = true;
    how();
  }

  private expired(request: Waiting, what: string): void {
    request.settled = true;
    request.reject(
      new RequestError('deadline_exceeded', `cannot answer within ${this.options.timeoutMs} ms: ${what}`),
    );
  }

  private checkDrained(): void {
    if (this.waiting.length > 0 || this.running.size > 0) return;
    for (const resolve of this.drained.splice(0)) resolve();
  }
}

/** Sizes behind the first of every input. */
function batchKey(inputs: Tensors): string {
  let key = '';
  for (const name in inputs) key += `${inputs[name]!.dims.slice(1)};`;
  return key;
}

function mapTensors(tensors: Tensors, map: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}
