import type { Clock } from '@paddlewatch/model';
import { type Labels, labelsFrom, labelsToRecord } from '@paddlewatch/model';
import type { AlertmanagerConfig } from '../config/prometheus.ts';
import { type Provider, providersOf, type TargetGroup } from '../discovery/provider.ts';
import { createHttpClient, type HttpClient } from '../http/client.ts';
import { relabel } from '../relabel/relabel.ts';
import type { AlertmanagerTarget } from './alertmanager.ts';
import type { Notifier } from './notifier.ts';

export interface AlertmanagersOptions {
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
}

/** Finds the Alertmanagers of the configuration and tells the notifier of them. */
export class Alertmanagers {
  private readonly options: AlertmanagersOptions;
  private sections: Section[] = [];

  constructor(options: AlertmanagersOptions) {
    this.options = options;
  }

  listed(): { active: string[]; dropped: string[] } {
    return {
      active: this.options.notifier.urls,
      dropped: this.sections.flatMap(({ dropped }) => dropped),
    };
  }

  /** @throws where a file of a client's TLS settings cannot be read; then everything stays as it was. */
  async apply(configs: readonly AlertmanagerConfig[], folder: string): Promise<void> {
    const clients = await Promise.all(configs.map((config) => createHttpClient(config, this.options.clock)));
    const before = this.sections;
    this.sections = configs.map((config, i) => new Section(config, clients[i]!, folder, this.options));
    for (const section of this.sections) section.start(() => this.announce());
    this.announce();
    await Promise.all(before.map((section) => section.close()));
  }

  async close(): Promise<void> {
    await Promise.all(this.sections.splice(0).map((section) => section.close()));
  }

  private announce(): void {
    this.options.notifier.setTargets(this.sections.flatMap(({ targets }) => targets));
  }
}

/** One item of `alertmanagers`, with its discovery and its HTTP client. */
class Section {
  targets: AlertmanagerTarget[] = [];
  /** URLs that relabelling dropped. */
  dropped: string[] = [];
  private readonly config: AlertmanagerConfig;
  private readonly client: HttpClient;
  private readonly providers: readonly Provider[];
  private readonly groups: (readonly TargetGroup[])[];
  private readonly onError: (error: Error) => void;

  constructor(
    config: AlertmanagerConfig,
    client: HttpClient,
    folder: string,
    { clock, onError }: AlertmanagersOptions,
  ) {
    this.config = config;
    this.client = client;
    this.onError = onError;
    this.providers = providersOf(config, { clock, folder, onError });
    this.groups = this.providers.map(() => []);
  }

  start(changed: () => void): void {
    for (const [i, provider] of this.providers.entries()) {
      provider.start((groups) => {
        this.groups[i] = groups;
        this.find();
        changed();
      });
    }
  }

  async close(): Promise<void> {
    for (const provider of this.providers) provider.stop();
    await this.client.close();
  }

  private find(): void {
    this.targets = [];
    this.dropped = [];
    for (const { targets, labels } of this.groups.flat()) {
      for (const address of targets) this.add(labelsFrom({ ...this.begin(address), ...labels }));
    }
  }

  private begin(address: string): Record<string, string> {
    const { scheme, path_prefix: prefix } = this.config;
    return {
      __address__: address,
      __scheme__: scheme,
      __alerts_path__: `${prefix.replace(/\/$/, '')}/api/v2/alerts`,
    };
  }

  private add(discovered: Labels): void {
    const relabelled = relabel(discovered, this.config.relabel_configs);
    try {
      if (relabelled) this.targets.push(this.target(urlOf(relabelled)));
      else this.dropped.push(urlOf(discovered).href);
    } catch (error) {
      this.onError(error as Error);
    }
  }

  private target(url: URL): AlertmanagerTarget {
    const { alert_relabel_configs: rules, timeout: timeoutMs } = this.config;
    return {
      url: url.href,
      relabel: (labels) => relabel(labels, rules),
      post: async (_url, body) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await this.client.request(url, { method: 'POST', body, headers, timeoutMs });
        return { status: answer.status, text: answer.body.toString('utf8') };
      },
    };
  }
}

function urlOf(labels: Labels): URL {
  const { __scheme__: scheme, __address__: address, __alerts_path__: path } = labelsToRecord(labels);
  const text = `${scheme}://${address}${path}`;
  if (!address || !URL.canParse(text)) throw new Error(`cannot send alerts to ${text}: it is not a URL`);
  return new URL(text);
}
