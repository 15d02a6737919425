import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { type Alerting, startAlerting } from '@paddlewatch/alerting';
import { Registry } from '@paddlewatch/metrics';
import { type Monitor, startMonitor } from '@paddlewatch/monitor';
import { ensureBuilt, pagePaths } from '@paddlewatch/web';
import type { FastifyInstance } from 'fastify';
import { configFiles } from './config/files.ts';
import { listen } from './origin.ts';
import { transitionEvent } from './transition-history.ts';

export interface UpOptions {
  /** paddlewatch.yml or prometheus.yml. */
  readonly config: string;
  /** alertmanager.yml; without it, what paddlewatch.yml says, or nobody is told. */
  readonly alertmanagerConfig?: string | undefined;
  /** Blocks, WAL, alert state and history. */
  readonly data: string;
  readonly host: string;
  readonly port: number;
  /** Whether series can be deleted and snapshots be taken over HTTP. Default: no. */
  readonly enableAdminApi?: boolean;
}

/** Everything on one origin: the page, the Prometheus API, the Alertmanager API. */
export interface Up {
  readonly url: string;
  /** Reads the configuration again; on a fault the old one stays. @throws what is wrong with the new one. */
  reload(): Promise<void>;
  /** Ends every part, in the order in which data flow, and loses nothing. */
  stop(): Promise<void>;
}

export async function startUp({
  config,
  alertmanagerConfig,
  data,
  host,
  port,
  enableAdminApi = false,
}: UpOptions): Promise<Up> {
  const origin = await listen(host, port);
  const stops: (() => Promise<unknown>)[] = [() => origin.close()];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    const page = await ensureBuilt();
    const files = () => configFiles(config, alertmanagerConfig, path.join(data, 'config'), origin.url);
    const { prometheus, alertmanager } = await files();
    const registry = new Registry();
    const shared = { storagePath: data, externalUrl: origin.url, registry };

    const alerting = await startAlerting({ ...shared, configFile: alertmanager, recordReceived: false });
    stops.push(() => alerting.stop());
    const monitor = await startMonitor({
      ...shared,
      configFile: prometheus,
      settings: { enableAdminApi },
      // Who brings an alertmanager.yml wants it obeyed here, whatever address the prometheus.yml still names.
      alertmanager: { address: new URL(origin.url).host, instead: alertmanagerConfig !== undefined },
      onTransition: (transition) => alerting.history.append(transitionEvent(transition)),
    });
    stops.push(() => monitor.stop());

    // All parts or none: the monitor takes its share as a whole or throws, and by then alerting has nothing to refuse.
    const reload = async () => {
      try {
        await files();
        alerting.check();
      } catch (error) {
        monitor.refuse(error as Error);
        throw error;
      }
      await monitor.reload();
      await alerting.reload();
    };
    await join(origin.web, { page, monitor, alerting, registry, reload });
    await origin.open();
    return { url: origin.url, reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  readonly page: string;
  readonly monitor: Monitor;
  readonly alerting: Alerting;
  readonly registry: Registry;
  readonly reload: () => Promise<void>;
}

/** Puts all routes on one server. */
async function join(
  web: FastifyInstance,
  { page, monitor, alerting, registry, reload }: Parts,
): Promise<void> {
  await web.register(monitor.routes);
  await web.register(alerting.routes);
  web.get('/metrics', async (request, reply) => {
    const { contentType, body } = registry.expose(request.headers.accept);
    return reply.type(contentType).send(body);
  });
  web.get('/-/healthy', async () => 'Paddlewatch is Healthy.\n');
  web.get('/-/ready', async () => 'Paddlewatch is Ready.\n');
  web.post('/-/reload', async (_, reply) => {
    try {
      await reload();
      return '';
    } catch (error) {
      return reply.code(500).send(`cannot reload: ${(error as Error).message}\n`);
    }
  });
  await web.register(fastifyStatic, { root: page, wildcard: false, index: false });
  // The page finds its own way from the path.
  for (const path of pagePaths) web.get(path, (_, reply) => reply.sendFile('index.html'));
}
