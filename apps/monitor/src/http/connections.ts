import type tls from 'node:tls';
import type { Clock } from '@paddlewatch/model';
import { AnswerReader } from './answer-reader.ts';
import { Connection, type Endpoint, type Settle } from './connection.ts';

/** Idle connections are kept longer than any usual scrape interval. */
const keepAliveMs = 5 * 60_000;

/** What goes over the wire, and where. */
export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** A body of so many bytes is too large; 0 for no limit. */
  readonly maxBytes: number;
  /** May take the answer's body, where it is large enough. */
  readonly memory?: Buffer;
}

/** The connections of a client: each carries one exchange at a time, and the one used last is used first. */
export class Connections {
  readonly #tls: tls.ConnectionOptions;
  readonly #clock: Clock;
  readonly #idle = new Map<string, Connection[]>();
  readonly #open = new Set<Connection>();
  /** Heads of GET requests by their headers: a scrape asks the same each time. */
  readonly #heads = new WeakMap<object, { readonly url: URL; readonly head: string }>();
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor(tls: tls.ConnectionOptions, clock: Clock) {
    this.#tls = tls;
    this.#clock = clock;
  }

  /** Sends the request; `settle` is called once. What it returns gives the exchange up. */
  exchange(exchange: Exchange, settle: Settle): (reason: Error) => void {
    const { url, method, maxBytes, memory } = exchange;
    const request = method === 'GET' ? this.#headOf(exchange) : requestBytes(exchange);
    let connection = this.#idleOne(url) ?? this.#connect(url);
    let givenUp = false;
    const onOutcome: Settle = (outcome) => {
      // The other side may end an idle connection while a request is on its way: then it was not read.
      const unread = outcome instanceof Error && connection.used > 0 && !connection.answered;
      if (!unread || method !== 'GET' || givenUp || this.#closed) return settle(outcome);
      connection = this.#connect(url);
      connection.exchange(request, new AnswerReader(maxBytes, memory), onOutcome);
    };
    connection.exchange(request, new AnswerReader(maxBytes, memory), onOutcome);
    return (reason) => {
      givenUp = true;
      connection.destroy(reason);
    };
  }

  /** Ends all connections and what they carry. */
  close(): void {
    this.#closed = true;
    this.#cancelSweep?.();
    for (const connection of [...this.#open]) connection.destroy(new Error('the client was closed'));
  }

  #headOf(exchange: Exchange): string {
    const known = this.#heads.get(exchange.headers);
    if (known?.url === exchange.url) return known.head;
    const head = `${requestHead(exchange)}\r\n`;
    this.#heads.set(exchange.headers, { url: exchange.url, head });
    return head;
  }

  #idleOne(url: URL): Connection | undefined {
    return this.#idle.get(url.origin)?.pop();
  }

  #connect(url: URL): Connection {
    if (this.#closed) throw new Error('the client was closed');
    const { origin } = url;
    const connection = new Connection(
      endpointOf(url, this.#tls),
      () => this.#keep(origin, connection),
      () => this.#forget(origin, connection),
    );
    this.#open.add(connection);
    return connection;
  }

  #keep(origin: string, connection: Connection): void {
    connection.idleSince = this.#clock.now();
    const idle = this.#idle.get(origin);
    if (idle) idle.push(connection);
    else this.#idle.set(origin, [connection]);
    this.#cancelSweep ??= this.#clock.after(keepAliveMs, () => this.#sweep());
  }

  #forget(origin: string, connection: Connection): void {
    this.#open.delete(connection);
    const idle = this.#idle.get(origin);
    const at = idle?.indexOf(connection) ?? -1;
    if (at >= 0) idle!.splice(at, 1);
    if (idle?.length === 0) this.#idle.delete(origin);
  }

  /** Ends what was idle for long. */
  #sweep(): void {
    const now = this.#clock.now();
    for (const connection of [...this.#idle.values()].flat()) {
      if (now - connection.idleSince >= keepAliveMs) connection.destroy(new Error('idle'));
    }
    this.#cancelSweep = this.#idle.size > 0 ? this.#clock.after(keepAliveMs, () => this.#sweep()) : undefined;
  }
}

function endpointOf(url: URL, tls: Endpoint['tls']): Endpoint {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { secure, host, port: Number(url.port) || (secure ? 443 : 80), tls };
}

/** A request as RFC 9112 writes it, with its body. @throws where a header has a line break */
function requestBytes(exchange: Exchange): Buffer {
  const body = Buffer.from(exchange.body ?? '');
  return Buffer.concat([
    Buffer.from(`${requestHead(exchange)}content-length: ${body.length}\r\n\r\n`, 'latin1'),
    body,
  ]);
}

/** The lines before the empty one; a header that has two values comes in two lines. */
function requestHead({ url, method, headers }: Exchange): string {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') head += headerLine(name, value);
    else for (const one of value) head += headerLine(name, one);
  }
  return head;
}

function headerLine(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error(`cannot send the header ${name}: its value has a line break`);
  return `${name}: ${value}\r\n`;
}
