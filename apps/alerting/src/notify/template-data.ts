import { labelsToRecord } from '@paddlewatch/model';
import { Time } from '@paddlewatch/template';
import {
  commonAnnotations,
  commonLabels,
  type Notification,
  type NotifiedAlert,
  statusOf,
} from './notification.ts';

/** Go's zero time: the end of an alert that still fires. */
const noEnd = new Time(Date.parse('0001-01-01T00:00:00Z'));

class Pair {
  readonly Name: string;
  readonly Value: string;

  constructor(name: string, value: string) {
    this.Name = name;
    this.Value = value;
  }
}

class Pairs extends Array<Pair> {
  Names(): string[] {
    return Array.from(this, (pair) => pair.Name);
  }

  Values(): string[] {
    return Array.from(this, (pair) => pair.Value);
  }
}

/** Labels or annotations. */
export class KV extends Map<string, string> {
  static of(record: Readonly<Record<string, string>>): KV {
    return new KV(Object.entries(record));
  }

  /** By name, `alertname` first. */
  SortedPairs(): Pairs {
    const names = [...this.keys()].sort((a, b) => {
      if (a === 'alertname' || b === 'alertname') return a === b ? 0 : a === 'alertname' ? -1 : 1;
      return a < b ? -1 : 1;
    });
    return Pairs.from(names, (name) => new Pair(name, this.get(name)!)) as Pairs;
  }

  Remove(names: readonly string[]): KV {
    return new KV([...this].filter(([name]) => !names.includes(name)));
  }

  Names(): string[] {
    return this.SortedPairs().Names();
  }

  Values(): string[] {
    return this.SortedPairs().Values();
  }
}

class TemplateAlert {
  readonly Status: 'firing' | 'resolved';
  readonly Labels: KV;
  readonly Annotations: KV;
  readonly StartsAt: Time;
  readonly EndsAt: Time;
  readonly GeneratorURL: string;
  readonly Fingerprint: string;

  constructor({ alert, resolved }: NotifiedAlert) {
    this.Status = resolved ? 'resolved' : 'firing';
    this.Labels = KV.of(labelsToRecord(alert.labels));
    this.Annotations = KV.of(alert.annotations);
    this.StartsAt = new Time(alert.startsAt);
    this.EndsAt = resolved ? new Time(alert.endsAt) : noEnd;
    this.GeneratorURL = alert.generatorURL;
    this.Fingerprint = alert.fingerprint;
  }
}

class TemplateAlerts extends Array<TemplateAlert> {
  Firing(): TemplateAlert[] {
    return Array.from(this).filter(({ Status }) => Status === 'firing');
  }

  Resolved(): TemplateAlert[] {
    return Array.from(this).filter(({ Status }) => Status === 'resolved');
  }
}

/** What notification templates see as their dot. */
export class TemplateData {
  readonly Receiver: string;
  readonly Status: 'firing' | 'resolved';
  readonly Alerts: TemplateAlerts;
  readonly NotificationReason: string;
  readonly GroupLabels: KV;
  readonly CommonLabels: KV;
  readonly CommonAnnotations: KV;
  readonly RouteLabels: KV;
  readonly ExternalURL: string;

  constructor(notification: Notification) {
    this.Receiver = notification.receiver;
    this.Status = statusOf(notification);
    this.Alerts = TemplateAlerts.from(
      notification.alerts,
      (alert) => new TemplateAlert(alert),
    ) as TemplateAlerts;
    this.NotificationReason = notification.reason;
    this.GroupLabels = KV.of(labelsToRecord(notification.groupLabels));
    this.CommonLabels = KV.of(commonLabels(notification));
    this.CommonAnnotations = KV.of(commonAnnotations(notification));
    this.RouteLabels = KV.of(notification.routeLabels);
    this.ExternalURL = notification.externalUrl;
  }
}
