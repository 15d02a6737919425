import type { Registry } from '@paddlewatch/metrics';
import type { Clock } from '@paddlewatch/model';
import type { WalCompression } from '@paddlewatch/tsdb';
import type { Transition } from './rules/alert.ts';

/** How a monitor is set up. Durations are ms. */
export interface MonitorOptions {
  /** prometheus.yml; relative paths in it start at its folder. */
  readonly configFile: string;
  /** Its text, where it shall not be read from the file. */
  readonly config?: string;
  /** Folder of the time-series database. */
  readonly storagePath: string;
  /** Where people reach this server: links in alerts start with it. Default `http://localhost:9090`. */
  readonly externalUrl?: string;
  /**
   * An Alertmanager that the configuration need not mention, host:port: it is told of alerts where the configuration
   * names none, or, with `instead`, in the place of those that it names.
   */
  readonly alertmanager?: { readonly address: string; readonly instead: boolean };
  readonly settings?: Partial<MonitorSettings>;
  /** What `/api/v1/status/flags` shows. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Counts the monitor's own work; a new one by default. */
  readonly registry?: Registry;
  readonly clock?: Clock;
  /** Hears news and faults, one line each. Default: standard error. */
  readonly log?: (line: string) => void;
  /** Hears every alert that goes from one state to another. */
  readonly onTransition?: (transition: Transition) => void;
  /** What `/-/quit` does; without it, and without `enableLifecycle`, it is refused. */
  readonly onQuit?: () => void;
}

export interface MonitorSettings {
  readonly lookbackDelta: number;
  readonly queryTimeout: number;
  readonly queryMaxConcurrency: number;
  readonly queryMaxSamples: number;
  /** How long samples are kept where the configuration does not say. 0: 15 days, or for ever where a size limits them. */
  readonly retention: number;
  /** Bytes that the storage may take, where the configuration does not say. 0: no limit. */
  readonly retentionSize: number;
  /** How the log is packed. Default 'snappy', which every Prometheus reads. */
  readonly walCompression: WalCompression;
  /** See RestoreOptions. */
  readonly outageTolerance: number;
  readonly gracePeriod: number;
  /** How long an Alertmanager hears nothing new of an alert that goes on firing. */
  readonly resendDelay: number;
  readonly notificationQueueCapacity: number;
  readonly notificationBatchSize: number;
  /** Whether `/-/reload` and `/-/quit` work. */
  readonly enableLifecycle: boolean;
  /** Whether series can be deleted and snapshots be taken over HTTP. */
  readonly enableAdminApi: boolean;
}

export const defaultSettings: MonitorSettings = {
  lookbackDelta: 5 * 60_000,
  queryTimeout: 2 * 60_000,
  queryMaxConcurrency: 20,
  queryMaxSamples: 50_000_000,
  retention: 0,
  retentionSize: 0,
  walCompression: 'snappy',
  outageTolerance: 3_600_000,
  gracePeriod: 10 * 60_000,
  resendDelay: 60_000,
  notificationQueueCapacity: 10_000,
  notificationBatchSize: 256,
  enableLifecycle: false,
  enableAdminApi: false,
};
