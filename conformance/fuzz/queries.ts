import type { Random } from './random.ts';

const metrics = ['requests_total', 'errors_total', 'depth', 'temperature', 'build', 'latency_bucket'];
const labels = ['pod', 'code', 'zone', 'version', 'le'];
const values: Readonly<Record<string, readonly string[]>> = {
  pod: ['a', 'b', 'c', 'a|c', '[b-d]', '.+', ''],
  code: ['200', '500', '5..', '4.*', ''],
  zone: ['x', 'y', 'x|y', ''],
  version: ['va', 'v.*', ''],
  le: ['0.5', '+Inf', '.+', ''],
};
const overTime =
  'delta irate idelta changes resets deriv sum_over_time avg_over_time min_over_time max_over_time count_over_time last_over_time present_over_time stddev_over_time stdvar_over_time'.split(
    ' ',
  );
const maps =
  'abs ceil floor exp ln log2 log10 sqrt sgn sin cos tan asin acos atan sinh cosh tanh deg rad minute hour day_of_week day_of_month day_of_year days_in_month month year timestamp round'.split(
    ' ',
  );
const folds = 'sum avg min max count group'.split(' ');
/** Without atan2, which kept the metric name in 2.42. */
const arithmetic = ['+', '-', '*', '/', '%', '^'];
const comparisons = ['==', '!=', '<', '>', '<=', '>='];

/** Random queries that fit the types of PromQL as Prometheus 2.42 had it; not all of them can be answered. */
export class Queries {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  query(): string {
    const r = this.#random;
    if (r.chance(0.05)) return this.#scalar(2);
    return r.chance(0.05) ? this.#spread() : this.#vector(1 + r.below(3));
  }

