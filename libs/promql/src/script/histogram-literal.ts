import {
  type Buckets,
  bucketsFrom,
  type CounterResetHint,
  type FloatHistogram,
  histogramOf,
  noBuckets,
  parseValue,
} from '@paddlewatch/model';

const hints: Readonly<Record<string, CounterResetHint>> = {
  unknown: 'unknown',
  reset: 'reset',
  not_reset: 'notReset',
  gauge: 'gauge',
};

/** `{{schema:0 count:4 sum:5 z_bucket:1 z_bucket_w:0.01 offset:1 buckets:[1 2] n_buckets:[3]}}`. */
export function parseHistogram(literal: string): { histogram: FloatHistogram; hintGiven: boolean } {
  const fields = new Map<string, string>();
  const body = literal.slice(2, -2).trim();
  const field = /([a-z_]+):(\[[^\]]*\]|[^\s\]]+)(?:\s+|$)/y;
  for (let at = 0; at < body.length; at = field.lastIndex) {
    field.lastIndex = at;
    const match = field.exec(body);
    if (!match) throw new SyntaxError(`cannot read histogram at "${body.slice(at, at + 20)}"`);
    const [, key, value] = match;
    if (fields.has(key!)) throw new SyntaxError(`duplicate key "${key}" in histogram`);
    fields.set(key!, value!);
  }
  const histogram = histogramOf({
    hint: hintOf(fields.get('counter_reset_hint')),
    schema: numberOf(fields.get('schema')),
    sum: numberOf(fields.get('sum')),
    count: numberOf(fields.get('count')),
    zeroCount: numberOf(fields.get('z_bucket')),
    zeroThreshold: numberOf(fields.get('z_bucket_w')),
    customBounds: listOf(fields.get('custom_values')),
    positive: side(fields.get('buckets'), fields.get('offset')),
    negative: side(fields.get('n_buckets'), fields.get('n_offset')),
  });
  for (const key of fields.keys())
    if (!known.has(key)) throw new SyntaxError(`bad histogram descriptor found: "${key}"`);
  return { histogram, hintGiven: fields.has('counter_reset_hint') };
}

const known: ReadonlySet<string> = new Set([
  'counter_reset_hint',
  'schema',
  'sum',
  'count',
  'z_bucket',
  'z_bucket_w',
  'custom_values',
  'buckets',
  'offset',
  'n_buckets',
  'n_offset',
]);

function hintOf(text = 'unknown'): CounterResetHint {
  const hint = hints[text];
  if (hint === undefined) throw new SyntaxError(`cannot read counter_reset_hint "${text}"`);
  return hint;
}

function numberOf(text = '0'): number {
  const value = parseValue(text);
  if (value === undefined) throw new SyntaxError(`cannot read number "${text}" in histogram`);
  return value;
}

function listOf(text = '[]'): number[] {
  const items = text.slice(1, -1).trim();
  return items === '' ? [] : items.split(/\s+/).map(numberOf);
}

function side(buckets: string | undefined, offset: string | undefined): Buckets {
  return buckets === undefined ? noBuckets : bucketsFrom(numberOf(offset), listOf(buckets));
}
