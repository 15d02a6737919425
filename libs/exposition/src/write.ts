import { formatValue } from '@paddlewatch/model';
import type { Exemplar, MetricFamily, Sample } from './metric-family.ts';

/** Families as a page of OpenMetrics 1.0. */
export function writeOpenMetrics(families: readonly MetricFamily[]): string {
  return `${families.map(openMetricsFamily).join('')}# EOF\n`;
}

/** Families as a page of Prometheus text 0.0.4: types it does not know become the nearest, exemplars are left out. */
export function writeText(families: readonly MetricFamily[]): string {
  return families.map(textFamily).join('');
}

function openMetricsFamily({ name, type, help, unit, samples }: MetricFamily): string {
  const lines = [`# TYPE ${name} ${type}`];
  if (unit !== '') lines.push(`# UNIT ${name} ${unit}`);
  if (help !== '') lines.push(`# HELP ${name} ${escapeText(help, true)}`);
  for (const sample of samples) {
    const time = sample.timestamp === undefined ? '' : ` ${formatValue(sample.timestamp)}`;
    lines.push(`${series(sample)} ${formatValue(sample.value)}${time}${exemplarText(sample.exemplar)}`);
  }
  return `${lines.join('\n')}\n`;
}

function textFamily(family: MetricFamily): string {
  const { help, samples } = family;
  const [name, type] = textType(family);
  const lines = help === '' ? [] : [`# HELP ${name} ${escapeText(help, false)}`];
  lines.push(`# TYPE ${name} ${type}`);
  for (const sample of samples) {
    const time = sample.timestamp === undefined ? '' : ` ${Math.trunc(sample.timestamp * 1000)}`;
    lines.push(`${series(sample)} ${formatValue(sample.value)}${time}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Name and type in the older format, where counters and infos are called as their samples are. */
function textType({ name, type }: MetricFamily): [name: string, type: string] {
  switch (type) {
    case 'counter':
      return [`${name}_total`, 'counter'];
    case 'info':
      return [`${name}_info`, 'gauge'];
    case 'stateset':
      return [name, 'gauge'];
    case 'gaugehistogram':
      return [name, 'histogram'];
    case 'unknown':
      return [name, 'untyped'];
    default:
      return [name, type];
  }
}

function series({ name, labels }: Sample): string {
  const text = labelsText(labels);
  return text === '' ? name : `${name}{${text}}`;
}

function exemplarText(exemplar: Exemplar | undefined): string {
  if (!exemplar) return '';
  const time = exemplar.timestamp === undefined ? '' : ` ${formatValue(exemplar.timestamp)}`;
  return ` # {${labelsText(exemplar.labels)}} ${formatValue(exemplar.value)}${time}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeText(value, true)}"`)
    .join(',');
}

function escapeText(text: string, quotes: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}
