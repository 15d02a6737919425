import { byteSize } from '@paddlewatch/config';
import { formatDuration, parseDuration } from '@paddlewatch/model';
import { Command, InvalidArgumentError, Option } from 'commander';

type Kind = 'text' | 'duration' | 'size' | 'count' | 'choice' | 'switch';

interface Flag {
  readonly kind: Kind;
  readonly default: string;
  readonly help: string;
  /** Of a choice. */
  readonly values?: readonly string[];
}

const text = (fallback: string, help: string) => ({ kind: 'text', default: fallback, help }) as const;
const duration = (fallback: string, help: string) => ({ kind: 'duration', default: fallback, help }) as const;
const size = (fallback: string, help: string) => ({ kind: 'size', default: fallback, help }) as const;
const count = (fallback: string, help: string) => ({ kind: 'count', default: fallback, help }) as const;
const choice = (values: readonly [string, ...string[]], help: string) =>
  ({ kind: 'choice', default: values[0], help, values }) as const;
const onOff = (help: string) => ({ kind: 'switch', default: 'false', help }) as const;

/** Flags under Prometheus' names. One that is not here is refused. */
const table = {
  'config.file': text('prometheus.yml', 'configuration'),
  'web.listen-address': text('0.0.0.0:9090', 'host:port to listen on'),
  'web.external-url': text('', 'where people reach this server; links in alerts start with it'),
  'web.route-prefix': text('', 'prefix of all routes; the path of the external URL by default'),
  'web.enable-lifecycle': onOff('allow /-/reload and /-/quit'),
  'web.enable-admin-api': onOff('allow deletion and snapshots over HTTP'),
  'storage.tsdb.path': text('data/', 'folder of the time-series database'),
  'storage.tsdb.retention.time': duration(
    '0s',
    'how long samples are kept; 15d where no size is given either',
  ),
  'storage.tsdb.retention.size': size('0B', 'bytes that blocks, log and head may take, such as 512MB'),
  'storage.tsdb.wal-compression-type': choice(
    ['snappy', 'zstd'],
    'zstd takes a third less, and Prometheus reads it from 2.47 on',
  ),
  'rules.alert.for-outage-tolerance': duration('1h', 'longest outage after which alerts keep their age'),
  'rules.alert.for-grace-period': duration('10m', 'least time between a restart and a restored alert'),
  'rules.alert.resend-delay': duration('1m', 'least time before an alert is sent again'),
  'alertmanager.notification-queue-capacity': count('10000', 'alerts that may wait for an Alertmanager'),
  'alertmanager.notification-batch-size': count('256', 'alerts in one notification'),
  'query.lookback-delta': duration('5m', 'how far back a query looks for a sample'),
  'query.timeout': duration('2m', 'longest time that a query may take'),
  'query.max-concurrency': count('20', 'most queries at once'),
  'query.max-samples': count('50000000', 'most samples that a query may load'),
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof table;

/** The flags of a command line. @throws (by ending the process) where one is unknown or its value cannot be. */
export class Flags {
  private readonly values: Readonly<Record<FlagName, string>>;

  constructor(argv: readonly string[]) {
    const command = new Command('monitor').description(
      'Scrape, store, query and evaluate rules, as Prometheus does',
    );
    for (const [name, flag] of Object.entries<Flag>(table)) command.addOption(option(name, flag));
    command.allowExcessArguments(false).parse(argv, { from: 'user' });
    const given = command.options.map((each) => [
      each.long!.slice(2),
      command.getOptionValue(each.attributeName()),
    ]);
    this.values = Object.fromEntries(given.map(([name, value]) => [name, String(value)])) as Record<
      FlagName,
      string
    >;
  }

  text(name: FlagName): string {
    return this.values[name];
  }

  /** Of a duration in ms, of a size in bytes. */
  number(name: FlagName): number {
    return numberOf(table[name].kind, this.values[name]);
  }

  on(name: FlagName): boolean {
    return this.values[name] === 'true';
  }

  /** As `/api/v1/status/flags` shows them. */
  all(): Record<string, string> {
    return { ...this.values };
  }
}

function option(name: string, { kind, default: fallback, help, values }: Flag): Option {
  if (kind === 'switch') return new Option(`--${name}`, help).default(false);
  if (values) return new Option(`--${name} <${kind}>`, help).default(fallback).choices(values);
  return new Option(`--${name} <${kind}>`, help).default(fallback).argParser((value) => checked(kind, value));
}

function checked(kind: Kind, value: string): string {
  if (kind === 'count' && !/^\d+$/.test(value)) throw new InvalidArgumentError('write a whole number');
  try {
    if (kind === 'size') byteSize.parse(value);
    return kind === 'duration' ? formatDuration(parseDuration(value)) : value;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function numberOf(kind: Kind, value: string): number {
  if (kind === 'duration') return parseDuration(value);
  return kind === 'size' ? byteSize.parse(value) : Number(value);
}
