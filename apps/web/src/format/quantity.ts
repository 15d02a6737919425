/** What a number on the page measures; `plain` is a number whose unit nobody knows. */
export type Unit = 'rate' | 'ratio' | 'seconds' | 'count' | 'plain';

/** A number ready to be set: digits and unit apart, so that the unit can be set smaller. */
export interface Quantity {
  digits: string;
  unit: string;
}

type Step = readonly [from: number, divisor: number, unit: string];

const secondSteps: readonly Step[] = [
  [3600, 3600, 'h'],
  [120, 60, 'min'],
  [1, 1, 's'],
  [1e-3, 1e-3, 'ms'],
  [0, 1e-6, 'µs'],
];
const plainSteps: readonly Step[] = [
  [1e12, 1e12, 'T'],
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
  [0, 1, ''],
];

/** Three significant digits: as much as a dashboard's reader can use. A number that is not there reads `–`. */
export function quantity(value: number | null | undefined, unit: Unit): Quantity {
  if (value === null || value === undefined || Number.isNaN(value)) return { digits: '–', unit: '' };
  const [divisor, symbol] = scaleFor(value, unit);
  return { digits: significant(value / divisor), unit: symbol };
}

export function quantityText(value: number | null | undefined, unit: Unit): string {
  const { digits, unit: symbol } = quantity(value, unit);
  return symbol === '' ? digits : `${digits}${symbol === '%' ? '' : ' '}${symbol}`;
}

/** Labels of an axis: one unit and one number of decimals for all ticks, told by the largest of them. */
export function axisTexts(ticks: readonly number[], unit: Unit): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const [divisor, symbol] = scaleFor(largest, unit);
  const gap = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) / divisor : 1;
  const decimals = decimalsOf(gap);
  const short = symbol === 'req/s' ? '' : symbol;
  return ticks.map((tick) => {
    const digits = (tick / divisor).toFixed(decimals);
    return tick === 0 ? '0' : `${digits}${short === '' || short === '%' ? '' : ' '}${short}`;
  });
}

/** As many decimals as tell ticks this far apart exactly: 0.25 needs two. */
function decimalsOf(gap: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const scaled = gap * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 6;
}

function scaleFor(value: number, unit: Unit): readonly [divisor: number, symbol: string] {
  if (unit === 'ratio') return [0.01, '%'];
  if (unit === 'rate') return [1, 'req/s'];
  const steps = unit === 'seconds' ? secondSteps : plainSteps;
  if (value === 0) return unit === 'seconds' ? [1e-3, 'ms'] : [1, ''];
  const [, divisor, symbol] = steps.find(([from]) => Math.abs(value) >= from)!;
  return [divisor, symbol];
}

function significant(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1e6 || (size !== 0 && size < 1e-3)) return value.toExponential(2);
  const decimals = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(size < 0.1 && size > 0 ? 3 : decimals).replace('-', '−');
}
