import type { Clock } from '@paddlewatch/model';
import type { ClientConfig } from '../http/client.ts';
import { fileProvider } from './file.ts';
import { httpProvider } from './http.ts';
import { staticProvider } from './static.ts';

/** Addresses that share labels. What a provider knows of them is in `__meta_*` labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds targets until it is stopped. */
export interface Provider {
  /** Calls `update` with all groups at once, first and after each change; a failure leaves what was found before. */
  start(update: (groups: readonly TargetGroup[]) => void): void;
  stop(): void;
}

export interface ProviderContext {
  readonly clock: Clock;
  /** Where relative paths start. */
  readonly folder: string;
  /** Hears of sources that could not be read. */
  readonly onError: (error: Error) => void;
}

/** Where targets come from, as a scrape job or an Alertmanager section writes it. */
export interface DiscoveryConfig {
  readonly static_configs: readonly TargetGroup[];
  readonly file_sd_configs: readonly {
    readonly files: readonly string[];
    readonly refresh_interval: number;
  }[];
  readonly http_sd_configs: readonly ({
    readonly url: URL;
    readonly refresh_interval: number;
  } & ClientConfig)[];
}

/** All mechanisms there are. */
export function providersOf(config: DiscoveryConfig, context: ProviderContext): Provider[] {
  return [
    staticProvider(config.static_configs),
    ...config.file_sd_configs.map((file) => fileProvider(file, context)),
    ...config.http_sd_configs.map((http) => httpProvider(http, context)),
  ];
}
