import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { type Clock, systemClock } from '@paddlewatch/model';
import { Agent, type Dispatcher } from 'undici';
import { type ClientConfig, configuredHeaders, tlsOptions } from './client-options.ts';
import { type Answer, BodyLimitError, Exchange } from './exchange.ts';

export type { ClientConfig } from './client-options.ts';
export type { Answer } from './exchange.ts';
export { BodyLimitError } from './exchange.ts';

export interface Request {
  /** GET where it is not given. Only a GET follows redirects. */
  readonly method?: 'GET' | 'POST';
  readonly body?: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** A body of so many bytes, unpacked, is too large; 0 for no limit. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Asks a URL; the answer's body is unpacked. Redirects are followed where the settings say so. */
export interface HttpClient {
  request(url: URL, request: Request): Promise<Answer>;
  close(): Promise<void>;
}

/** Idle connections are kept longer than any usual scrape interval. */
const keepAliveMs = 5 * 60_000;
const maxRedirects = 10;
/** Packed bodies smaller than this are unpacked at once (about a millisecond); larger ones beside the event loop. */
const smallBody = 32 * 1024;
const unpackAside = promisify(gunzip);

/** A client with its own connections. @throws where a file of its TLS settings cannot be read. */
export async function createHttpClient(
  config: ClientConfig,
  clock: Clock = systemClock,
): Promise<HttpClient> {
  const agent = new Agent({
    connect: await tlsOptions(config),
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async request(url, request) {
      const headers = { ...request.headers, ...(await configuredHeaders(config)) };
      for (let target = url, hops = 0; ; hops++) {
        const answer = await exchange(agent, target, { ...request, headers }, clock);
        const follow = config.follow_redirects && (request.method ?? 'GET') === 'GET';
        const next = follow ? redirectOf(answer, target) : undefined;
        if (!next) return unpack(answer, request.maxBytes ?? 0);
        if (hops === maxRedirects) throw new Error(`stopped after ${maxRedirects} redirects`);
        if (next.host !== target.host) delete headers['authorization'];
        target = next;
      }
    },
    close: () => agent.destroy(),
  };
}

function exchange(
  agent: Dispatcher,
  url: URL,
  request: Omit<Request, 'headers'> & { headers: Record<string, string | string[]> },
  clock: Clock,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const handler = new Exchange(request.maxBytes ?? 0, (outcome) => {
      cancelTimeout();
      request.signal?.removeEventListener('abort', onAbort);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
    const cancelTimeout = clock.after(request.timeoutMs, () =>
      handler.abort(new Error(`no answer within ${request.timeoutMs / 1000} s`)),
    );
    const onAbort = () => handler.abort(new Error('the request was given up'));
    request.signal?.addEventListener('abort', onAbort);
    const { method = 'GET', body, headers } = request;
    agent.dispatch({ origin: url.origin, path: url.pathname + url.search, method, headers, body }, handler);
  });
}

function redirectOf({ status, headers }: Answer, from: URL): URL | undefined {
  const redirects = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return redirects && headers.location ? new URL(headers.location, from) : undefined;
}

async function unpack(answer: Answer, maxBytes: number): Promise<Answer> {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
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
