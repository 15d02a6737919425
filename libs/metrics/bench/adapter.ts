import { type Counter, type Family, type Histogram, Registry } from '@paddlewatch/metrics';

/** Fits this library to a client benchmark that passes labels as objects, as other clients take them. */
export const name = 'paddlewatch';

type Labels = Readonly<Record<string, string>>;

interface Metric<C> {
  child(labels: Labels): C;
}

export function registry(): Registry {
  return new Registry();
}

export function counter(of: Registry, name: string, help: string, labels: string[]): Metric<Counter> {
  return labels.length === 0
    ? only(of.counter({ name, help }))
    : labelled(of.counter({ name, help, labels }), labels);
}

export function histogram(
  of: Registry,
  name: string,
  help: string,
  labels: string[],
  buckets: number[],
): Metric<Histogram> {
  return labelled(of.histogram({ name, help, labels, buckets }), labels);
}

export function inc(metric: Metric<Counter>, labels: Labels): void {
  metric.child(labels).inc();
}

export function observe(metric: Metric<Histogram>, labels: Labels, value: number): void {
  metric.child(labels).observe(value);
}

export function bind<C>(metric: Metric<C>, labels: Labels): C {
  return metric.child(labels);
}

export function render(of: Registry): string {
  return of.expose().body.toString('latin1');
}

function only<C>(child: C): Metric<C> {
  return { child: () => child };
}

function labelled<C extends Counter | Histogram>(family: Family<C, string[]>, names: string[]): Metric<C> {
  const [a, b, c] = names as [string, string, string];
  if (names.length === 3) return { child: (labels) => family.with(labels[a]!, labels[b]!, labels[c]!) };
  return { child: (labels) => family.with(...names.map((name) => labels[name]!)) };
}
