import { newerScalar, newerVector, windowOf } from './grammar-of-3.ts';
import type { Random } from './random.ts';
import { type Term, term } from './term.ts';
import { arithmetic, comparisons, numbers } from './vocabulary.ts';
import { jobs, metrics, pods, type World } from './world.ts';

/** Functions of an instant vector alone. */
const ofVector =
  'abs ceil floor exp ln log2 log10 sqrt sgn round deg rad sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh sort sort_desc absent timestamp day_of_month day_of_week day_of_year days_in_month hour minute month year'.split(
    ' ',
  );
const ofMatrix =
  'rate increase delta idelta irate deriv changes resets avg_over_time min_over_time max_over_time sum_over_time count_over_time last_over_time stddev_over_time stdvar_over_time present_over_time absent_over_time'.split(
    ' ',
  );
const aggregations = ['sum', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar', 'group'];
const setOperators = ['and', 'or', 'unless'];
const labelNames = ['job', 'pod', 'code', 'le', 'version', 'nowhere'];
const windows = ['1m', '90s', '5m', '5m', '10m', '17m', '40s'];
const offsets = ['30s', '5m', '-1m', '13m', '-7m', '1h'];
const newerOffsets = [...offsets, 'step()', '(1m * 2)', '-(range() / 3)', '-90'];
const steps = ['30s', '1m', '7s', '2m'];

/** Random queries that the type checker lets pass, mostly. */
export class Grammar {
  readonly #random: Random;
  readonly #world: World;
  /** The language of Prometheus 3. */
  readonly #modern: boolean;
  readonly #labelNames: readonly string[];
  /** Inside a subquery times fall on whole seconds; for Prometheus 2 windows end on halves: no border meets a point. */
  #subqueries = 0;

  constructor(random: Random, world: World) {
    this.#random = random;
    this.#world = world;
    this.#modern = world.language === '3';
    this.#labelNames = this.#modern ? [...labelNames, 'instance', '"kind.of"'] : labelNames;
  }

  query(kind: 'instant' | 'range'): Term {
    const roll = this.#random.next();
    if (kind === 'instant' && roll < 0.03) return this.matrix(1);
    return roll < 0.06 ? this.scalar(3) : this.vector(this.#random.whole(1, 4));
  }

  vector(depth: number): Term {
    const random = this.#random;
    if (depth <= 0) return this.selector();
    if (this.#modern && random.chance(0.25)) return newerVector(this, random, depth);
    const roll = random.next();
    if (roll < 0.08) return this.selector();
    if (roll < 0.36) return this.#ofMatrix(depth);
    if (roll < 0.52) return this.#aggregation(depth);
    if (roll < 0.74) return this.#binary(depth);
    if (roll < 0.84) return term('vector', `${random.pick(ofVector)}(`, this.vector(depth - 1), ')');
    if (roll < 0.88) return this.#quantileOfBuckets(depth);
    if (roll < 0.94) return this.#special(depth);
    if (roll < 0.96) return term('vector', '-', this.operand(this.vector(depth - 1)));
    if (roll < 0.98) return term('vector', '(', this.vector(depth - 1), ')');
    return term('vector', 'vector(', this.scalar(depth - 1), ')');
  }

  scalar(depth: number): Term {
    const random = this.#random;
    const roll = random.next();
    if (depth <= 0 || roll < 0.5) return term('scalar', random.pick(numbers));
    if (this.#modern && random.chance(0.1)) return newerScalar(this, random, depth);
    if (roll < 0.6) return term('scalar', random.pick(['time()', 'pi()']));
    if (roll < 0.75) return term('scalar', 'scalar(', this.vector(depth - 1), ')');
    if (roll < 0.8) return term('scalar', '-', this.operand(this.scalar(depth - 1)));
    const operator = random.chance(0.7) ? random.pick(arithmetic) : `${random.pick(comparisons)} bool`;
    const [left, right] = [this.scalar(depth - 1), this.scalar(depth - 1)];
    return term('scalar', this.operand(left), ` ${operator} `, this.operand(right));
  }

  matrix(depth: number): Term {
    const random = this.#random;
    const window = this.#window(windows);
    if (depth <= 0 || random.chance(0.75))
      return term('matrix', ...this.#metric(), `[${window}]`, this.#shifts());
    this.#subqueries++;
    const inner = this.vector(depth - 1);
    this.#subqueries--;
    const step = random.chance(0.3) ? '' : this.#modern ? windowOf(random, steps) : random.pick(steps);
    return term('matrix', this.operand(inner, 1), `[${window}:${step}]`, this.#shifts());
  }

  #window(from: readonly string[]): string {
    if (this.#modern) return windowOf(this.#random, from);
    return `${this.#random.pick(from)}${this.#subqueries > 0 ? '500ms' : ''}`;
  }

  selector(): Term {
    return term('vector', ...this.#metric(), this.#shifts());
  }

  /** A metric in braces has its matchers there. */
  #metric(): (string | Term)[] {
    const name = this.#series();
    return name.endsWith('}') ? [name] : [name, this.matchers()];
  }

  #series(): string {
    const random = this.#random;
    if (random.chance(0.05)) return '{__name__=~"requests_total|errors_total"}';
    if (random.chance(0.02)) return 'nothing';
    if (this.#modern && random.chance(0.35)) {
      if (random.chance(0.7)) return random.pick(metrics.histograms);
      if (random.chance(0.7)) return random.pick([...metrics.instances, ...metrics.targets]);
      return `{${random.pick([`"${random.pick(metrics.quoted)}"`, `__name__="${random.pick(metrics.quoted)}"`])}}`;
    }
    const kind = random.next();
    if (kind < 0.35) return random.pick(metrics.counters);
    if (kind < 0.65) return random.pick(metrics.gauges);
    if (kind < 0.77) return random.pick(metrics.odd);
    if (kind < 0.87) return random.pick(metrics.flags);
    if (kind < 0.92) return random.pick(metrics.infos);
    return random.chance(0.7) ? random.pick(metrics.buckets) : random.pick(metrics.extremes);
  }

  matchers(): Term {
    const random = this.#random;
    if (random.chance(0.55)) return term('modifier');
    const matchers = [];
    if (random.chance(0.6)) matchers.push(`job${random.pick(['=', '!='])}"${random.pick(jobs)}"`);
    if (random.chance(0.4)) matchers.push(`pod${random.pick(['=~', '!~'])}"${random.pick(pods)}|p3"`);
    if (random.chance(0.1)) matchers.push(random.pick(['code!=""', 'code=""', 'code=~".*00"', 'job=~".+"']));
    return term('modifier', `{${matchers.join(',')}}`);
  }

  #shifts(): Term {
    const random = this.#random;
    const offset = random.chance(0.1)
      ? [` offset ${random.pick(this.#modern ? newerOffsets : offsets)}`]
      : [];
    const at = random.chance(0.08) ? [` @ ${random.pick([this.#moment(), 'start()', 'end()'])}`] : [];
    const shifts = random.chance(0.5) ? [...offset, ...at] : [...at, ...offset];
    return term('modifier', ...shifts.map((shift) => term('modifier', shift)));
  }

  /** A time in seconds; for Prometheus 2 on no tick of any subquery. */
  #moment(): string {
    const { start, end } = this.#world;
    const seconds = Math.floor(this.#random.whole(start, end) / 1000);
    return this.#modern && this.#random.chance(0.5) ? String(seconds) : (seconds + 0.37).toFixed(2);
  }

  #ofMatrix(depth: number): Term {
    const random = this.#random;
    const matrix = this.matrix(depth - 1);
    const roll = random.next();
    if (roll < 0.06) return term('vector', 'quantile_over_time(', this.scalar(1), ', ', matrix, ')');
    if (roll < 0.1) return term('vector', 'predict_linear(', matrix, ', ', this.scalar(1), ')');
    if (roll < 0.12) {
      const [smoothing, trend] = [random.pick(['0.1', '0.5', '0.9']), random.pick(['0.1', '0.5', '0.9'])];
      return term('vector', 'double_exponential_smoothing(', matrix, `, ${smoothing}, ${trend})`);
    }
    return term('vector', `${random.pick(ofMatrix)}(`, matrix, ')');
  }

  #aggregation(depth: number): Term {
    const random = this.#random;
    const inner = this.vector(depth - 1);
    const grouping = this.grouping();
    const roll = random.next();
    if (roll < 0.08)
      return term('vector', random.pick(['topk', 'bottomk']), grouping, '(', this.small(), ', ', inner, ')');
    if (roll < 0.14) return term('vector', 'quantile', grouping, '(', this.scalar(1), ', ', inner, ')');
    if (roll < 0.18)
      return term('vector', 'count_values', grouping, `("${random.pick(['value', 'pod'])}", `, inner, ')');
    const name = random.pick(aggregations);
    return random.chance(0.5)
      ? term('vector', name, grouping, ' (', inner, ')')
      : term('vector', name, '(', inner, ')', grouping);
  }

  grouping(): Term {
    const names = this.#random.some(this.#labelNames, 0.35).join(', ');
    return term('modifier', this.#random.pick(['', '', ` by (${names})`, ` without (${names})`]));
  }

  small(): Term {
    return term('scalar', this.#random.pick(['1', '2', '3', '0', '-1', '2.7', 'scalar(count(up)) / 4']));
  }

  #binary(depth: number): Term {
    const random = this.#random;
    const roll = random.next();
    const left = this.vector(depth - 1);
    if (roll < 0.35) {
      const operator = random.chance(0.6)
        ? random.pick(arithmetic)
        : `${random.pick(comparisons)}${random.pick(['', ' bool'])}`;
      const sides = [this.#nameless(operator, left), this.operand(this.scalar(depth - 1))];
      if (random.chance(0.4)) sides.reverse();
      return term('vector', sides[0]!, ` ${operator}`, ' ', sides[1]!);
    }
    const right = random.chance(0.3) ? left : this.vector(depth - 1);
    if (roll < 0.6) {
      const matching = this.matching(false);
      return term(
        'vector',
        this.operand(left),
        ` ${random.pick(setOperators)}`,
        matching,
        ' ',
        this.operand(right),
      );
    }
    const isArithmetic = random.chance(0.6);
    const operator = random.pick(isArithmetic ? arithmetic : comparisons);
    const bool = term('modifier', isArithmetic ? '' : random.pick(['', ' bool']));
    const sides = [this.#nameless(operator, left), this.operand(right)] as const;
    return term('vector', sides[0], ` ${operator}`, bool, this.matching(true), ' ', sides[1]);
  }

  matching(groups: boolean): Term {
    const random = this.#random;
    if (random.chance(0.4)) return term('modifier');
    const matching = ` ${random.pick(['on', 'ignoring'])} (${random.some(this.#labelNames, 0.4).join(', ')})`;
    if (!groups || random.chance(0.5)) return term('modifier', matching);
    const include = random.some(this.#labelNames, 0.2).join(', ');
    const group = ` ${random.pick(['group_left', 'group_right'])}${random.pick(['', ` (${include})`])}`;
    return term('modifier', matching, term('modifier', group));
  }

  #quantileOfBuckets(depth: number): Term {
    const random = this.#random;
    const window = this.#window(['2m', '5m', '10m']);
    const name = random.pick(metrics.buckets);
    const rate = term(
      'vector',
      random.pick(['rate', 'increase']),
      `(${name}`,
      this.matchers(),
      `[${window}])`,
    );
    const buckets = random.pick([
      rate,
      rate,
      term('vector', name),
      term('vector', 'sum by (le) (', rate, ')'),
    ]);
    const inner = depth > 1 && random.chance(0.1) ? this.vector(depth - 1) : buckets;
    const quantile = random.chance(0.7)
      ? term('scalar', random.pick(['0.5', '0.9', '0.99', '0', '1']))
      : this.scalar(1);
    return term('vector', 'histogram_quantile(', quantile, ', ', inner, ')');
  }

  #special(depth: number): Term {
    const random = this.#random;
    const inner = this.vector(depth - 1);
    switch (random.whole(0, 5)) {
      case 0:
        return term('vector', 'clamp(', inner, ', ', this.scalar(1), ', ', this.scalar(1), ')');
      case 1:
        return term(
          'vector',
          random.pick(['clamp_min', 'clamp_max', 'round']),
          '(',
          inner,
          ', ',
          this.scalar(1),
          ')',
        );
      case 2: {
        const [to, from] = [random.pick(labelNames), random.pick([...labelNames, '__name__'])];
        const rule = random.pick([
          ['$1-x', '(.*)'],
          ['$2$1', '(.)(.*)'],
          ['', '.+'],
          ['fixed', 'p.*'],
          ['${1}y', '(?:a|w)(.+)'],
        ] as const);
        return term('vector', 'label_replace(', inner, `, "${to}", "${rule[0]}", "${from}", "${rule[1]}")`);
      }
      case 3: {
        const from = random
          .some(labelNames, 0.4)
          .map((name) => `, "${name}"`)
          .join('');
        return term('vector', 'label_join(', inner, `, "${random.pick(labelNames)}", "/"${from})`);
      }
      case 4:
        return term(
          'vector',
          random.pick(['sum', 'count', 'max']),
          ' by (job) (',
          inner,
          ') > ',
          this.scalar(0),
        );
      default:
        return term('vector', 'absent(', inner, ')');
    }
  }

  /** A vector as the operand of an operator. 2.42 forgets to drop the metric name for `atan2`, so it goes before. */
  #nameless(operator: string, inner: Term): Term {
    return operator === 'atan2' ? term('vector', '(0 + ', this.operand(inner), ')') : this.operand(inner);
  }

  /** In parentheses mostly: without them precedence decides, which is worth a look too. */
  operand(inner: Term, parens = 0.85): Term {
    return inner.parts.length > 1 && this.#random.chance(parens) ? term(inner.type, '(', inner, ')') : inner;
  }
}
