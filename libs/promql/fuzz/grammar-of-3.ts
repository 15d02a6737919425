import type { Grammar } from './grammar.ts';
import type { Random } from './random.ts';
import { type Term, term } from './term.ts';
import { arithmetic, comparisons, numbers } from './vocabulary.ts';
import { metrics } from './world.ts';

/** What Prometheus 2.42 does not know. */
const ofVector =
  'histogram_count histogram_sum histogram_avg histogram_stddev histogram_stdvar start_timestamp'.split(' ');
const ofMatrix =
  'mad_over_time first_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time'.split(
    ' ',
  );
const labelsToSort = ['"job"', '"pod"', '"le"', '"kind.of"'];

/** One of the forms of a vector that came with Prometheus 3. */
export function newerVector(grammar: Grammar, random: Random, depth: number): Term {
  const form = random.pick(forms);
  return form(grammar, random, depth - 1);
}

/** @param depth of what stands inside. */
type Form = (grammar: Grammar, random: Random, depth: number) => Term;

const forms: readonly Form[] = [
  (grammar, random, depth) => term('vector', `${random.pick(ofVector)}(`, grammar.vector(depth), ')'),
  (grammar, random, depth) => term('vector', `${random.pick(ofMatrix)}(`, grammar.matrix(depth), ')'),
  limit,
  fraction,
  quantiles,
  filled,
  filled,
  extended,
  extended,
  info,
  trimmed,
  rateOfHistograms,
  rateOfHistograms,
  inOrder,
];

function limit(grammar: Grammar, random: Random, depth: number): Term {
  const [name, amount]: [string, Term] = random.chance(0.5)
    ? ['limitk', grammar.small()]
    : [
        'limit_ratio',
        term('scalar', random.pick(['0.5', '-0.5', '0.2', '-0.8', '1', '-1', '0', '1.5', 'NaN'])),
      ];
  return term('vector', name, grammar.grouping(), '(', amount, ', ', grammar.vector(depth), ')');
}

function fraction(grammar: Grammar, random: Random, depth: number): Term {
  const inner = random.chance(0.7) ? histograms(grammar, random) : grammar.vector(depth);
  return term('vector', 'histogram_fraction(', grammar.scalar(0), ', ', grammar.scalar(0), ', ', inner, ')');
}

function quantiles(grammar: Grammar, random: Random, depth: number): Term {
  const inner = random.chance(0.7) ? histograms(grammar, random) : grammar.vector(depth);
  const quantile = () => term('scalar', random.pick(['0.5', '0.9', '0.99', '0', '1', '-1', '1.5', 'NaN']));
  if (random.chance(0.6)) return term('vector', 'histogram_quantile(', quantile(), ', ', inner, ')');
  const label = random.pick(['"q"', '"pod"', '"a.b"']);
  const more = random.chance(0.5) ? [', ', quantile()] : [];
  return term('vector', 'histogram_quantiles(', inner, `, ${label}, `, quantile(), ...more, ')');
}

function filled(grammar: Grammar, random: Random, depth: number): Term {
  const value = () => random.pick(numbers);
  const fill = random.pick([
    ` fill (${value()})`,
    ` fill_left (${value()})`,
    ` fill_right (${value()})`,
    ` fill_left (${value()}) fill_right (${value()})`,
  ]);
  const operator = random.chance(0.7)
    ? random.pick(arithmetic)
    : `${random.pick(comparisons)}${random.pick(['', ' bool'])}`;
  const [left, right] = [grammar.operand(grammar.vector(depth)), grammar.operand(grammar.vector(depth))];
  return term('vector', left, ` ${operator}`, grammar.matching(true), term('modifier', fill), ' ', right);
}

function extended(grammar: Grammar, random: Random): Term {
  const name = random.pick([...metrics.counters, ...metrics.gauges, ...metrics.odd, 'mixed']);
  if (random.chance(0.2)) return term('vector', name, grammar.matchers(), ' smoothed');
  const [func, modifier] = random.chance(0.5)
    ? [random.pick(['rate', 'increase', 'delta', 'changes', 'resets']), 'anchored']
    : [random.pick(['rate', 'increase', 'delta']), 'smoothed'];
  const range = `[${windowOf(random, ['1m', '90s', '5m', '10m'])}] ${modifier}`;
  const offset = term('modifier', random.chance(0.2) ? ' offset 3m' : '');
  return term('vector', `${func}(${name}`, grammar.matchers(), range, offset, ')');
}

