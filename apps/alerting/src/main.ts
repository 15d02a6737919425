import type { AddressInfo } from 'node:net';
import { parseDuration } from '@paddlewatch/model';
import { Command, InvalidArgumentError } from 'commander';
import fastify from 'fastify';
import { startAlerting } from './app.ts';
import { type Level, logfmt } from './log.ts';

const program = new Command('alerting')
  .description("Alertmanager's work: group, deduplicate, inhibit, silence and send alerts")
  .option('--config.file <file>', 'configuration, as alertmanager.yml', 'alertmanager.yml')
  .option('--storage.path <folder>', 'where state is kept', 'data/')
  .option('--data.retention <duration>', 'how long expired silences are kept', duration, duration('120h'))
  .option(
    '--alerts.gc-interval <duration>',
    'how often resolved alerts are forgotten',
    duration,
    duration('30m'),
  )
  .option('--silences.max-silences <count>', 'silences there may be, 0 for no limit', Number, 0)
  .option('--alerts.max-alerts <count>', 'alerts there may be, 0 for no limit', Number, 100_000)
  .option('--web.listen-address <address>', 'host:port to listen on', ':9093')
  .option('--web.external-url <url>', 'where people reach the page')
  .option('--web.route-prefix <path>', 'prefix of all routes; the path of the external URL by default')
  .option(
    '--cluster.listen-address <address>',
    'there is no cluster: only the empty address is accepted',
    noCluster,
    '',
  )
  .option('--log.level <level>', 'debug, info, warn or error', 'info');

interface Flags {
  readonly 'config.file': string;
  readonly 'storage.path': string;
  readonly 'data.retention': number;
  readonly 'alerts.gcInterval': number;
  readonly 'silences.maxSilences': number;
  readonly 'alerts.maxAlerts': number;
  readonly 'web.listenAddress': string;
  readonly 'web.externalUrl'?: string;
  readonly 'web.routePrefix'?: string;
  readonly 'log.level': Level;
}

await main(program.parse().opts<Flags>());

async function main(flags: Flags): Promise<void> {
  process.stderr.on('error', () => undefined); // A reader of the log that goes away must not end the alerting.
  const log = logfmt(flags['log.level']);
  const { host, port } = listenAddress(flags['web.listenAddress']);
  const externalUrl = flags['web.externalUrl'] ?? `http://${host || 'localhost'}:${port}`;
  const prefix = (flags['web.routePrefix'] ?? new URL(externalUrl).pathname).replace(/\/$/, '');
  const alerting = await startAlerting({
    configFile: flags['config.file'],
    storagePath: flags['storage.path'],
    retention: flags['data.retention'],
    gcInterval: flags['alerts.gcInterval'],
    maxSilences: flags['silences.maxSilences'],
    maxAlerts: flags['alerts.maxAlerts'],
    externalUrl,
    log,
  });
  const server = fastify({ forceCloseConnections: true });
  await server.register(alerting.routes, { prefix });
  await server.register(alerting.selfRoutes, { prefix });
  await server.listen({ host: host || '::', port });
  const at = server.server.address() as AddressInfo;
  log('info', 'Listening on', {
    address: `${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`,
  });
  process.on('SIGHUP', () => alerting.reload().catch(() => undefined)); // The fault is logged; the old one stays.
  await stopSignal();
  await server.close();
  await alerting.stop();
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (!match) throw new Error(`cannot listen on "${text}": write host:port`);
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}

function noCluster(address: string): string {
  if (address === '') return address;
  throw new InvalidArgumentError(
    'this program runs alone and has no cluster; leave the flag out or give it an empty value',
  );
}
