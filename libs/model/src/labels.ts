/**
 * A label set as flat pairs `[name, value, name, value, …]`: sorted by name (code-unit order of UTF-16, which is
 * byte order for all names that Prometheus accepts in practice), names unique, no empty values. Immutable.
 *
 * An empty value and a missing label mean the same in Prometheus, so an empty one is never stored.
 */
export type Labels = readonly string[];

export const metricName = '__name__';
export const noLabels: Labels = [];

/** Builds a label set from an object; drops empty values and sorts. */
export function labelsFrom(record: Readonly<Record<string, string>>): Labels {
  const names = Object.keys(record).sort();
  const labels: string[] = [];
  for (const name of names) if (record[name] !== '') labels.push(name, record[name]!);
  return labels;
}

/** Builds a label set from pairs in any order; the last value of a repeated name wins. */
export function labelsFromPairs(pairs: Iterable<readonly [string, string]>): Labels {
  return labelsFrom(Object.fromEntries(pairs));
}

export function labelsToRecord(labels: Labels): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i < labels.length; i += 2) record[labels[i]!] = labels[i + 1]!;
  return record;
}

/** The value of a label, `''` where it is absent. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1]!;
  return '';
}

/** A copy with one label set; an empty value removes it. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const out: string[] = [];
  let placed = value === '';
  for (let i = 0; i < labels.length; i += 2) {
    if (!placed && labels[i]! >= name) {
      out.push(name, value);
      placed = true;
    }
    if (labels[i] !== name) out.push(labels[i]!, labels[i + 1]!);
  }
  if (!placed) out.push(name, value);
  return out;
}

/** A copy without the named labels. */
export function withoutLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  const out: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (!names.has(labels[i]!)) out.push(labels[i]!, labels[i + 1]!);
  return out;
}

/** A copy with the named labels only. */
export function onlyLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  const out: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (names.has(labels[i]!)) out.push(labels[i]!, labels[i + 1]!);
  return out;
}

/** `base` with the labels of `over` laid on top; an empty value in `over` removes. */
export function mergeLabels(base: Labels, over: Readonly<Record<string, string>>): Labels {
  return labelsFrom({ ...labelsToRecord(base), ...over });
}

/** A string that is equal exactly for equal label sets: a Map key. 0xff never occurs in UTF-8, so it separates. */
export function labelsKey(labels: Labels): string {
  return labels.join('\xff');
}

export function labelsEqual(a: Labels, b: Labels): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Prometheus' order of label sets: pair by pair, the shorter set first on a tie. */
export function compareLabels(a: Labels, b: Labels): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return a.length - b.length;
}

/** As PromQL writes it: `name{a="b", c="d"}`. */
export function formatLabels(labels: Labels): string {
  let name = '';
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    if (labels[i] === metricName && isLegacyMetricName(labels[i + 1]!)) name = labels[i + 1]!;
    else parts.push(`${formatLabelName(labels[i]!)}=${quoteString(labels[i + 1]!)}`);
  }
  if (name !== '' && parts.length === 0) return name;
  return `${name}{${parts.join(', ')}}`;
}

function formatLabelName(name: string): string {
  return isLegacyLabelName(name) ? name : quoteString(name);
}

export function isLegacyLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

export function isLegacyMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

/**
 * A double-quoted Go string literal (strconv.Quote), printable Unicode kept as it is. A lone surrogate U+DC80…U+DCFF
 * stands for a byte that is no UTF-8 and is written as `\x80` … `\xff`.
 */
export function quoteString(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text)
    out += escaped[char] ?? (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char) ? char : escapeCode(char));
  return out + '"';
}

const escaped: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function escapeCode(char: string): string {
  const code = char.codePointAt(0)!;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
