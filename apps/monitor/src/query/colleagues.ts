import type { MessagePort } from 'node:worker_threads';
import {
  type Contribution,
  type Engine,
  type Partner,
  type Piecework,
  type Queryable,
  QueryError,
  type QueryErrorKind,
} from '@paddlewatch/promql';
import { ThreadFlags } from './thread-flags.ts';

/** Makes two query threads known to each other. */
export interface Introduction {
  readonly port: MessagePort;
  /** The flags of the other. */
  readonly flags: Int32Array<SharedArrayBuffer>;
  /** Whether the other takes part in this thread's queries when it has nothing to do. */
  readonly lends: boolean;
}

type Letter = Call | Return;

/** Asks for a hand with a query. */
interface Call {
  readonly id: number;
  readonly work: Piecework;
  /** The caller's job, by whose number it may be canceled. */
  readonly job: number;
}

type Return =
  | { readonly id: number; readonly contribution: Contribution }
  | { readonly id: number; readonly failure: Failure };

interface Failure {
  readonly message: string;
  /** Of a query that has to fail; undefined where it was the thread that failed. */
  readonly kind: QueryErrorKind | undefined;
}

interface Colleague {
  readonly port: MessagePort;
  readonly flags: ThreadFlags;
  readonly waiting: Map<number, { resolve(found: Contribution): void; reject(error: Error): void }>;
}

/**
 * The other query threads, without a detour over the main thread: whoever has nothing to do takes pieces of the query
 * that another computes, until a job of his own is sent to him.
 */
export class Colleagues {
  private readonly engine: Engine;
  private readonly storage: Queryable;
  private readonly own: ThreadFlags;
  private readonly helped: () => void;
  private readonly lenders = new Set<Colleague>();
  private nextId = 1;

  /** `helped` hears of each hand that was lent. */
  constructor(engine: Engine, storage: Queryable, own: ThreadFlags, helped = () => {}) {
    this.engine = engine;
    this.storage = storage;
    this.own = own;
    this.helped = helped;
  }

  meet({ port, flags, lends }: Introduction): void {
    const colleague: Colleague = { port, flags: new ThreadFlags(flags), waiting: new Map() };
    if (lends) this.lenders.add(colleague);
    port.on('message', (letter: Letter) => {
      if ('work' in letter) void this.help(letter, colleague);
      else this.settle(letter, colleague);
    });
    port.on('close', () => {
      this.lenders.delete(colleague);
      for (const { reject } of colleague.waiting.values()) reject(new Error('the other thread ended'));
    });
  }

  /** Whoever is idle when a job asks. */
  partnerFor(job: number): Partner {
    return (work) => {
      const colleague = [...this.lenders].find(({ flags }) => flags.lend());
      if (!colleague) return undefined;
      const id = this.nextId++;
      return new Promise((resolve, reject) => {
        colleague.waiting.set(id, { resolve, reject });
        colleague.port.postMessage({ id, work, job } satisfies Call);
      });
    };
  }

  private settle(letter: Return, { waiting }: Colleague): void {
    const asker = waiting.get(letter.id);
    waiting.delete(letter.id);
    if ('contribution' in letter) asker?.resolve(letter.contribution);
    else asker?.reject(errorOf(letter.failure));
  }

  private async help({ id, work, job }: Call, { port, flags }: Colleague): Promise<void> {
    const signal = {
      get aborted() {
        return flags.isCanceled(job);
      },
    };
    const leave = () => this.own.hasJob;
    try {
      const contribution = await this.engine.assist(work, this.storage, { signal, leave });
      port.postMessage({ id, contribution } satisfies Return, buffersOf(contribution));
    } catch (error) {
      const kind = error instanceof QueryError ? error.kind : undefined;
      const failure = { message: (error as Error).message, kind };
      port.postMessage({ id, failure } satisfies Return);
    } finally {
      this.own.giveBack();
      this.helped();
    }
  }
}

function errorOf({ message, kind }: Failure): Error {
  return kind ? new QueryError(message, kind) : new Error(message);
}

function buffersOf({ subtotals }: Contribution): ArrayBuffer[] {
  return subtotals.flatMap(({ columns }) => columns.map(({ buffer }) => buffer as ArrayBuffer));
}
