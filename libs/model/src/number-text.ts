/** A sample value as Prometheus' API writes it: Go's strconv.FormatFloat(v, 'f' or 'e', -1, 64). */
export function formatValue(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return Object.is(value, -0) ? '-0' : String(value);
  if (value !== value) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = String(value);
  const at = text.indexOf('e');
  return at < 0 ? text : `${text.slice(0, at)}${twoDigitExponent(text.slice(at))}`;
}

/** JavaScript writes `e-7`, Go `e-07`. */
function twoDigitExponent(exponent: string): string {
  return exponent.length === 3 ? `${exponent.slice(0, 2)}0${exponent[2]}` : exponent;
}

const special: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity };

/** Go's strconv.ParseFloat for what metric texts hold: decimal, hex floats, Inf and NaN in any case. NaN with ok=false → undefined. */
export function parseValue(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const match = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (match) return match[1] === '-' ? -special[match[2]!.toLowerCase()]! : special[match[2]!.toLowerCase()]!;
  return parseHexFloat(text);
}

function parseHexFloat(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)(?:[pP]([+-]?\d+))?$/.exec(text);
  if (!match || match[2]! + match[3]! === '') return undefined;
  const mantissa = Number.parseInt(match[2]! + match[3]!, 16) * 16 ** -match[3]!.length;
  const value = mantissa * 2 ** Number(match[4] ?? 0);
  return match[1] === '-' ? -value : value;
}

/** Go's %v and %g of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e6 on. */
export function goFloat(value: number): string {
  const size = Math.abs(value);
  return size > 0 && size < Infinity && (size < 1e-4 || size >= 1e6)
    ? exponential(value)
    : formatValue(value);
}

function exponential(value: number): string {
  const text = value.toExponential();
  const at = text.indexOf('e');
  return `${text.slice(0, at)}${twoDigitExponent(text.slice(at))}`;
}