function info(grammar: Grammar, random: Random, depth: number): Term {
  const base = random.pick([...metrics.instances, 'rate(served_total[5m])', '{"wall time"}']);
  const inner = random.chance(0.7) ? term('vector', base) : grammar.vector(depth);
  const labels = random.pick([
    '',
    '',
    ', {version=~".+"}',
    ', {version="v1"}',
    ', {"kind.of"=~"x|"}',
    ', {__name__="zone_info"}',
    ', {__name__=~".*_info"}',
    ', {__name__=~"target_info|zone_info", zone!=""}',
    ', {nowhere=""}',
    ', {nowhere="x"}',
  ]);
  return term('vector', 'info(', inner, term('modifier', labels), ')');
}

function trimmed(grammar: Grammar, random: Random, depth: number): Term {
  const left = random.chance(0.7) ? histograms(grammar, random) : grammar.operand(grammar.vector(depth));
  const limit = random.pick(['0', '1', '0.5', '-0.3', '0.7', '3', 'Inf', '-Inf', 'NaN']);
  const right = random.chance(0.7) ? term('scalar', limit) : grammar.operand(grammar.vector(depth));
  return term('vector', left, random.pick([' </ ', ' >/ ']), right);
}

function rateOfHistograms(grammar: Grammar, random: Random): Term {
  const inner = histograms(grammar, random);
  switch (random.whole(0, 4)) {
    case 0:
      return inner;
    case 1:
      return term('vector', `${random.pick(ofVector)}(`, inner, ')');
    case 2:
      return term(
        'vector',
        random.pick(['sum', 'avg', 'count', 'group', 'min', 'stddev']),
        grammar.grouping(),
        '(',
        inner,
        ')',
      );
    case 3: {
      const right = random.chance(0.5) ? histograms(grammar, random) : grammar.scalar(1);
      return term('vector', '(', inner, `) ${random.pick([...arithmetic, ...comparisons])} (`, right, ')');
    }
    default:
      return term('vector', random.pick(['sum', 'avg']), grammar.grouping(), '(', inner, ')');
  }
}

function histograms(grammar: Grammar, random: Random): Term {
  const name = random.pick(metrics.histograms);
  if (random.chance(0.35)) return term('vector', name, grammar.matchers());
  const func = random.pick([
    'rate',
    'increase',
    'delta',
    'irate',
    'idelta',
    'sum_over_time',
    'avg_over_time',
    'last_over_time',
    'resets',
    'changes',
  ]);
  const window = windowOf(random, ['1m', '2m', '5m', '10m']);
  return term('vector', `${func}(${name}`, grammar.matchers(), `[${window}])`);
}

function inOrder(grammar: Grammar, random: Random, depth: number): Term {
  const names = random.some(labelsToSort).map((name) => `, ${name}`);
  return term(
    'vector',
    random.pick(['sort_by_label', 'sort_by_label_desc']),
    '(',
    grammar.vector(depth),
    ...names,
    ')',
  );
}

export function newerScalar(grammar: Grammar, random: Random, depth: number): Term {
  if (random.chance(0.6)) return term('scalar', random.pick(['start()', 'end()', 'step()', 'range()']));
  const [left, right] = [grammar.scalar(depth - 1), grammar.scalar(depth - 1)];
  return term('scalar', random.pick(['min_of(', 'max_of(']), left, ', ', right, ')');
}

/** A length of time, now and then computed. */
export function windowOf(random: Random, from: readonly string[]): string {
  const plain = random.pick(from);
  if (random.chance(0.85)) return plain;
  return random.pick([
    `${plain} * 2`,
    `${plain} + 30s`,
    `(${plain} + 1m) / 2`,
    `max_of(step(), ${plain})`,
    `min_of(${plain}, range() + 1m)`,
    `${plain} + step()`,
    '120',
    `${plain} % 7m + 1s`,
    `-(-${plain})`,
  ]);
}
