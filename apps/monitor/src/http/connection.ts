import net from 'node:net';
import tls from 'node:tls';
import type { Answer } from './answer.ts';
import type { AnswerReader } from './answer-reader.ts';

/** Where connections lead. */
export interface Endpoint {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: tls.ConnectionOptions;
}

export type Settle = (outcome: Answer | Error) => void;

const readSize = 256 * 1024;
/**
 * Reads go through one memory, whose bytes are taken before the next read: a kilobyte for each of thousands of idle
 * connections would be more than their pages. Windows begins reads long before bytes come, so there each has its own.
 */
const sharedMemory = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(readSize);

/** A connection that carries one exchange at a time. */
export class Connection {
  /** Exchanges that went before. */
  used = 0;
  /** Milliseconds; set by the keeper of idle connections. */
  idleSince = 0;
  readonly #socket: net.Socket;
  readonly #onFree: (connection: Connection) => void;
  readonly #onGone: (connection: Connection) => void;
  #reader: AnswerReader | undefined;
  #settle: Settle | undefined;
  #fault: Error | undefined;

  /** @param onFree hears that the connection may take another exchange; `onGone`, that it never will. */
  constructor(
    endpoint: Endpoint,
    onFree: (connection: Connection) => void,
    onGone: (connection: Connection) => void,
  ) {
    this.#onFree = onFree;
    this.#onGone = onGone;
    this.#socket = connect(endpoint, (bytes) => this.#take(bytes));
    this.#socket.on('error', (error) => {
      this.#fault = error;
    });
    this.#socket.on('close', () => this.#closed());
  }

  /** Sends a request and reads its answer. `settle` is called once. */
  exchange(request: string | Buffer, reader: AnswerReader, settle: Settle): void {
    this.#reader = reader;
    this.#settle = settle;
    if (typeof request === 'string') this.#socket.write(request, 'latin1');
    else this.#socket.write(request);
  }

  /** Whether bytes of the answer have come. */
  get answered(): boolean {
    return this.#reader?.begun ?? false;
  }

  /** Ends the connection, and with `reason` the exchange that is under way. */
  destroy(reason: Error): void {
    this.#fault ??= reason;
    this.#socket.destroy();
    this.#closed();
  }

  #take(bytes: Buffer): void {
    const reader = this.#reader;
    if (!reader) {
      // Nobody asked: the connection cannot be trusted any more.
      this.#socket.destroy();
      return;
    }
    try {
      if (reader.take(bytes)) this.#finish(reader);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #finish(reader: AnswerReader): void {
    const settle = this.#settle;
    this.#reader = undefined;
    this.#settle = undefined;
    this.used++;
    if (reader.reusable) this.#onFree(this);
    else this.#socket.destroy();
    settle?.(reader.answer());
  }

  #closed(): void {
    this.#onGone(this);
    const reader = this.#reader;
    const settle = this.#settle;
    if (!reader || !settle) return;
    this.#settle = undefined;
    try {
      if (this.#fault) throw this.#fault;
      reader.end();
      settle(reader.answer());
    } catch (error) {
      settle(error as Error);
    }
  }
}

function connect(endpoint: Endpoint, take: (bytes: Buffer) => void): net.Socket {
  const { host, port, secure } = endpoint;
  const buffer = sharedMemory ?? Buffer.allocUnsafeSlow(readSize);
  const onread = {
    buffer,
    callback(length: number) {
      take(buffer.subarray(0, length));
      return true;
    },
  };
  const options = { host, port, onread, noDelay: true, keepAlive: true };
  if (!secure) return net.connect(options);
  const servername = endpoint.tls.servername ?? (net.isIP(host) ? '' : host);
  return tls.connect({ ...options, ALPNProtocols: ['http/1.1'], ...endpoint.tls, servername });
}
