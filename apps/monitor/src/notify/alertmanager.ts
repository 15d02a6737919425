import type { Labels } from '@paddlewatch/model';
import { encodeAlerts, type OutgoingAlert } from './outgoing-alert.ts';

/** One Alertmanager that wants our alerts. */
export interface AlertmanagerTarget {
  /** Of its alerts endpoint: `http://host:9093/api/v2/alerts`. */
  readonly url: string;
  /** Relabels an alert for this receiver; undefined drops it. */
  readonly relabel: (labels: Labels) => Labels | undefined;
  /** Posts a body. @throws what the network says; ends by itself after the configured timeout. */
  readonly post: (url: string, body: string) => Promise<{ readonly status: number; readonly text: string }>;
}

export interface SenderOptions {
  readonly queueCapacity: number;
  readonly batchSize: number;
  readonly onSent: (url: string, alerts: number, seconds: number) => void;
  /** Alerts that did not arrive: the receiver failed, or the line was full. */
  readonly onDropped: (url: string, alerts: number, reason: 'failed' | 'full', error?: Error) => void;
  readonly elapsed: () => number;
}

/** The line of alerts before one Alertmanager. A receiver that is down or slow holds up nobody else. */
export class AlertmanagerSender {
  target: AlertmanagerTarget;
  private readonly options: SenderOptions;
  private readonly queue: OutgoingAlert[] = [];
  private sending: Promise<void> | undefined;

  constructor(target: AlertmanagerTarget, options: SenderOptions) {
    this.target = target;
    this.options = options;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Puts alerts in line. Where it is full the oldest go: newer ones say more of what is so. */
  send(alerts: readonly OutgoingAlert[]): void {
    for (const alert of alerts) {
      const labels = this.target.relabel(alert.labels);
      if (labels) this.queue.push({ ...alert, labels });
    }
    const excess = this.queue.length - this.options.queueCapacity;
    if (excess > 0) {
      this.queue.splice(0, excess);
      this.options.onDropped(this.target.url, excess, 'full');
    }
    this.sending ??= this.drain().finally(() => {
      this.sending = undefined;
    });
  }

  /** When the line is empty. */
  async idle(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) await this.sendBatch(this.queue.splice(0, this.options.batchSize));
  }

  /** No retry: every alert that still matters comes again with the resend delay. */
  private async sendBatch(batch: readonly OutgoingAlert[]): Promise<void> {
    const { onSent, onDropped, elapsed } = this.options;
    const { url, post } = this.target;
    const started = elapsed();
    try {
      const { status, text } = await post(url, encodeAlerts(batch));
      if (status < 200 || status > 299)
        throw new Error(`cannot send alerts to ${url}: it answered ${status}: ${text.slice(0, 200)}`);
      onSent(url, batch.length, (elapsed() - started) / 1000);
    } catch (error) {
      onDropped(url, batch.length, 'failed', error as Error);
    }
  }
}
