import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { type Clock, systemClock } from '@paddlewatch/model';
import { type Answer, BodyLimitError } from './answer.ts';
import { type ClientConfig, configuredHeaders, headersRotate, tlsOptions } from './client-options.ts';
import { Connections, type Exchange } from './connections.ts';

export { type Answer, BodyLimitError } from './answer.ts';
export type { ClientConfig } from './client-options.ts';

export interface Request {
  /** GET where it is not given. Only a GET follows redirects. */
  readonly method?: 'GET' | 'POST';
  readonly body?: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** A body of so many bytes, unpacked, is too large; 0 for no limit. */
  readonly maxBytes?: number;
  /** May take the body, where it is large enough: nobody else looks at it any more. */
  readonly memory?: Buffer;
  readonly signal?: AbortSignal;
}

/** Asks a URL; the answer's body is unpacked. Redirects are followed where the settings say so. */
export interface HttpClient {
  request(url: URL, request: Request): Promise<Answer>;
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

const maxRedirects = 10;
/** Packed bodies smaller than this are unpacked at once (about a millisecond); larger ones beside the event loop. */
const smallBody = 32 * 1024;
const unpackAside = promisify(gunzip);

/** A client with its own connections. @throws where a file of its TLS settings cannot be read. */
export async function createHttpClient(
  config: ClientConfig,
  clock: Clock = systemClock,
): Promise<HttpClient> {
  const connections = new Connections(await tlsOptions(config), clock);
  const fixedHeaders = headersRotate(config) ? undefined : await configuredHeaders(config);
  /** By the headers of the request: who asks often gives the same object each time. */
  const joined = new WeakMap<object, Headers>();
  const joinedHeaders = (own: Request['headers'], fixed: Headers): Headers => {
    const known = joined.get(own);
    if (known) return known;
    const headers = { ...own, ...fixed };
    joined.set(own, headers);
    return headers;
  };
  return {
    async request(url, request) {
      let headers = fixedHeaders
        ? joinedHeaders(request.headers, fixedHeaders)
        : { ...request.headers, ...(await configuredHeaders(config)) };
      const { method = 'GET', body, maxBytes = 0, memory } = request;
      for (let target = url, hops = 0; ; hops++) {
        const exchange = { url: target, method, headers, body, maxBytes, memory };
        const answer = await answerTo(exchange, request, connections, clock);
        const next = config.follow_redirects && method === 'GET' ? redirectOf(answer, target) : undefined;
        if (!next) return answer.headers['content-encoding'] === 'gzip' ? unpack(answer, maxBytes) : answer;
        if (hops === maxRedirects) throw new Error(`stopped after ${maxRedirects} redirects`);
        if (next.host !== target.host) headers = withoutAuthorization(headers);
        target = next;
      }
    },
    async close() {
      connections.close();
    },
  };
}

function withoutAuthorization({ authorization: _, ...headers }: Headers): Headers {
  return headers;
}

function answerTo(
  exchange: Exchange,
  { timeoutMs, signal }: Request,
  connections: Connections,
  clock: Clock,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const giveUp = connections.exchange(exchange, (outcome) => {
      cancelTimeout();
      signal?.removeEventListener('abort', onAbort);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
    const cancelTimeout = clock.after(timeoutMs, () =>
      giveUp(new Error(`no answer within ${timeoutMs / 1000} s`)),
    );
    const onAbort = () => giveUp(new Error('the request was given up'));
    signal?.addEventListener('abort', onAbort);
  });
}

function redirectOf({ status, headers }: Answer, from: URL): URL | undefined {
  const redirects = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return redirects && headers['location'] ? new URL(headers['location'], from) : undefined;
}

async function unpack(answer: Answer, maxBytes: number): Promise<Answer> {
  const options = maxBytes > 0 ? { maxOutputLength: maxBytes } : {};
  try {
    const small = answer.body.length < smallBody;
    const body = small ? gunzipSync(answer.body, options) : await unpackAside(answer.body, options);
    if (maxBytes > 0 && body.length >= maxBytes) throw new BodyLimitError(maxBytes);
    return { ...answer, body };
  } catch (error) {
    if (error instanceof BodyLimitError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyLimitError(maxBytes);
    throw new Error(`cannot unpack the body: ${(error as Error).message}`, { cause: error });
  }
}