  #vector(depth: number): string {
    const r = this.#random;
    if (depth <= 0) return r.chance(0.85) ? this.#selector() + this.#shift() : `vector(${this.#scalar(0)})`;
    const inner = () => this.#vector(depth - 1);
    switch (r.below(12)) {
      case 0:
      case 1:
        return this.#rangeCall(depth);
      case 2:
      case 3:
        return `${r.pick(folds)}${this.#grouping()}(${inner()})`;
      case 4:
        return this.#ranked();
      case 5:
        return `quantile${this.#grouping()}(${r.pick(['0.5', '0', '0.9', '1', '-1', '2'])}, ${inner()})`;
      case 6:
        return `${r.pick(maps)}(${inner()})`;
      case 7:
        return this.#withScalar(inner());
      case 8:
        return this.#binary(inner(), inner());
      case 9:
        return `${inner()} ${r.pick(['and', 'or', 'unless'])}${this.#on()} ${inner()}`;
      case 10:
        return this.#other(depth);
      default:
        return `(${inner()})`;
    }
  }

  /** Where nothing is equal: which of equals is picked is nowhere said. */
  #ranked(): string {
    const r = this.#random;
    const distinct = r.pick(['depth', 'rate(errors_total[10m])', '{__name__=~"depth|req.*"}']);
    return `${r.pick(['topk', 'bottomk'])}${this.#grouping()}(${1 + r.below(4)}, ${distinct})`;
  }

  /** Finite values only: of others Prometheus 2.42 had another opinion than 3. */
  #spread(): string {
    const r = this.#random;
    return `${r.pick(['stddev', 'stdvar'])}${this.#grouping()}(${r.pick(['depth', 'requests_total', 'build', 'latency_bucket'])})`;
  }

  #other(depth: number): string {
    const r = this.#random;
    const inner = this.#vector(depth - 1);
    switch (r.below(7)) {
      case 0:
        return `label_replace(${inner}, "${r.pick(['pod', 'new'])}", "${r.pick(['$1', 'x-$1', '', '${1}y'])}", "${r.pick(labels)}", "${r.pick(['(.*)', '(.)', '([a-c]).*'])}")`;
      case 1:
        return `label_join(${inner}, "${r.pick(['pod', 'new'])}", "-", "${r.pick(labels)}", "${r.pick(labels)}")`;
      case 2:
        return `absent(${inner})`;
      case 3:
        return `count_values${this.#grouping()}("value", ${r.pick(['round', 'floor'])}(${inner}))`;
      case 4:
        return `histogram_quantile(${r.pick(['0.5', '0.9', '0.99', '0', '1'])}, ${this.#histogram()})`;
      case 5:
        return `clamp(${inner}, ${this.#scalar(0)}, ${this.#scalar(0)})`;
      default:
        return `-${inner}`;
    }
  }

  #histogram(): string {
    const rate = `rate(latency_bucket[${this.#random.pick(['2m', '5m', '10m'])}])`;
    return this.#random.pick([rate, `sum by (le) (${rate})`, `sum by (le, pod) (${rate})`, 'latency_bucket']);
  }

  #rangeCall(depth: number): string {
    const r = this.#random;
    const matrix = this.#matrix(depth);
    if (r.chance(0.1)) return `quantile_over_time(${r.pick(['0.5', '0.1', '1'])}, ${matrix})`;
    // Under @, Prometheus 2.42 answers at the first step only.
    if (r.chance(0.1)) return `predict_linear(${this.#window()}, ${r.pick(['60', '3600', '-30'])})`;
    if (r.chance(0.05)) return `absent_over_time(${matrix})`;
    if (r.chance(0.2)) return this.#rate();
    return `${r.pick(overTime)}(${matrix})`;
  }

  /** Counters far from zero: near it, where they also miss samples, 2.42 extrapolated further. */
  #rate(): string {
    const r = this.#random;
    const counter = r.pick([
      'requests_total',
      'errors_total',
      'latency_bucket{le!="0.1"}',
      '{__name__=~".*_total"}',
    ]);
    const window = r.pick(['1m', '2m', '5m', '10m', '1h']);
    return `${r.pick(['rate', 'increase'])}(${counter}[${window}]${this.#shift()})`;
  }

  #matrix(depth: number): string {
    const r = this.#random;
    if (depth > 1 && r.chance(0.25))
      return `(${this.#vector(depth - 2)})[${r.pick(['2m', '5m', '10m'])}:${r.pick(['30s', '1m'])}]${this.#shift()}`;
    return this.#window() + this.#shift();
  }

  #window(): string {
    return `${this.#selector()}[${this.#random.pick(['30s', '1m', '2m', '5m', '10m', '1h'])}]`;
  }

  #selector(): string {
    const r = this.#random;
    const matchers: string[] = [];
    while (r.chance(0.35)) {
      const label = r.pick(labels);
      matchers.push(`${label}${r.pick(['=', '!=', '=~', '!~'])}"${r.pick(values[label]!)}"`);
    }
    if (r.chance(0.08))
      return `{__name__=~"${r.pick(['.*_total', 'depth|temperature', 'req.*'])}"${matchers.map((m) => `, ${m}`).join('')}}`;
    return r.pick(metrics) + (matchers.length > 0 ? `{${matchers.join(', ')}}` : '');
  }

  #shift(): string {
    const r = this.#random;
    let shift = '';
    if (r.chance(0.12)) shift += ` offset ${r.pick(['1m', '5m', '-2m', '20m'])}`;
    if (r.chance(0.08)) shift += ` @ ${r.pick(['start()', 'end()', '1700001847', '1700000107'])}`;
    return shift;
  }

  #scalar(depth: number): string {
    const r = this.#random;
    if (depth <= 0) return r.pick(['0', '1', '2.5', '-3', '100', '1e3', 'time()', 'NaN', 'Inf', 'pi()']);
    if (r.chance(0.3)) return `scalar(${this.#vector(depth - 1)})`;
    return `(${this.#scalar(depth - 1)} ${r.pick(arithmetic)} ${this.#scalar(depth - 1)})`;
  }

  #withScalar(vector: string): string {
    const r = this.#random;
    const scalar = this.#scalar(r.below(2));
    const op = r.chance(0.5) ? r.pick(arithmetic) : r.pick(comparisons) + (r.chance(0.4) ? ' bool' : '');
    return r.chance(0.5) ? `${vector} ${op} ${scalar}` : `${scalar} ${op} ${vector}`;
  }

  #binary(lhs: string, rhs: string): string {
    const r = this.#random;
    const op = r.chance(0.6) ? r.pick(arithmetic) : r.pick(comparisons) + (r.chance(0.4) ? ' bool' : '');
    const on = this.#on();
    const group =
      on !== '' && r.chance(0.4)
        ? ` ${r.pick(['group_left', 'group_right'])} (${r.chance(0.3) ? 'version' : ''})`
        : '';
    return `${lhs} ${op}${on}${group} ${rhs}`;
  }

  #on(): string {
    const r = this.#random;
    if (r.chance(0.4)) return '';
    return ` ${r.pick(['on', 'ignoring'])} (${r.some(['pod', 'code', 'zone']).join(', ')})`;
  }

  #grouping(): string {
    const r = this.#random;
    if (r.chance(0.3)) return '';
    return ` ${r.pick(['by', 'without'])} (${r.some(labels).join(', ')}) `;
  }
}
