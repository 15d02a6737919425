/**
 * Why an answer did not come. `unreachable`: nobody answers; `starting`: the server is there but still reads its log;
 * `absent`: nothing at this address; `refused`: the server says what is wrong, in `message`.
 */
export type FaultKind = 'unreachable' | 'starting' | 'absent' | 'refused';

export class ApiFault extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'ApiFault';
    this.kind = kind;
  }
}

/** What was caught, as a fault with a kind. */
export function asFault(cause: unknown): ApiFault {
  return cause instanceof ApiFault ? cause : new ApiFault('refused', String(cause));
}

export type Params = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * Data of an endpoint below `api/` that answers in Prometheus' envelope. Paths are relative, so that any prefix before
 * the page works; questions that may be long are posted.
 */
export async function ask<T>(path: string, params: Params, signal: AbortSignal, method = 'GET'): Promise<T> {
  const encoded = encode(params);
  const response =
    method === 'POST'
      ? await send(`api/${path}`, { method, body: encoded, signal })
      : await send(`api/${path}?${encoded}`, { signal });
  const answer = await json<{ status: string; data: T; error?: string }>(response);
  if (answer.status !== 'success') throw new ApiFault('refused', answer.error ?? `status ${response.status}`);
  return answer.data;
}

/** An endpoint of Alertmanager below `api/v2/`, which answers without an envelope and names faults by a bare string. */
export async function alertmanager<T>(path: string, init: RequestInit & { signal: AbortSignal }): Promise<T> {
  const response = await send(`api/v2/${path}`, init);
  if (response.ok && init.method === 'DELETE') return undefined as T;
  const answer = await json<T | string | { message?: string }>(response);
  if (response.ok) return answer as T;
  const told = typeof answer === 'string' ? answer : (answer as { message?: string }).message;
  throw new ApiFault('refused', told ?? `status ${response.status}`);
}

export function encode(params: Params): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value)) for (const item of value) encoded.append(name, item);
    else if (value !== undefined) encoded.set(name, String(value));
  }
  return encoded;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, headers: { Accept: 'application/json', ...init.headers } });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiFault('unreachable', cause instanceof Error ? cause.message : String(cause));
  }
}

/** A body that is not JSON comes from a proxy in between, from a server that is starting, or from no such endpoint. */
async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    const said = `${response.status} ${text.slice(0, 120).trim()}`;
    if (response.status === 404 || response.ok) throw new ApiFault('absent', said);
    if (response.status === 503) throw new ApiFault('starting', said);
    throw new ApiFault('unreachable', said);
  }
}
