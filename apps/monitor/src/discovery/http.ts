import { z } from 'zod';
import { targetGroup } from '../config/discovery.ts';
import { createHttpClient } from '../http/client.ts';
import type { DiscoveryConfig, Provider, ProviderContext, TargetGroup } from './provider.ts';

/** A list of targets larger than this is an answer to something else. */
const maxBytes = 256 * 1024 * 1024;

/** Targets that an HTTP endpoint lists as JSON, asked every `refresh_interval`. */
export function httpProvider(
  config: DiscoveryConfig['http_sd_configs'][number],
  { clock, onError }: ProviderContext,
): Provider {
  const abort = new AbortController();
  const client = createHttpClient(config, clock);
  // Whoever asks meets the fault; this keeps it from being called unhandled before that.
  client.catch(() => {});
  let cancelNext = () => {};
  return {
    start(update) {
      const refresh = () => {
        ask()
          .then((groups) => abort.signal.aborted || update(groups))
          .catch((error: Error) => abort.signal.aborted || onError(error))
          .finally(() => {
            if (!abort.signal.aborted) cancelNext = clock.after(config.refresh_interval, refresh);
          });
      };
      refresh();
    },
    stop() {
      cancelNext();
      abort.abort();
      client.then((open) => open.close()).catch(() => {});
    },
  };

  async function ask(): Promise<TargetGroup[]> {
    const { status, headers, body } = await (await client).request(config.url, {
      headers: {
        accept: 'application/json',
        'x-prometheus-refresh-interval-seconds': String(config.refresh_interval / 1000),
      },
      timeoutMs: config.refresh_interval,
      maxBytes,
      signal: abort.signal,
    });
    if (status !== 200) throw refuse(`it answered HTTP status ${status}`);
    if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
      throw refuse(`its Content-Type is "${headers['content-type'] ?? ''}", not application/json`);
    }
    return parseGroups(body.toString('utf8')).map(({ targets, labels }) => ({
      targets,
      labels: { ...labels, __meta_url: config.url.href },
    }));
  }

  function parseGroups(text: string): TargetGroup[] {
    try {
      return z.array(targetGroup).parse(JSON.parse(text));
    } catch (error) {
      throw refuse(error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message);
    }
  }

  function refuse(why: string): Error {
    return new Error(`cannot take targets from ${config.url.href}: ${why}`);
  }
}
