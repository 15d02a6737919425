import type { AddressInfo } from 'node:net';
import type { WalCompression } from '@paddlewatch/tsdb';
import fastify from 'fastify';
import { prepareMonitor } from './app.ts';
import { Flags } from './flags.ts';

try {
  await main(new Flags(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function main(flags: Flags): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { host, port } = listenAddress(flags.text('web.listen-address'));
  const externalUrl = flags.text('web.external-url') || `http://${host || 'localhost'}:${port}`;
  const prefix = (flags.text('web.route-prefix') || new URL(externalUrl).pathname).replace(/\/$/, '');
  const monitor = prepareMonitor({
    configFile: flags.text('config.file'),
    storagePath: flags.text('storage.tsdb.path'),
    externalUrl,
    flags: flags.all(),
    onQuit: () => stop.abort(),
    settings: {
      lookbackDelta: flags.number('query.lookback-delta'),
      queryTimeout: flags.number('query.timeout'),
      queryMaxConcurrency: flags.number('query.max-concurrency'),
      queryMaxSamples: flags.number('query.max-samples'),
      retention: flags.number('storage.tsdb.retention.time'),
      retentionSize: flags.number('storage.tsdb.retention.size'),
      walCompression: flags.text('storage.tsdb.wal-compression-type') as WalCompression,
      outageTolerance: flags.number('rules.alert.for-outage-tolerance'),
      gracePeriod: flags.number('rules.alert.for-grace-period'),
      resendDelay: flags.number('rules.alert.resend-delay'),
      notificationQueueCapacity: flags.number('alertmanager.notification-queue-capacity'),
      notificationBatchSize: flags.number('alertmanager.notification-batch-size'),
      enableLifecycle: flags.on('web.enable-lifecycle'),
      enableAdminApi: flags.on('web.enable-admin-api'),
    },
  });
  const server = fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
  await server.register(monitor.routes, { prefix });
  await server.register(monitor.selfRoutes, { prefix });
  // The fault is logged; the old configuration stays.
  process.on('SIGHUP', () => void monitor.reload().catch(() => {}));
  await server.listen({ host: host || '::', port });
  console.log(`listening on ${addressOf(server.server.address() as AddressInfo)}`);
  try {
    const stopped = aborted(stop.signal);
    await Promise.race([monitor.ready.then(() => stopped), stopped]);
  } finally {
    await server.close();
    await monitor.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (!match) throw new Error(`cannot listen on "${text}": write host:port`);
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}

function addressOf({ family, address, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
