import { type Labels, labelsFrom, labelsToRecord } from '@paddlewatch/model';
import { AlertmanagerSender, type AlertmanagerTarget, type SenderOptions } from './alertmanager.ts';
import type { OutgoingAlert } from './outgoing-alert.ts';

export interface NotifierSettings {
  readonly externalLabels: Readonly<Record<string, string>>;
  /** `alert_relabel_configs`; undefined drops the alert. */
  readonly relabel: (labels: Labels) => Labels | undefined;
}

/** Sends alerts to every Alertmanager that is configured or discovered. */
export class Notifier {
  private settings: NotifierSettings = { externalLabels: {}, relabel: (labels) => labels };
  private readonly options: SenderOptions;
  private readonly senders = new Map<string, AlertmanagerSender>();

  constructor(options: SenderOptions) {
    this.options = options;
  }

  get urls(): string[] {
    return [...this.senders.keys()];
  }

  /** Alerts that wait, of all receivers. */
  get waiting(): number {
    return [...this.senders.values()].reduce((sum, sender) => sum + sender.waiting, 0);
  }

  configure(settings: NotifierSettings): void {
    this.settings = settings;
  }

  /** The receivers as they are now; one that stays keeps its line. */
  setTargets(targets: readonly AlertmanagerTarget[]): void {
    const wanted = new Map(targets.map((target) => [target.url, target]));
    for (const url of this.senders.keys()) if (!wanted.has(url)) this.senders.delete(url);
    for (const target of wanted.values()) {
      const known = this.senders.get(target.url);
      if (known) known.target = target;
      else this.senders.set(target.url, new AlertmanagerSender(target, this.options));
    }
  }

  send(alerts: readonly OutgoingAlert[]): void {
    const prepared = alerts.flatMap((alert) => {
      const labels = this.settings.relabel(this.withExternal(alert.labels));
      return labels ? [{ ...alert, labels }] : [];
    });
    if (prepared.length > 0) for (const sender of this.senders.values()) sender.send(prepared);
  }

  /** Waits until everything in line was sent or failed. */
  async drain(): Promise<void> {
    await Promise.all([...this.senders.values()].map((sender) => sender.idle()));
  }

  private withExternal(labels: Labels): Labels {
    return labelsFrom({ ...this.settings.externalLabels, ...labelsToRecord(labels) });
  }
}
