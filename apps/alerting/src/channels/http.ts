import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TlsConfig } from '@paddlewatch/config';
import { Agent, type Dispatcher, interceptors, ProxyAgent, request } from 'undici';
import type { HttpConfig } from '../config/http-client.ts';
import { SendError } from './channel.ts';

export interface HttpRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly signal: AbortSignal;
  readonly config: HttpConfig | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds that a Retry-After header asks for; 0 without one. */
  readonly retryAfter: number;
}

/** Sends one POST. Rejects where no answer came. */
export type HttpSend = (request: HttpRequest) => Promise<HttpAnswer>;

/** Answers beyond this many characters are cut: they only serve error messages and small JSON. */
const maxAnswer = 65_536;

/** A sender over the network that keeps its connections. */
export function networkSend(folder: string): HttpSend {
  const dispatchers = new Map<HttpConfig | undefined, Dispatcher>();
  return async ({ url, body, headers, signal, config }) => {
    const dispatcher = dispatchers.get(config) ?? buildDispatcher(config, folder);
    dispatchers.set(config, dispatcher);
    const sent = await request(url, {
      method: 'POST',
      body,
      headers: { 'user-agent': 'Alertmanager/paddlewatch', ...headers, ...authHeaders(config, folder) },
      signal,
      dispatcher,
    });
    const text = await sent.body.text();
    const retryAfter = Number(sent.headers['retry-after'] ?? 0) * 1000;
    return {
      status: sent.statusCode,
      body: text.slice(0, maxAnswer),
      retryAfter: retryAfter > 0 ? retryAfter : 0,
    };
  };
}

/** Posts JSON, and throws a SendError unless the answer's status is 2xx. `retryStatus` names retryable 4xx. */
export async function postJson(
  http: HttpSend,
  what: Omit<HttpRequest, 'body' | 'headers'> & {
    readonly body: string;
    readonly headers?: HttpRequest['headers'];
  },
  retryStatus: readonly number[] = [],
): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json', ...what.headers };
  const answer = await http({ ...what, headers }).catch((error: unknown) => {
    throw new SendError(`cannot reach ${originOf(what.url)}: ${reasonOf(error)}`, { retryable: true });
  });
  if (answer.status >= 200 && answer.status < 300) return answer;
  const retryable = answer.status >= 500 || retryStatus.includes(answer.status);
  throw new SendError(
    `unexpected status code ${answer.status}: ${originOf(what.url)}: ${answer.body.slice(0, 500)}`,
    {
      retryable,
      retryAfter: answer.retryAfter,
    },
  );
}

/** Paths and queries of webhook URLs hold tokens: messages name the host only. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'the URL';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}

function buildDispatcher(config: HttpConfig | undefined, folder: string): Dispatcher {
  const connect = config?.tls_config ? tlsOptions(config.tls_config, folder) : {};
  const options = { connect, allowH2: false, keepAliveTimeout: 30_000 };
  const plain = config?.proxy_url
    ? new ProxyAgent({ uri: config.proxy_url.href, requestTls: connect })
    : new Agent(options);
  return config?.follow_redirects === false
    ? plain
    : plain.compose(interceptors.redirect({ maxRedirections: 10 }));
}

const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

/** Options of node:tls for a `tls_config`. @throws Error where a file cannot be read. */
export function tlsOptions(config: TlsConfig, folder: string) {
  const file = (name: string | undefined) =>
    name === undefined ? undefined : readFileSync(path.resolve(folder, name));
  return {
    ca: config.ca ?? file(config.ca_file),
    cert: config.cert ?? file(config.cert_file),
    key: config.key?.reveal() ?? file(config.key_file),
    servername: config.server_name,
    rejectUnauthorized: !config.insecure_skip_verify,
    minVersion: config.min_version && tlsVersions[config.min_version],
    maxVersion: config.max_version && tlsVersions[config.max_version],
  };
}

function authHeaders(config: HttpConfig | undefined, folder: string): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (!config) return headers;
  for (const [name, { values, secrets, files }] of Object.entries(config.http_headers))
    headers[name.toLowerCase()] = [
      ...values,
      ...secrets.map((value) => value.reveal()),
      ...files.map((file) => readSecretFile(file, folder)),
    ];
  const { basic_auth: basic, authorization } = config;
  if (basic) {
    const user = basic.username_file ? readSecretFile(basic.username_file, folder) : basic.username;
    const password = basic.password_file
      ? readSecretFile(basic.password_file, folder)
      : (basic.password?.reveal() ?? '');
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  if (authorization) {
    const { credentials, credentials_file: file, type } = authorization;
    headers['authorization'] =
      `${type} ${file ? readSecretFile(file, folder) : (credentials?.reveal() ?? '')}`;
  }
  return headers;
}

/** Read at every use, so that a secret can be replaced without a reload. */
export function readSecretFile(file: string, folder: string): string {
  return readFileSync(path.resolve(folder, file), 'utf8').trim();
}
